import { constants, ECDH, type KeyObject, publicDecrypt } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import { readTlv } from '../card/tlv.ts';
import { digestInfo } from './digest-info.ts';
import { ecdsaHolds } from './ecdsa-verification.ts';
import { pssHolds } from './emsa-pss.ts';
import type { SignatureAlgorithm } from './identity-token.ts';
import { type PublicKeyShape, signatureLength } from './key-algorithms.ts';

const integerTag = 0x02;
const bitStringTag = 0x03;
const sequenceTag = 0x30;

/**
 * The card's signature in the form that {@link IdentityToken.sign} promises, checked against the public key of
 * the certificate: what does not hold never leaves the token.
 * @throws Failure `signature-invalid` when the form is none of those known or the signature does not hold.
 */
export function checkedSignature(
  answer: Uint8Array,
  algorithm: SignatureAlgorithm,
  digest: Uint8Array,
  publicKey: KeyObject,
  shape: PublicKeyShape,
): Uint8Array {
  const signature = shape.kind === 'ec' ? rawEcdsa(answer, shape.orderLength) : answer;
  if (signature?.length !== signatureLength(shape)) {
    throw new Failure('signature-invalid', { detail: `a signature of ${answer.length} bytes` });
  }
  const holds =
    shape.kind === 'ec'
      ? ecdsaHolds(shape.curve, uncompressedPoint(publicKey, shape.curve), digest, signature)
      : rsaHolds(algorithm, digest, publicKey, shape.bits, signature);
  if (!holds) throw new Failure('signature-invalid', { detail: `${algorithm.kind} does not verify` });
  return Uint8Array.from(signature);
}

/**
 * r‖s, each of the order's length. Cards answer so, or with ECDSA-Sig-Value (RFC 3279, 2.2.3), which is taken in
 * strict DER only: positive, minimal INTEGERs, nothing behind them.
 * @returns undefined for anything else.
 */
export function rawEcdsa(answer: Uint8Array, orderLength: number): Uint8Array | undefined {
  if (answer.length === 2 * orderLength) return answer;
  try {
    const sequence = readTlv(answer, {
      bounds: { maxDepth: 2, maxItems: 3, maxLength: 2 * orderLength + 9 },
    });
    if (sequence.tag !== sequenceTag) return undefined;
    const integers = sequence.children();
    if (
      integers.length !== 2 ||
      headerLength(sequence.value.length) + sequence.value.length !== answer.length
    ) {
      return undefined;
    }
    const raw = new Uint8Array(2 * orderLength);
    for (const [index, { tag, value, encoding }] of integers.entries()) {
      const magnitude = value[0] === 0x00 ? value.subarray(1) : value;
      const negative = (value[0] ?? 0) >= 0x80;
      const padded = value[0] === 0x00 && (value[1] ?? 0) < 0x80;
      const short = encoding.length === 2 + value.length;
      if (tag !== integerTag || negative || padded || !short || magnitude.length === 0) return undefined;
      if (magnitude.length > orderLength) return undefined;
      raw.set(magnitude, (index + 1) * orderLength - magnitude.length);
    }
    return raw;
  } catch {
    return undefined;
  }
}

/** Bytes of tag and length in DER. */
function headerLength(length: number): number {
  return length < 0x80 ? 2 : 3;
}

function rsaHolds(
  algorithm: SignatureAlgorithm,
  digest: Uint8Array,
  key: KeyObject,
  bits: number,
  signature: Uint8Array,
): boolean {
  try {
    if (algorithm.kind === 'rsa-pkcs1') {
      // OpenSSL takes the padding off strictly; what is left must be our DigestInfo to the last byte.
      const content = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
      return content.equals(digestInfo(algorithm.hash, digest));
    }
    const block = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
    return pssHolds(algorithm.hash, digest, block, bits);
  } catch {
    return false;
  }
}

/** `04` x y of an EC public key, from the BIT STRING of its SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 5480, 2.2). */
function uncompressedPoint(key: KeyObject, curve: string): Uint8Array {
  const spki = readTlv(key.export({ type: 'spki', format: 'der' }));
  const point = spki.find(bitStringTag)?.value.subarray(1) ?? new Uint8Array(0);
  return ECDH.convertKey(point, curve, undefined, undefined, 'uncompressed') as Buffer;
}
