import type { z } from 'zod';

/** A request that a site of the sandbox turns away. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  /** HTTP status, 4xx. */
  readonly status: number;
  /** Short name, sent to the client. */
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
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
