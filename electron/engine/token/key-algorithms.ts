import type { KeyObject } from 'node:crypto';
import { digestLength, type HashName } from './digest-info.ts';
import { orderLength } from './ecdsa-verification.ts';
import type { SignatureAlgorithm } from './identity-token.ts';

/** A public key as far as signatures need it. */
export type PublicKeyShape =
  | { readonly kind: 'rsa'; readonly bits: number }
  | { readonly kind: 'ec'; readonly curve: string; readonly orderLength: number };

/** Smallest and largest RSA modulus, in bits, that a card is believed to have. */
const rsaBits = { min: 1024, max: 8192 };

/** The shape of a certificate's key; undefined for one that the project cannot check signatures of. */
export function publicKeyShape(key: KeyObject): PublicKeyShape | undefined {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength !== undefined) {
    const known = modulusLength >= rsaBits.min && modulusLength <= rsaBits.max;
    return known ? { kind: 'rsa', bits: modulusLength } : undefined;
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve !== undefined) {
    const length = orderLength(namedCurve);
    return length === undefined ? undefined : { kind: 'ec', curve: namedCurve, orderLength: length };
  }
  return undefined;
}

/** Bytes of a signature in the form that `IdentityToken.sign` returns. */
export function signatureLength(shape: PublicKeyShape): number {
  return shape.kind === 'rsa' ? Math.ceil(shape.bits / 8) : 2 * shape.orderLength;
}

/** Whether a key of this shape can sign so; an RSA key must be long enough for the PSS block. */
export function fitsKey(algorithm: SignatureAlgorithm, shape: PublicKeyShape): boolean {
  if (shape.kind === 'ec') return algorithm.kind === 'ecdsa';
  if (algorithm.kind === 'ecdsa') return false;
  const overhead = algorithm.kind === 'rsa-pss' ? digestLength[algorithm.hash] + 2 : 19 + 11;
  return Math.floor((shape.bits - 1) / 8) >= digestLength[algorithm.hash] + overhead;
}

/**
 * All hashes, the one that suits the key best first: for elliptic curves the one as long as the order (P-384:
 * SHA-384; ETSI TS 119 312), for RSA SHA-256, which every verifier knows.
 */
export function hashesFor(shape: PublicKeyShape): readonly HashName[] {
  if (shape.kind === 'rsa' || shape.orderLength <= 32) return ['SHA-256', 'SHA-384', 'SHA-512'];
  if (shape.orderLength <= 48) return ['SHA-384', 'SHA-256', 'SHA-512'];
  return ['SHA-512', 'SHA-384', 'SHA-256'];
}
