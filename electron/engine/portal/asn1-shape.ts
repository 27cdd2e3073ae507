/**
 * Whether bytes have the shape of one complete ASN.1 element (X.690), for the challenge guard. Lenient where BER is
 * (long and indefinite lengths), strict about tags and their contents, so that random bytes rarely pass.
 */

export interface Element {
  readonly constructed: boolean;
  readonly contents: Uint8Array;
}

/** Deepest nesting looked at; 32 bytes cannot hold more levels than this. */
const maxDepth = 16;

/** The element that `bytes` are, from the first byte to the last; null when they are none. */
export function wholeElement(bytes: Uint8Array): Element | null {
  const read = readElement(bytes, 0);
  return read !== null && read.end === bytes.length ? read : null;
}

function readElement(bytes: Uint8Array, depth: number): (Element & { end: number }) | null {
  const tag = bytes[0];
  const first = bytes[1];
  if (depth > maxDepth || tag === undefined || first === undefined) return null;
  // Tag numbers above 30 take further bytes; nothing that is signed uses them inside 32 bytes.
  if ((tag & 0x1f) === 0x1f) return null;
  const constructed = (tag & 0x20) !== 0;
  if (first === 0x80) return constructed ? readIndefinite(bytes, depth) : null;
  let start = 2;
  let length = first;
  if (first > 0x80) {
    const octets = first & 0x7f;
    if (octets > 4 || bytes.length < 2 + octets) return null;
    start = 2 + octets;
    length = bytes.subarray(2, start).reduce((sum, octet) => sum * 256 + octet, 0);
  }
  const end = start + length;
  if (end > bytes.length) return null;
  const contents = bytes.subarray(start, end);
  if (!contentsFit(tag, constructed, contents, depth)) return null;
  return { constructed, contents, end };
}

/** Indefinite length: elements up to two zero bytes (X.690 clause 8.1.3.6). */
function readIndefinite(bytes: Uint8Array, depth: number): (Element & { end: number }) | null {
  let at = 2;
  while (at < bytes.length) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) {
      return { constructed: true, contents: bytes.subarray(2, at), end: at + 2 };
    }
    const inner = readElement(bytes.subarray(at), depth + 1);
    if (inner === null) return null;
    at += inner.end;
  }
  return null;
}

function contentsFit(tag: number, constructed: boolean, contents: Uint8Array, depth: number): boolean {
  if (constructed) {
    if ((tag & 0xc0) === 0 && ![0x10, 0x11, 0x08, 0x0b].includes(tag & 0x1f)) return false;
    return isSeries(contents, depth + 1);
  }
  if ((tag & 0xc0) !== 0) return (tag & 0xc0) === 0x80 || (tag & 0xc0) === 0x40;
  return primitiveFits(tag, contents);
}

/** Elements one after the other that fill `bytes` exactly. */
function isSeries(bytes: Uint8Array, depth: number): boolean {
  let at = 0;
  while (at < bytes.length) {
    const inner = readElement(bytes.subarray(at), depth);
    if (inner === null) return false;
    at += inner.end;
  }
  return true;
}

/** Whether contents suit a primitive type of the universal class. */
function primitiveFits(tag: number, contents: Uint8Array): boolean {
  switch (tag) {
    case 0x01: // BOOLEAN
      return contents.length === 1;
    case 0x02: // INTEGER
    case 0x0a: // ENUMERATED
      return contents.length > 0;
    case 0x03: // BIT STRING, after the count of unused bits
      return contents.length > 0 && (contents[0] ?? 8) < 8;
    case 0x04: // OCTET STRING
      return true;
    case 0x05: // NULL
      return contents.length === 0;
    case 0x06: // OBJECT IDENTIFIER
    case 0x0d: // RELATIVE-OID
      return contents.length > 0 && ((contents.at(-1) ?? 0x80) & 0x80) === 0;
    case 0x0c: // UTF8String
      return contents.every((byte) => byte >= 0x20);
    case 0x12: // NumericString
    case 0x13: // PrintableString
    case 0x14: // TeletexString
    case 0x16: // IA5String
    case 0x17: // UTCTime
    case 0x18: // GeneralizedTime
    case 0x1a: // VisibleString
    case 0x1b: // GeneralString
      return contents.every((byte) => byte >= 0x20 && byte !== 0x7f);
    case 0x1e: // BMPString
      return contents.length % 2 === 0;
    default:
      return false;
  }
}
