/**
 * Rule 2 of the architecture, "No signing oracle": what a card signs at a sign-in is exactly 32 random bytes from
 * the identity provider that the settings name. Anything that could mean something elsewhere (ASN.1, text, a
 * pattern) is refused before a PIN is asked for and before the card hears of it.
 *
 * ## How often a good challenge is refused
 *
 * Less than once in 2^20 sign-ins, for 32 uniformly random bytes; the parts, as probabilities:
 *
 * - *ASN.1.* One of the 12 tags of `isConstructedTag` (12/2^8), then the one short length that spans the rest
 *   (1/2^8), then 30 bytes that fall into elements. For elements with any tag and any contents that is p(30), where
 *   p(0) = 1, p(1) = 0, p(n) = (p(0) + … + p(n−2)) / 256: p(30) = 1/230.5. Together 12/2^16/230.5 < 2^-20.2. Known
 *   tags with contents that suit them are a quarter of that: 2^-22.2, counted over random contents. Long and
 *   indefinite lengths cost another 2^-8 each.
 * - *Wrapped ASN.1* (an OCTET STRING or BIT STRING around it): 2^-16 for tag and length, then the same again: below
 *   2^-35.
 * - *Text.* 27 of 32 bytes printable: 95/256 each, so the sum of C(32,k)·0.371^k·0.629^(32−k) from k = 27 on, below
 *   2^-24. UTF-8 beyond ASCII and UTF-16 add less than 2^-35.
 * - *Pattern.* 16 or fewer different values in 32 bytes: at most C(256,16)·(16/256)^32 < 2^-45.
 *
 * An OCTET STRING, INTEGER or other primitive element whose contents mean nothing by themselves is let through: it
 * cannot be told from randomness (each such tag alone would cost 2^-16), and no structure that is signed in
 * practice (CMS SignedAttributes, certificates, OCSP, time-stamps) is a bare primitive.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import { wholeElement } from './asn1-shape.ts';

/** Length of a challenge in bytes. */
export const challengeLength = 32;

/** Why a challenge was refused; the `reason` of `challenge-refused`. */
export type ChallengeFlaw = 'encoding' | 'length' | 'pattern' | 'text' | 'asn1';

/**
 * A challenge that passed the guard. There is no other way to get one, and the login signs nothing else; the bytes
 * themselves never leave it, only their digest does.
 */
export class GuardedChallenge {
  readonly #bytes: Uint8Array;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /**
   * @param base64 the challenge as the provider sent it: RFC 4648 clause 4, with padding, canonical
   * @throws Failure `challenge-refused` with the flaw as `reason`
   */
  static from(base64: string): GuardedChallenge {
    const bytes = decodeStrictBase64(base64);
    const flaw = bytes === null ? 'encoding' : findFlaw(bytes);
    if (bytes === null || flaw !== null) {
      throw new Failure('challenge-refused', { parameters: { reason: flaw ?? 'encoding' } });
    }
    return new GuardedChallenge(bytes);
  }

  /** The digest that is signed: always over the challenge, never the challenge in a digest's place. */
  digest(hash: 'SHA-256' | 'SHA-384' | 'SHA-512'): Uint8Array {
    return createHash(hash.replace('-', '').toLowerCase()).update(this.#bytes).digest();
  }
}

/** What is wrong with bytes offered as a challenge, or null when nothing is. */
export function findFlaw(bytes: Uint8Array): ChallengeFlaw | null {
  if (bytes.length !== challengeLength) return 'length';
  if (readsAsText(bytes)) return 'text';
  if (readsAsAsn1(bytes)) return 'asn1';
  if (new Set(bytes).size <= 16) return 'pattern';
  return null;
}

/** Base64 that decodes in one way only, and of a length worth decoding; null otherwise. */
function decodeStrictBase64(text: string): Uint8Array | null {
  if (
    text.length > 65_536 ||
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  ) {
    return null;
  }
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Fewest printable bytes that make 32 bytes a text with something around it. */
const printableThreshold = 27;

function readsAsText(bytes: Uint8Array): boolean {
  const printable = bytes.filter((byte) => byte >= 0x20 && byte < 0x7f).length;
  if (printable >= printableThreshold) return true;
  if (isPlainUtf8(bytes)) return true;
  return isUtf16(bytes, 0) || isUtf16(bytes, 1);
}

/** UTF-8 without controls, perhaps filled up with zero bytes. */
function isPlainUtf8(bytes: Uint8Array): boolean {
  const text = bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
  return text.length > 0 && isUtf8(text) && !/[^\P{C}\t\r\n]/u.test(Buffer.from(text).toString('utf8'));
}

/** UTF-16 of Latin, Greek or Cyrillic, its high bytes at `offset` in each pair. */
function isUtf16(bytes: Uint8Array, offset: 0 | 1): boolean {
  for (let pair = 0; pair < bytes.length; pair += 2) {
    const unit = (bytes[pair + offset] ?? 0) * 256 + (bytes[pair + 1 - offset] ?? 0);
    if (unit < 0x20 || unit >= 0x530) return false;
  }
  return true;
}

function readsAsAsn1(bytes: Uint8Array): boolean {
  const element = wholeElement(bytes);
  if (element === null) return false;
  if (element.constructed) return isConstructedTag(bytes[0] ?? 0);
  // An encapsulating string counts when what it wraps is itself an element (after the count of unused bits).
  const tag = bytes[0];
  const wrapped =
    tag === 0x04
      ? element.contents
      : tag === 0x03 && element.contents[0] === 0
        ? element.contents.subarray(1)
        : null;
  return wrapped !== null && (wholeElement(wrapped)?.constructed ?? false);
}

/** SEQUENCE, SET, and the constructed context tags [0] to [9], which stand for one of them where implicit. */
function isConstructedTag(tag: number): boolean {
  return tag === 0x30 || tag === 0x31 || (tag >= 0xa0 && tag <= 0xa9);
}
