import { z } from 'zod';
import { failureWireSchema } from './failure.ts';

/** Most documents of one signing. */
export const maxDocuments = 1000;

/** A path of this computer, absolute. */
const path = z.string().min(1).max(32_768);

/** What shall be signed: PDF files, as one act with one entry of the PIN. */
export const signingRequestSchema = z.strictObject({
  documents: z
    .array(
      z.strictObject({
        input: path,
        /** Where the signed file goes; default `NAME.signed.pdf` beside the input, numbered when that exists. */
        output: path.optional(),
      }),
    )
    .min(1)
    .max(maxDocuments),
  /** Replaces files that have the outputs' names already. Never an input. */
  overwrite: z.boolean().optional(),
  /** Why and where, as PDF programs show it beside the signature. */
  reason: z.string().min(1).max(256).optional(),
  location: z.string().min(1).max(256).optional(),
});

/** A document that was signed, read again and verified. */
export const signedDocumentSchema = z.strictObject({
  input: path,
  output: path,
  format: z.literal('pades'),
  /** EN 319 142-1: B-B, a signature without a time-stamp. */
  level: z.literal('B'),
  signer: z.strictObject({
    commonName: z.string(),
    idnp: z.string().nullable(),
    /** Of the certificate, hex. */
    serialNumber: z.string(),
  }),
  /** Of what the signature covers. */
  digest: z.strictObject({
    algorithm: z.enum(['SHA-256', 'SHA-384', 'SHA-512']),
    value: z.string().regex(/^[0-9A-F]+$/),
  }),
  verified: z.literal(true),
});

/** A document that was not signed, and why. */
export const unsignedDocumentSchema = z.strictObject({ input: path, failure: failureWireSchema });

export const signingResultSchema = z.strictObject({
  results: z.array(z.union([signedDocumentSchema, unsignedDocumentSchema])),
});

export type SigningRequest = z.infer<typeof signingRequestSchema>;
export type SignedDocument = z.infer<typeof signedDocumentSchema>;
export type SigningResult = z.infer<typeof signingResultSchema>;
