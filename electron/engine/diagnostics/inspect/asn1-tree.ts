/** Takes a DER encoding (X.690) apart for people to look at, whatever it is. */
import { type Asn1Node, maxAsn1Nodes, maxAsn1ValueBytes } from '../../../contract/diagnostics/inspect.ts';
import { objectIdentifierNames } from './object-identifier-names.ts';

const maxDepth = 32;
const maxText = 500;

const classes = ['universal', 'application', 'context', 'private'] as const;

/** Universal types (X.680, table 1). */
const types: Readonly<Record<number, string>> = {
  1: 'BOOLEAN',
  2: 'INTEGER',
  3: 'BIT STRING',
  4: 'OCTET STRING',
  5: 'NULL',
  6: 'OBJECT IDENTIFIER',
  9: 'REAL',
  10: 'ENUMERATED',
  12: 'UTF8String',
  13: 'RELATIVE-OID',
  16: 'SEQUENCE',
  17: 'SET',
  18: 'NumericString',
  19: 'PrintableString',
  20: 'TeletexString',
  21: 'VideotexString',
  22: 'IA5String',
  23: 'UTCTime',
  24: 'GeneralizedTime',
  25: 'GraphicString',
  26: 'VisibleString',
  27: 'GeneralString',
  28: 'UniversalString',
  30: 'BMPString',
};

interface Header {
  readonly tagByte: number;
  readonly tag: number;
  readonly headerLength: number;
  readonly length: number;
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly nodes: Asn1Node[];
  cut: boolean;
}

/**
 * The data objects of an encoding, in the order of their bytes.
 * @returns `cut`: there are more than 4,000 or deeper than 32 levels, or from somewhere on it is no DER
 */
export function asn1Tree(bytes: Uint8Array): { nodes: Asn1Node[]; cut: boolean } {
  const walk: Walk = { bytes, nodes: [], cut: false };
  list(walk, 0, bytes.length, 0, false);
  return { nodes: walk.nodes, cut: walk.cut };
}

function list(walk: Walk, start: number, end: number, depth: number, wrapped: boolean): void {
  let at = start;
  while (at < end && !walk.cut) {
    const header = headerAt(walk.bytes, at, end);
    if (header === undefined || depth > maxDepth || walk.nodes.length >= maxAsn1Nodes) {
      walk.cut = true;
      return;
    }
    node(walk, at, header, depth, wrapped);
    at += header.headerLength + header.length;
  }
}

function node(walk: Walk, offset: number, header: Header, depth: number, wrapped: boolean): void {
  const { tagByte, tag, headerLength, length } = header;
  const constructed = (tagByte & 0x20) !== 0;
  const universal = tagByte >> 6 === 0;
  const type = universal ? types[tag] : undefined;
  const start = offset + headerLength;
  const value = walk.bytes.subarray(start, start + length);
  walk.nodes.push({
    depth,
    offset,
    headerLength,
    length,
    class: classes[tagByte >> 6] ?? 'universal',
    constructed,
    tag,
    ...(type === undefined ? {} : { type }),
    wrapped,
    ...(constructed ? {} : { ...words(universal ? tag : undefined, value), hex: hex(value) }),
  });
  if (constructed) list(walk, start, start + length, depth + 1, wrapped);
  // Extensions and public keys stand as an encoding inside a string.
  else if (universal && tag === 4 && isEncoding(value)) list(walk, start, start + length, depth + 1, true);
  else if (universal && tag === 3 && value[0] === 0 && isEncoding(value.subarray(1))) {
    list(walk, start + 1, start + length, depth + 1, true);
  }
}

/** Tag and length (X.690, 8.1); undefined where none can stand. The indefinite form is no DER. */
function headerAt(bytes: Uint8Array, at: number, end: number): Header | undefined {
  const tagByte = bytes[at];
  if (tagByte === undefined) return undefined;
  let next = at + 1;
  let tag = tagByte & 0x1f;
  if (tag === 0x1f) {
    tag = 0;
    for (let count = 0; ; count++) {
      const byte = bytes[next++];
      if (byte === undefined || count === 4) return undefined;
      tag = tag * 128 + (byte & 0x7f);
      if ((byte & 0x80) === 0) break;
    }
  }
  const first = bytes[next++];
  if (first === undefined || first === 0x80 || first > 0x84) return undefined;
  let length = first;
  if (first > 0x80) {
    length = 0;
    for (let count = first & 0x7f; count > 0; count--) {
      const byte = bytes[next++];
      if (byte === undefined) return undefined;
      length = length * 256 + byte;
    }
  }
  if (next + length > end) return undefined;
  return { tagByte, tag, headerLength: next - at, length };
}

/** Whether a string is exactly one data object, of a kind that is put into strings. */
function isEncoding(value: Uint8Array): boolean {
  const header = value.length >= 2 ? headerAt(value, 0, value.length) : undefined;
  if (header === undefined || header.headerLength + header.length !== value.length) return false;
  const constructed = (header.tagByte & 0x20) !== 0;
  if (!constructed) return header.tagByte > 0 && header.tagByte <= 30 && types[header.tag] !== undefined;
  const probe: Walk = { bytes: value, nodes: [], cut: false };
  list(probe, header.headerLength, value.length, 0, false);
  return !probe.cut;
}

function words(tag: number | undefined, value: Uint8Array): Pick<Asn1Node, 'text' | 'oid' | 'name'> {
  switch (tag) {
    case 1:
      return { text: value[0] === 0 ? 'FALSE' : 'TRUE' };
    case 2:
    case 10:
      return value.length > 0 && value.length <= 6 ? { text: String(signed(value)) } : {};
    case 6: {
      const oid = objectIdentifier(value);
      const name = oid === undefined ? undefined : objectIdentifierNames[oid];
      return { ...(oid === undefined ? {} : { oid }), ...(name === undefined ? {} : { name }) };
    }
    case 12:
      return text(Buffer.from(value).toString('utf8'));
    case 28:
      return {};
    case 30:
      return value.length % 2 === 0 ? text(Buffer.from(value).swap16().toString('utf16le')) : {};
    default:
      return tag !== undefined && tag >= 18 && tag <= 27 ? text(Buffer.from(value).toString('latin1')) : {};
  }
}

function text(value: string): { text: string } {
  return { text: value.slice(0, maxText).replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}') };
}

function signed(value: Uint8Array): number {
  return Buffer.from(value).readIntBE(0, value.length);
}

/** X.690, 8.19; undefined for what is none. */
function objectIdentifier(value: Uint8Array): string | undefined {
  if (value.length === 0 || value.length > 64 || (value[value.length - 1] as number) >= 0x80)
    return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of value) {
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0n;
  }
  const first = arcs[0] ?? 0n;
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [root, first - root * 40n, ...arcs.slice(1)].join('.');
}

function hex(value: Uint8Array): string {
  return Buffer.from(value.subarray(0, maxAsn1ValueBytes)).toString('hex').toUpperCase();
}
