import type { z } from 'zod';
import { SamlRefused } from '../saml/index.ts';

/** A request that a site of the sandbox turns away. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  /** HTTP status, 4xx. */
  readonly status: number;
  /** Short name, sent to the client. */
  readonly error: string;
  /** What exactly, where there are several kinds. */
  readonly reason: string | undefined;

  constructor(status: number, error: string, reason?: string) {
    super(reason === undefined ? error : `${error}: ${reason}`);
    this.status = status;
    this.error = error;
    this.reason = reason;
  }
}

/**
 * The request's body as its schema has it.
 * @throws RequestRefused 400
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new RequestRefused(400, 'bad-request');
  return parsed.data;
}

/**
 * Reads a SAML message.
 * @throws RequestRefused 403 `saml-refused` with the reason of the refusal
 */
export function readingSaml<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof SamlRefused) throw new RequestRefused(403, 'saml-refused', thrown.reason);
    throw thrown;
  }
}
