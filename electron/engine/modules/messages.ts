/** What a module host says (`native/module-host`), as schemas: behind it runs foreign code. */
import { z } from 'zod';

const text = z.string().max(512);
const slotId = z.string().regex(/^\d{1,20}$/);
/** `CKA_ID` in lower-case hexadecimal. */
const keyId = z
  .string()
  .regex(/^(?:[0-9a-f]{2})*$/)
  .max(2 * 65_536);
const length = z.int().nonnegative().nullable();

const pinFlags = z.object({
  countLow: z.boolean(),
  finalTry: z.boolean(),
  locked: z.boolean(),
  toBeChanged: z.boolean(),
});

/** What `C_GetTokenInfo` says, which costs no try. */
export const tokenStateSchema = z.object({
  label: text,
  serial: text,
  loginRequired: z.boolean(),
  /** The PIN is typed at the reader or in the module's own window. */
  protectedPath: z.boolean(),
  pinInitialized: z.boolean(),
  /** Bytes; null when the token does not say. */
  minPin: length,
  maxPin: length,
  pin: pinFlags,
  securityOfficer: pinFlags,
});

const key = z.object({ id: keyId, kind: z.enum(['rsa', 'ec']) });

const tokenSchema = tokenStateSchema.extend({
  manufacturer: text,
  model: text,
  mechanisms: z.array(z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa'])).max(3),
  /** `part`: which part of the message holds the DER. */
  certificates: z
    .array(z.object({ id: keyId, label: z.string().max(65_536), part: z.int().nonnegative() }))
    .max(512),
  publicKeys: z.array(key).max(512),
  privateKeys: z.array(key).max(512),
});

/** Why a call gave nothing. */
export const troubleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('code'), function: text, code: z.int().nonnegative() }),
  z.object({ kind: z.literal('answer'), function: text, what: text }),
  z.object({ kind: z.literal('changed') }),
  z.object({ kind: z.literal('key') }),
  z.object({ kind: z.literal('request'), what: text }),
  z.object({ kind: z.literal('panic') }),
]);

export const listingSchema = z.object({
  slots: z
    .array(
      z.object({
        id: slotId,
        description: text,
        token: tokenSchema.nullable(),
        trouble: troubleSchema.nullable(),
      }),
    )
    .max(256),
});

export const tokenStatesSchema = z.object({ tokens: z.array(tokenStateSchema).max(64) });

export const readySchema = z.object({
  event: z.literal('ready'),
  protocol: z.literal(1),
  library: z.object({ manufacturer: text, description: text, version: text, cryptoki: text }).nullable(),
  threads: z.boolean(),
});

export const unusableSchema = z.object({
  event: z.literal('unusable'),
  reason: z.union([
    z.enum(['load', 'no-function-list', 'function-list']),
    z.object({ initialize: z.object({ function: text, code: z.int().nonnegative() }) }),
  ]),
});

/** Everything that can come after the beginning. */
export const messageSchema = z.union([
  z.object({ id: z.int().nonnegative(), result: z.unknown() }).refine((message) => 'result' in message),
  z.object({
    id: z.int().nonnegative(),
    error: troubleSchema,
    token: tokenStateSchema.optional(),
  }),
  z.object({ event: z.enum(['presenting', 'presented']), id: z.int().nonnegative() }),
  z.object({ event: z.literal('slots') }),
  z.object({
    event: z.literal('call'),
    function: z.string().regex(/^C_[A-Za-z]{1,40}$/),
    code: z.int().nonnegative(),
    us: z.int().nonnegative(),
  }),
]);

export type TokenState = z.infer<typeof tokenStateSchema>;
export type ListedToken = z.infer<typeof tokenSchema>;
export type Listing = z.infer<typeof listingSchema>;
export type Trouble = z.infer<typeof troubleSchema>;
export type Ready = z.infer<typeof readySchema>;
