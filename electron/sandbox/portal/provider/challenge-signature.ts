import { constants, type KeyObject, verify } from 'node:crypto';

/** Signature algorithms the provider accepts, named as RFC 9231 does after the `#` of their identifiers. */
export const signatureAlgorithms = [
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'sha256-rsa-MGF1',
  'sha384-rsa-MGF1',
  'sha512-rsa-MGF1',
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
] as const;

export type SignatureAlgorithmName = (typeof signatureAlgorithms)[number];

/** Size of r and of s in bytes. */
const scalarLength: Readonly<Record<string, number>> = { prime256v1: 32, secp384r1: 48, secp521r1: 66 };

/**
 * Whether a signature over exactly these bytes is the key's.
 *
 * RSA: PKCS#1 v1.5, or PSS with MGF1 of the same hash and a salt as long as the hash. ECDSA: r‖s, each as long as
 * the curve's order, as RFC 9231 has it; any other length is read as the DER of ECDSA-Sig-Value (RFC 3279), which is
 * what openssl writes.
 */
export function signatureHolds(
  key: KeyObject,
  algorithm: SignatureAlgorithmName,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = /sha\d{3}/.exec(algorithm)?.[0] ?? '';
  const kind = algorithm.startsWith('ecdsa') ? 'ec' : 'rsa';
  if (key.asymmetricKeyType !== kind) return false;
  try {
    if (kind === 'ec') {
      const scalar = scalarLength[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? 0;
      const dsaEncoding = signature.length === 2 * scalar ? 'ieee-p1363' : 'der';
      return verify(hash, signed, { key, dsaEncoding }, signature);
    }
    const padding = algorithm.endsWith('-MGF1')
      ? constants.RSA_PKCS1_PSS_PADDING
      : constants.RSA_PKCS1_PADDING;
    return verify(hash, signed, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
  } catch {
    return false;
  }
}
