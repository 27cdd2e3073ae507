import { Failure } from '../../contract/failures/failure.ts';
import type { Tlv } from './tlv.ts';

/** Universal tags of ISO 8824-1 that card files use. */
export const Asn1Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Longest text taken from a card, in bytes of UTF-8. */
const maxTextBytes = 255;
/** Longest set of named bits, in bytes. */
const maxFlagBytes = 8;

function malformed(detail: string): Failure {
  return new Failure('card-malformed', { detail });
}

/**
 * The value as a signed INTEGER of at most four bytes.
 * @throws Failure `card-malformed` when it is empty or longer.
 */
export function derInteger(object: Tlv): number {
  const { value } = object;
  if (value.length === 0 || value.length > 4) throw malformed(`an integer of ${value.length} bytes`);
  const unsigned = value.reduce((sum, byte) => sum * 256 + byte, 0);
  return (value[0] as number) & 0x80 ? unsigned - 256 ** value.length : unsigned;
}

/**
 * The value as a number from 0 to `max`.
 * @throws Failure `card-malformed` when it is negative, larger or no integer.
 */
export function derCount(object: Tlv, max: number): number {
  const count = derInteger(object);
  if (count < 0 || count > max) throw malformed(`the number ${count} where at most ${max} makes sense`);
  return count;
}

/**
 * The value bytes read as an unsigned reference, at most `maxBytes` (after leading zeros). References such as 81 come both as
 * `02 01 81`, which is negative to the letter, and as `02 02 00 81`.
 * @throws Failure `card-malformed` when it is empty or longer.
 */
export function derReference(object: Tlv, maxBytes: number): number {
  const { value } = object;
  if (value.length === 0 || value.length > 4) throw malformed(`a reference of ${value.length} bytes`);
  const reference = value.reduce((sum, byte) => sum * 256 + byte, 0);
  if (reference >= 256 ** maxBytes)
    throw malformed(`the reference ${reference} in more than ${maxBytes} bytes`);
  return reference;
}

/**
 * The named bits of a BIT STRING as a function; bits that were not sent are false (ISO 8825-1, 8.6).
 * @throws Failure `card-malformed` for a broken or very long one.
 */
export function derFlags(object: Tlv): (bit: number) => boolean {
  const { value } = object;
  const unused = value[0];
  if (
    unused === undefined ||
    unused > 7 ||
    value.length > 1 + maxFlagBytes ||
    (value.length === 1 && unused > 0)
  ) {
    throw malformed(`a bit string of ${value.length} bytes, ${unused} unused bits`);
  }
  const bits = (value.length - 1) * 8 - unused;
  return (bit) => bit < bits && ((value[1 + (bit >> 3)] as number) & (0x80 >> (bit & 7))) !== 0;
}

/** A BOOLEAN. @throws Failure `card-malformed` unless it is one byte. */
export function derBoolean(object: Tlv): boolean {
  if (object.value.length !== 1) throw malformed(`a boolean of ${object.value.length} bytes`);
  return object.value[0] !== 0;
}

/**
 * A UTF8String made fit to be shown: control characters and runs of blanks become one blank; bytes that are not UTF-8
 * become U+FFFD.
 * @throws Failure `card-malformed` when it has more than 255 bytes.
 */
export function cardText(value: Uint8Array): string {
  if (value.length > maxTextBytes) throw malformed(`a text of ${value.length} bytes`);
  const text = new TextDecoder('utf-8').decode(value);
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

/** Fields of a SEQUENCE in their order, optional ones being told by their tags. */
export class Fields {
  readonly #fields: readonly Tlv[];
  #next = 0;

  constructor(fields: readonly Tlv[]) {
    this.#fields = fields;
  }

  /** The next field if it has this tag. */
  optional(tag: number): Tlv | undefined {
    const field = this.#fields[this.#next];
    if (field?.tag !== tag) return undefined;
    this.#next++;
    return field;
  }

  /** The next field. @throws Failure `card-malformed` when it is missing or has another tag. */
  required(tag: number, name: string): Tlv {
    const field = this.optional(tag);
    if (!field) {
      const found = this.#fields[this.#next]?.tag.toString(16) ?? 'the end';
      throw malformed(`${name}: tag ${tag.toString(16)} expected, ${found} found`);
    }
    return field;
  }
}
