/** How far one gets on the way to a server, step by step, and what it shows of itself. */
import { z } from 'zod';
import { failureWireSchema } from '../model/failure.ts';

/** `portal`: the e-services site; `mpass`: the identity provider; the others as the card's certificate names them. */
export const connectionTargets = ['portal', 'mpass', 'ocsp', 'crl', 'tsa'] as const;
export const connectionTargetSchema = z.enum(connectionTargets);

const ms = z.number().nonnegative();
const sha256 = z.string().regex(/^[0-9A-F]{64}$/);

/** A certificate that a server showed. Texts are the server's own and may contain anything. */
export const shownCertificateSchema = z.strictObject({
  subject: z.string().max(2_000),
  issuer: z.string().max(2_000),
  serialNumber: z
    .string()
    .regex(/^[0-9A-F]*$/)
    .max(256),
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
  fingerprint: sha256,
});

export const connectionReportSchema = z.strictObject({
  which: connectionTargetSchema,
  /** Null when nothing says where this server is. */
  address: z
    .strictObject({
      scheme: z.enum(['http', 'https']),
      host: z.string(),
      port: z.int().min(1).max(65_535),
      /** Where the address comes from: settings, the card's certificate, the list of public addresses. */
      from: z.enum(['settings', 'certificate', 'known']),
    })
    .nullable(),
  /** Host and port of the proxy that the system names for this address. The way asked here is the direct one. */
  proxy: z.string().nullable(),
  /** Steps that were reached, each with its time in milliseconds. */
  dns: z.strictObject({ addresses: z.array(z.string()).max(32), ms }).optional(),
  tcp: z.strictObject({ address: z.string(), ms }).optional(),
  tls: z
    .strictObject({
      /** As `TLSv1.3`. */
      version: z.string(),
      /** Name of the cipher suite as the standards write it. */
      cipher: z.string(),
      /** The server's certificates lead to one that is trusted for this address. */
      trusted: z.boolean(),
      /** OpenSSL's word for why not, as `CERT_HAS_EXPIRED`. */
      reason: z
        .string()
        .regex(/^[A-Z0-9_]{1,80}$/)
        .optional(),
      /** The server's own first. */
      chain: z.array(shownCertificateSchema).max(10),
      ms,
    })
    .optional(),
  http: z
    .strictObject({
      status: z.int().min(100).max(999),
      /** Host that a redirect points to. */
      redirect: z.string().optional(),
      /** Our clock minus the server's `Date`, in seconds. */
      clockSkew: z.number().optional(),
      ms,
    })
    .optional(),
  /** Where it ended, when it did not get to the end. */
  failure: failureWireSchema.optional(),
});

export type ConnectionTarget = z.infer<typeof connectionTargetSchema>;
export type ConnectionReport = z.infer<typeof connectionReportSchema>;
export type ShownCertificate = z.infer<typeof shownCertificateSchema>;
