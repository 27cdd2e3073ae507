// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { type KeyObject, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** The two certification authorities of the sandbox. */
export type SandboxCa = 'root' | 'issuing';

/** A CA with its private key. */
export interface CertificateIssuer {
  readonly name: x509.Name;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly algorithm: { readonly name: 'ECDSA'; readonly hash: 'SHA-256' | 'SHA-384' };
}

/** What a certificate says, besides its number, its issuer and the two key identifiers. */
export interface CertificateContent {
  readonly subject: x509.Name;
  readonly publicKey: x509.PublicKey | webcrypto.CryptoKey;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly x509.Extension[];
}

/** Makes and signs a certificate with a random serial number. */
export async function issueCertificate(
  issuer: CertificateIssuer,
  content: CertificateContent,
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create(
    {
      serialNumber: Buffer.from(randomSerial()).toString('hex'),
      subject: content.subject,
      issuer: issuer.name,
      notBefore: moved(content.notBefore, {}),
      notAfter: moved(content.notAfter, {}),
      publicKey: content.publicKey,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: issuer.algorithm,
      extensions: [
        ...content.extensions,
        await x509.SubjectKeyIdentifierExtension.create(content.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ],
    },
    webcrypto,
  );
}

/** A positive 16-byte serial number (RFC 5280 clause 4.1.2.2), big-endian. */
export function randomSerial(): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** Makes a CA's key pair; the private key cannot leave the process. */
export function ecKeys(namedCurve: 'P-256' | 'P-384'): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, false, ['sign', 'verify']);
}

/** A key of node:crypto as the X.509 library takes it. */
export function publicKeyOf(key: KeyObject): x509.PublicKey {
  return new x509.PublicKey(Uint8Array.from(key.export({ type: 'spki', format: 'der' })));
}

/** `date` moved by calendar units, in UTC, without fractions of a second (X.509 has none). */
export function moved(
  date: Date,
  by: { readonly years?: number; readonly months?: number; readonly days?: number },
): Date {
  const result = new Date(date);
  result.setUTCMilliseconds(0);
  result.setUTCFullYear(result.getUTCFullYear() + (by.years ?? 0));
  result.setUTCMonth(result.getUTCMonth() + (by.months ?? 0));
  result.setUTCDate(result.getUTCDate() + (by.days ?? 0));
  return result;
}
