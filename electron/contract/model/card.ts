/**
 * The public JSON of readers, certificates, PINs and tokens, as the command line prints it and windows receive
 * it. Stable: fields may be added in a later version, never renamed or given another meaning.
 * Hex is upper case without separators; times are ISO 8601 in UTC.
 */
import { z } from 'zod';

const hex = z.string().regex(/^(?:[0-9A-F]{2})*$/);

export const readerSchema = z.strictObject({
  name: z.string(),
  /** The reader is simulated: what lies on it is no real document. */
  simulated: z.boolean(),
  /** `mute`: a card that gives no ATR; `busy`: another program holds it exclusively. */
  state: z.enum(['empty', 'mute', 'busy', 'present']),
  /** Answer To Reset, ISO 7816-3. */
  atr: hex.nullable(),
});

export const certificateStatusSchema = z.enum(['valid', 'expired', 'not-yet-valid']);

export const certificateSchema = z.strictObject({
  id: z.string(),
  role: z.enum(['authentication', 'signature', 'other']),
  subject: z.strictObject({
    commonName: z.string().nullable(),
    givenName: z.string().nullable(),
    surname: z.string().nullable(),
    /** X.520 serialNumber (2.5.4.5), which carries the IDNP; not the certificate's serial number. */
    serialNumber: z.string().nullable(),
    idnp: z.string().nullable(),
  }),
  /** Distinguished name in the order of RFC 4514. */
  issuer: z.string(),
  serialNumber: hex,
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  key: z.strictObject({
    type: z.enum(['RSA', 'EC']),
    bits: z.int().positive(),
    curve: z.string().nullable(),
  }),
  /** By its dates alone; revocation is not asked here. */
  status: certificateStatusSchema,
  pem: z.string(),
});

export const pinNameSchema = z.enum(['PIN1', 'PIN2', 'PUK']);

export const pinTriesSchema = z.union([z.int().nonnegative(), z.enum(['low', 'last', 'blocked', 'unknown'])]);

export const pinSchema = z.strictObject({
  name: pinNameSchema,
  role: z.enum(['authentication', 'signature', 'unblock']),
  /** In digits. */
  length: z.strictObject({ min: z.int().positive(), max: z.int().positive() }),
  tries: pinTriesSchema,
  /** The transport PIN must be changed before the key works. */
  changeFirst: z.boolean(),
});

export const tokenSchema = z.strictObject({
  source: z.string().regex(/^(?:pkcs15|profile:.+|pkcs11:.+)$/),
  label: z.string(),
  serial: z.string(),
  simulated: z.boolean(),
  certificates: z.array(certificateSchema),
  pins: z.array(pinSchema),
});

export type ReaderJson = z.infer<typeof readerSchema>;
export type CertificateJson = z.infer<typeof certificateSchema>;
export type PinJson = z.infer<typeof pinSchema>;
export type TokenJson = z.infer<typeof tokenSchema>;
