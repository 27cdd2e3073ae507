/**
 * What provider and e-services site answer while signing in. Unknown fields are ignored; what is used is bounded
 * and typed here, and nothing else of an answer is.
 */
import { z } from 'zod';
import { Failure } from '../../contract/failures/failure.ts';
import { portalText } from '../../contract/portal/items.ts';

/** A handle that goes back as it came: never shown, never put into a URL. */
export const opaqueHandle = z.string().regex(/^[\x21-\x7e]{1,4096}$/);

/** MPass's `Authenticate` request to an authentication provider. */
export const challengeOfferSchema = z.object({
  /** Correlates challenge and answer; becomes part of an address. */
  requestId: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  /** Base64; the guard decides about the rest. */
  challenge: z.string().max(65_536),
  /** What the person signs in to, in the provider's words. */
  description: portalText,
  /** IDNP the provider already expects. */
  userId: z
    .string()
    .regex(/^\d{13}$/)
    .optional(),
  /** Seconds until the challenge is worthless. */
  expiresIn: z.int().min(1).max(86_400).optional(),
});

/** What became of the answer to a challenge; `continuation` is what the provider goes on with, either way. */
export const challengeResultSchema = z.discriminatedUnion('status', [
  z.object({ requestId: z.string(), status: z.literal('Success'), continuation: opaqueHandle }),
  z.object({
    requestId: z.string(),
    status: z.literal('Failure'),
    failureReason: z.string().regex(/^[A-Za-z]{1,64}$/),
    continuation: opaqueHandle.optional(),
  }),
]);

/** What a session starts with. */
export const sessionGrantSchema = z.object({
  expiresAt: z.iso.datetime(),
  holder: z.object({
    name: portalText,
    /** Masked: first four and last two digits. */
    idnp: z.string().regex(/^\d{4}\*{7}\d{2}$/),
  }),
  /** False: the site knows who it is, but wants personal and contact data first. */
  registered: z.boolean(),
});

export type ChallengeOffer = z.infer<typeof challengeOfferSchema>;
export type SessionGrant = z.infer<typeof sessionGrantSchema>;

/**
 * An answer as its schema has it.
 * @throws Failure `portal-answer-invalid` naming the field that does not fit, never its value
 */
export function parseAnswer<Schema extends z.ZodType>(
  schema: Schema,
  json: unknown,
  host: string,
): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') || 'json';
  throw new Failure('portal-answer-invalid', { parameters: { host, field } });
}
