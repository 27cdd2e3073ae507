/** Reading the portal's data services within a session. */
import { z } from 'zod';
import { Failure } from '../../contract/failures/failure.ts';
import {
  type DataService,
  type ServiceAnswers,
  serviceAnswerSchemas,
} from '../../contract/portal/services.ts';
import type { PortalSession } from './session.ts';
import { parseAnswer } from './wire.ts';

/** A field that the portal sent and nobody knows; it was dropped. */
export interface Remark {
  /** Name of the field, at most 64 characters, with `?` for what does not belong into a name. */
  readonly field: string;
  readonly remark: 'unknown-field';
}

/** What a service returned. */
export interface Reading<Service extends DataService> {
  readonly answer: ServiceAnswers[Service];
  readonly remarks: readonly Remark[];
}

/**
 * Reads a data service.
 * @throws Failure `portal-answer-invalid` naming the first `field` that is missing or mistyped, `session-ended`,
 *   `registration-needed`, and those of a request; except for `session-ended` the session stays usable
 */
export async function readService<Service extends DataService>(
  session: PortalSession,
  service: Service,
  signal?: AbortSignal,
): Promise<Reading<Service>> {
  const { json } = await session.request('GET', session.adapter.dataPath(service), { signal });
  const reading = parseServiceAnswer(service, json, session.host);
  // It was ended while the answer was under way: then it is nobody's any more.
  if (session.ended) throw new Failure('session-ended', { parameters: { host: session.host } });
  return reading;
}

/**
 * A service's answer from parsed JSON, which may be anything.
 * @throws Failure `portal-answer-invalid` naming the first `field` that is missing or mistyped
 */
export function parseServiceAnswer<Service extends DataService>(
  service: Service,
  json: unknown,
  host: string,
): Reading<Service> {
  const remarks = new Map<string, Remark>();
  const schema = serviceAnswerSchemas[service];
  const answer = parseAnswer(schema, tidy(json, schema, '', remarks), host) as ServiceAnswers[Service];
  return { answer, remarks: [...remarks.values()] };
}

/** Most remarks kept of one answer. */
const maxRemarks = 100;

/**
 * The part of an answer that the schema knows, with "" in place of "no value" made null. What does not fit the
 * schema's shape is passed on as it is, for the schema to name.
 */
function tidy(value: unknown, schema: z.ZodType, at: string, remarks: Map<string, Remark>): unknown {
  if (schema instanceof z.ZodNullable) return value === '' ? null : value;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((item) => tidy(item, schema.element as z.ZodType, at, remarks));
  }
  if (
    !(schema instanceof z.ZodObject) ||
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value)
  ) {
    return value;
  }
  const shape = schema.shape as Record<string, z.ZodType>;
  const known: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const expected = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (expected !== undefined) known[key] = tidy(inner, expected, `${at}${key}.`, remarks);
    else if (remarks.size < maxRemarks) {
      const field = `${at}${key}`.slice(0, 64).replace(/[^A-Za-z0-9_.-]/g, '?');
      remarks.set(field, { field, remark: 'unknown-field' });
    }
  }
  return known;
}
