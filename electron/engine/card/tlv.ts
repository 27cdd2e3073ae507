import { Failure } from '../../contract/failures/failure.ts';

/** What a reader of foreign TLV data is ready to take. */
export interface TlvBounds {
  /** Levels of nesting, the outermost being 1. */
  readonly maxDepth: number;
  /** Data objects altogether, over all levels. */
  readonly maxItems: number;
  /** Bytes of the input and of each value. */
  readonly maxLength: number;
}

export const defaultTlvBounds: TlvBounds = { maxDepth: 12, maxItems: 1024, maxLength: 65_536 };

/** How the input is read. */
export interface TlvOptions {
  readonly bounds?: TlvBounds;
  /**
   * Files of a card are seldom full: 00 bytes before, between and after the objects are skipped (ISO 7816-4, 5.2.2.1),
   * and an FF where a tag is expected ends the list. Without it every byte must belong to an object.
   */
  readonly padding?: boolean;
}

interface Reading {
  readonly bounds: TlvBounds;
  itemsLeft: number;
}

function malformed(detail: string): Failure {
  return new Failure('card-malformed', { detail });
}

function tagHex(tag: number): string {
  return tag.toString(16).toUpperCase().padStart(2, '0');
}

/** Where a data object lies in its input. */
export interface TlvHeader {
  readonly tag: number;
  readonly constructed: boolean;
  /** Bytes of tag and length fields together. */
  readonly headerLength: number;
  /** Bytes of the value field. */
  readonly valueLength: number;
}

/**
 * Reads tag and length fields at `offset`, without looking at the value (which may not be there yet).
 *
 * Tags have up to three bytes, lengths up to four (`83 xx xx xx`); longer than minimal lengths are accepted, as cards
 * send them. The indefinite form (80) is refused: no card file uses it, and its end can only be found by descending.
 * @returns undefined when the input ends inside the header.
 * @throws Failure `card-malformed` when no such header may stand there.
 */
export function readTlvHeader(bytes: Uint8Array, offset = 0): TlvHeader | undefined {
  let at = offset;
  const first = bytes[at++];
  if (first === undefined) return undefined;
  let tag = first;
  if ((first & 0x1f) === 0x1f) {
    for (;;) {
      if (at - offset === 3) throw malformed(`tag of more than three bytes at offset ${offset}`);
      const next = bytes[at++];
      if (next === undefined) return undefined;
      tag = (tag << 8) | next;
      if ((next & 0x80) === 0) break;
    }
  }
  const lengthByte = bytes[at++];
  if (lengthByte === undefined) return undefined;
  let valueLength = lengthByte;
  if (lengthByte === 0x80) throw malformed(`indefinite length of tag ${tagHex(tag)} at offset ${offset}`);
  if (lengthByte > 0x83) throw malformed(`length field ${tagHex(lengthByte)} of tag ${tagHex(tag)}`);
  if (lengthByte > 0x80) {
    valueLength = 0;
    for (let n = lengthByte & 0x7f; n > 0; n--) {
      const next = bytes[at++];
      if (next === undefined) return undefined;
      valueLength = (valueLength << 8) | next;
    }
  }
  return { tag, constructed: (first & 0x20) !== 0, headerLength: at - offset, valueLength };
}

/** One BER-TLV data object (ISO 7816-4, 5.2.2; ISO 8825-1). A view on its input, nothing is copied. */
export class Tlv {
  /** All tag bytes as one number: 0x30, 0x7F66, 0xBF8101. */
  readonly tag: number;
  readonly constructed: boolean;
  readonly value: Uint8Array;
  /** Tag, length and value as they came. */
  readonly encoding: Uint8Array;
  readonly #reading: Reading;
  readonly #depth: number;
  #children: readonly Tlv[] | undefined;

  /** Made by `readTlvList` and `readTlv` alone. */
  constructor(header: TlvHeader, encoding: Uint8Array, reading: Reading, depth: number) {
    this.tag = header.tag;
    this.constructed = header.constructed;
    this.encoding = encoding;
    this.value = encoding.subarray(header.headerLength);
    this.#reading = reading;
    this.#depth = depth;
  }

  /**
   * The objects inside a constructed one; read when first asked for, so that parts nobody needs may be odd.
   * @throws Failure `card-malformed` for a primitive tag, broken content, or a bound that is passed.
   */
  children(): readonly Tlv[] {
    if (!this.constructed) throw malformed(`tag ${tagHex(this.tag)} is primitive`);
    this.#children ??= readList(this.value, false, this.#reading, this.#depth + 1);
    return this.#children;
  }

  /** The first object inside with this tag, or undefined. Failures as `children`. */
  find(tag: number): Tlv | undefined {
    return this.children().find((child) => child.tag === tag);
  }
}

function readList(bytes: Uint8Array, padding: boolean, reading: Reading, depth: number): Tlv[] {
  const { bounds } = reading;
  if (depth > bounds.maxDepth) throw malformed(`nesting deeper than ${bounds.maxDepth}`);
  const list: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (padding && bytes[at] === 0x00) {
      at++;
      continue;
    }
    if (padding && bytes[at] === 0xff) break;
    const header = readTlvHeader(bytes, at);
    if (!header) throw malformed(`input ends in the header at offset ${at}`);
    const end = at + header.headerLength + header.valueLength;
    if (end > bytes.length) {
      throw malformed(
        `tag ${tagHex(header.tag)} claims ${header.valueLength} bytes, ${bytes.length - at} left`,
      );
    }
    if (reading.itemsLeft-- <= 0) throw malformed(`more than ${bounds.maxItems} data objects`);
    list.push(new Tlv(header, bytes.subarray(at, end), reading, depth));
    at = end;
  }
  return list;
}

/**
 * All data objects that stand one after another in `bytes`.
 * @throws Failure `card-malformed` for broken data or a bound that is passed.
 */
export function readTlvList(bytes: Uint8Array, options: TlvOptions = {}): Tlv[] {
  const bounds = options.bounds ?? defaultTlvBounds;
  if (bytes.length > bounds.maxLength) throw malformed(`${bytes.length} bytes of TLV data`);
  return readList(bytes, options.padding ?? false, { bounds, itemsLeft: bounds.maxItems }, 1);
}

/**
 * Exactly one data object (followed, with `padding`, by 00 or FF only).
 * @throws Failure `card-malformed` for none, more than one, broken data or a bound that is passed.
 */
export function readTlv(bytes: Uint8Array, options: TlvOptions = {}): Tlv {
  const [only, ...rest] = readTlvList(bytes, options);
  if (!only || rest.length > 0) throw malformed(`${only ? rest.length + 1 : 0} data objects instead of one`);
  return only;
}

/**
 * The bytes of one data object, for commands: definite length, shortest form.
 * @throws RangeError when the value is longer than 65,535 bytes.
 */
export function encodeTlv(tag: number, value: Uint8Array): Uint8Array {
  if (value.length > 0xffff) throw new RangeError(`TLV value of ${value.length} bytes`);
  const head: number[] = [];
  if (tag > 0xffff) head.push((tag >> 16) & 0xff);
  if (tag > 0xff) head.push((tag >> 8) & 0xff);
  head.push(tag & 0xff);
  if (value.length > 0xff) head.push(0x82, value.length >> 8, value.length & 0xff);
  else if (value.length > 0x7f) head.push(0x81, value.length);
  else head.push(value.length);
  const bytes = new Uint8Array(head.length + value.length);
  bytes.set(head);
  bytes.set(value, head.length);
  return bytes;
}
