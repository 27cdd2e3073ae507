/** What a certificate consists of, whom it leads to, what its authority says of it now; and PKCS#11 modules. */
import { z } from 'zod';
import { failureWireSchema } from '../model/failure.ts';

/** Nodes of an ASN.1 tree, at most. */
export const maxAsn1Nodes = 4_000;
/** Bytes of a value that are shown, at most. */
export const maxAsn1ValueBytes = 512;

/** One data object of a DER encoding (X.690). The list is in the order of the bytes; `depth` makes it a tree. */
export const asn1NodeSchema = z.strictObject({
  depth: z.int().nonnegative().max(64),
  /** Of its first byte, from the beginning of the certificate. */
  offset: z.int().nonnegative(),
  /** Bytes of tag and length together, and of the value. */
  headerLength: z.int().min(2).max(16),
  length: z.int().nonnegative(),
  class: z.enum(['universal', 'application', 'context', 'private']),
  constructed: z.boolean(),
  tag: z.int().nonnegative(),
  /** Name of a universal type, as X.680 writes it. */
  type: z.string().optional(),
  /** The node stands inside an OCTET STRING or BIT STRING, as values of extensions do. */
  wrapped: z.boolean(),
  /** OBJECT IDENTIFIER in dots, and what it is called. */
  oid: z.string().max(1_000).optional(),
  name: z.string().optional(),
  /** The value in words, where its type has any: strings (with control characters replaced), times, small numbers. */
  text: z.string().max(2_000).optional(),
  /** The first bytes of a primitive value. */
  hex: z
    .string()
    .regex(/^(?:[0-9A-F]{2})*$/)
    .max(2 * maxAsn1ValueBytes)
    .optional(),
});

/** What can be said of one certificate in a chain. */
export const chainReasonSchema = z.enum([
  'expired',
  'not-yet-valid',
  /** The issuer's certificate was not found, neither on the card nor among the known ones nor where it is named. */
  'issuer-missing',
  /** The signature does not fit the issuer's key. */
  'signature-wrong',
  'issuer-no-authority',
  'issuer-may-not-sign',
  'path-too-long',
  /** It is its own issuer, and not one of the known authorities. */
  'root-unknown',
  'algorithm-weak',
]);

export const chainLinkSchema = z.strictObject({
  /** Distinguished names in the order of RFC 4514. */
  subject: z.string(),
  issuer: z.string(),
  serialNumber: z.string().regex(/^[0-9A-F]+$/),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  /** SHA-256 of the certificate. */
  fingerprint: z.string().regex(/^[0-9A-F]{64}$/),
  /** Where it was found. */
  from: z.enum(['asked', 'card', 'known', 'fetched']),
  /** A name that the list of authorities has for exactly this certificate. */
  known: z.string().optional(),
  reasons: z.array(chainReasonSchema),
});

/** What an authority answered about a certificate. */
export const revocationStatusSchema = z.enum(['good', 'revoked', 'suspended', 'unknown', 'unavailable']);

/** Why there is no answer that can be relied upon. */
export const revocationProblemSchema = z.enum([
  'no-address',
  'issuer-missing',
  'unreachable',
  'timeout',
  'http-status',
  'too-large',
  'malformed',
  'responder-error',
  'responder-not-authorised',
  'signature-wrong',
  'other-certificate',
  'nonce-wrong',
  'stale',
  'not-yet-valid',
]);

export const revocationAnswerSchema = z.strictObject({
  status: revocationStatusSchema,
  problem: revocationProblemSchema.optional(),
  /** The same as a failure of the catalogue, where the certificate or the way to the authority is at fault. */
  failure: failureWireSchema.optional(),
  /** Host that was asked. */
  host: z.string().optional(),
  thisUpdate: z.iso.datetime().optional(),
  nextUpdate: z.iso.datetime().optional(),
  producedAt: z.iso.datetime().optional(),
  /** Since when, and why (RFC 5280, 5.3.1). */
  revokedAt: z.iso.datetime().optional(),
  reason: z
    .string()
    .regex(/^[A-Za-z]{1,40}$/)
    .optional(),
  /** Who signed the answer: distinguished name, RFC 4514. */
  responder: z.string().optional(),
  /** Entries of a revocation list. */
  entries: z.int().nonnegative().optional(),
  ms: z.number().nonnegative(),
});

export const certificateInspectionSchema = z.strictObject({
  structure: z.strictObject({
    nodes: z.array(asn1NodeSchema).max(maxAsn1Nodes),
    /** There are more nodes than are shown, or the encoding is broken from somewhere on. */
    cut: z.boolean(),
  }),
  chain: z.strictObject({
    /** The asked certificate first. */
    links: z.array(chainLinkSchema).min(1).max(10),
    /** `known`: it leads, without fault, to an authority of the list. */
    verdict: z.enum(['known', 'unknown', 'broken']),
  }),
  /** Only when asked for: it goes over the network. */
  ocsp: revocationAnswerSchema.optional(),
  crl: revocationAnswerSchema.optional(),
});

export const inspectedModuleSchema = z.strictObject({
  /** Name in the list of known modules, or of its registration. */
  name: z.string(),
  path: z.string(),
  /** Where it is registered. */
  from: z.array(z.enum(['known', 'settings', 'p11-kit'])).min(1),
  format: z.enum(['elf', 'mach-o', 'pe']).optional(),
  architectures: z.array(z.string()).optional(),
  /** What `C_GetInfo` says. */
  library: z
    .strictObject({
      manufacturer: z.string(),
      description: z.string(),
      version: z.string(),
      cryptoki: z.string(),
    })
    .optional(),
  slots: z
    .array(
      z.strictObject({
        description: z.string(),
        token: z.strictObject({ label: z.string(), manufacturer: z.string(), model: z.string() }).nullable(),
      }),
    )
    .max(256)
    .optional(),
  /** Until everything above was known, in milliseconds. */
  ms: z.number().nonnegative(),
  failure: failureWireSchema.optional(),
});

export type Asn1Node = z.infer<typeof asn1NodeSchema>;
export type ChainLink = z.infer<typeof chainLinkSchema>;
export type ChainReason = z.infer<typeof chainReasonSchema>;
export type RevocationAnswer = z.infer<typeof revocationAnswerSchema>;
export type RevocationProblem = z.infer<typeof revocationProblemSchema>;
export type CertificateInspection = z.infer<typeof certificateInspectionSchema>;
export type InspectedModule = z.infer<typeof inspectedModuleSchema>;
