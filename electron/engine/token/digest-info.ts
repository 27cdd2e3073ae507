import type { SignatureAlgorithm } from './identity-token.ts';

export type HashName = SignatureAlgorithm['hash'];

/** Bytes of each digest (FIPS 180-4). */
export const digestLength: Readonly<Record<HashName, number>> = {
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
};

/** Names that OpenSSL knows. */
export const opensslHash: Readonly<Record<HashName, string>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** DER of DigestInfo up to the digest (RFC 8017, 9.2, note 1). */
const prefixes: Readonly<Record<HashName, string>> = {
  'SHA-256': '3031300d060960864801650304020105000420',
  'SHA-384': '3041300d060960864801650304020205000430',
  'SHA-512': '3051300d060960864801650304020305000440',
};

/** PKCS#1's DigestInfo around a digest of the hash's length. */
export function digestInfo(hash: HashName, digest: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(prefixes[hash], 'hex'), digest]);
}
