/**
 * A small DER writer (ITU-T X.690) for what the sandbox makes itself: PKCS#15 files, FCI templates,
 * QCStatements. It only writes; nothing hostile passes here.
 */

/** Joins byte strings. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** The bytes of a number, big-endian, as few as possible (at least one). `value` is a non-negative integer. */
export function unsignedBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.unshift(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}

/** One data object with definite length: `tag` is written as its big-endian bytes (0x7F21 becomes 7F 21). */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const value = concatBytes(...contents);
  const lengthBytes = unsignedBytes(value.length);
  const length =
    value.length < 0x80 ? lengthBytes : concatBytes(Uint8Array.of(0x80 | lengthBytes.length), lengthBytes);
  return concatBytes(unsignedBytes(tag), length, value);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...contents);

export const octetString = (...contents: readonly Uint8Array[]): Uint8Array => tlv(0x04, ...contents);

export const utf8String = (text: string): Uint8Array => tlv(0x0c, Buffer.from(text, 'utf8'));

export const derNull = (): Uint8Array => tlv(0x05);

/** INTEGER (or another tag, for implicit tagging) from a non-negative number. */
export function integer(value: number, tag = 0x02): Uint8Array {
  const bytes = unsignedBytes(value);
  return (bytes[0] ?? 0) >= 0x80 ? tlv(tag, Uint8Array.of(0), bytes) : tlv(tag, bytes);
}

/** ENUMERATED from a non-negative number. */
export const enumerated = (value: number): Uint8Array => integer(value, 0x0a);

/** Named BIT STRING (X.690 clause 11.2.2: trailing zero bits are cut): `bits` are the numbers of the bits set. */
export function namedBits(bits: readonly number[], tag = 0x03): Uint8Array {
  if (bits.length === 0) return tlv(tag, Uint8Array.of(0));
  const highest = Math.max(...bits);
  const bytes = new Uint8Array(1 + Math.floor(highest / 8) + 1);
  bytes[0] = 7 - (highest % 8);
  for (const bit of bits) {
    const index = 1 + Math.floor(bit / 8);
    bytes[index] = (bytes[index] ?? 0) | (0x80 >> (bit % 8));
  }
  return tlv(tag, bytes);
}

/** OBJECT IDENTIFIER from its dotted form; arcs below 2^53. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest];
  const bytes = arcs.flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) | 0x80);
    }
    return groups;
  });
  return tlv(0x06, Uint8Array.from(bytes));
}
