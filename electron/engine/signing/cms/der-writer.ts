/** Writes DER (ITU-T X.690). */

/** One data object: a tag of one byte, the shortest length, the contents one after another. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(contents);
  if (value.length < 0x80) return Buffer.concat([Buffer.of(tag, value.length), value]);
  const length = magnitude(value.length);
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, value]);
}

export const sequence = (...contents: readonly Uint8Array[]): Uint8Array => der(0x30, ...contents);

export const octetString = (bytes: Uint8Array): Uint8Array => der(0x04, bytes);

export const derNull: Uint8Array = der(0x05);

/** SET OF: the encodings in ascending order (X.690, 11.6). A tag other than 31 is for implicit tagging. */
export function setOf(elements: readonly Uint8Array[], tag = 0x31): Uint8Array {
  return der(tag, ...[...elements].sort((a, b) => Buffer.compare(a, b)));
}

/** A non-negative INTEGER, from a number or its big-endian bytes. */
export function integer(value: number | Uint8Array): Uint8Array {
  const bytes = typeof value === 'number' ? magnitude(value) : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  return (shortest[0] ?? 0) >= 0x80 ? der(0x02, Buffer.of(0), shortest) : der(0x02, shortest);
}

/** OBJECT IDENTIFIER from its dotted form; arcs below 2^31. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Uint8Array.from(bytes));
}

function magnitude(value: number): Uint8Array {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}
