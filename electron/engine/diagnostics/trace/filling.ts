/**
 * Redaction by allow-list, at the level of bytes. A `Filling` has as many bytes as what it stands for and begins with
 * zeros only: nothing of the original is in it but what a rule has kept.
 */
import { isFailure } from '../../../contract/failures/failure.ts';
import { readTlvHeader } from '../../card/tlv.ts';

/** One data object within its input. */
export interface TlvPlace {
  readonly tag: number;
  readonly constructed: boolean;
  /** Of the first tag byte, of the value, and behind the value. */
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

/** Levels of nesting that rules go down; what lies deeper is filler. */
export const maxRuleDepth = 12;

export class Filling {
  readonly source: Uint8Array;
  readonly bytes: Uint8Array;

  constructor(source: Uint8Array) {
    this.source = source;
    this.bytes = new Uint8Array(source.length);
  }

  /** Lets the original stand from `start` to before `end`. */
  keep(start: number, end: number): void {
    this.bytes.set(this.source.subarray(start, end), start);
  }

  /** Tag and length of an object: where it ends is structure. */
  keepHeader({ start, value }: TlvPlace): void {
    this.keep(start, value);
  }

  keepWhole({ start, end }: TlvPlace): void {
    this.keep(start, end);
  }

  put(start: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, start);
  }

  valueOf({ value, end }: TlvPlace): Uint8Array {
    return this.source.subarray(value, end);
  }

  /**
   * The objects between two places, one after another. Where a list is broken it ends, and the filling says so in its
   * place with an object that cannot be: whoever replays meets a broken list as well.
   * @param padding of a file: 00 between objects, FF where the list ends
   */
  objects(start: number, end: number, padding = false): TlvPlace[] {
    const found: TlvPlace[] = [];
    let at = start;
    while (at < end) {
      if (padding && this.source[at] === 0x00) {
        at++;
        continue;
      }
      if (padding && this.source[at] === 0xff) {
        this.bytes[at] = 0xff;
        break;
      }
      const place = placeAt(this.source, at, end);
      if (place === undefined) {
        this.#broken(at, end);
        break;
      }
      found.push(place);
      at = place.end;
    }
    return found;
  }

  /** A header that no reader takes: indefinite length. Of one byte that is left, nothing is said. */
  #broken(at: number, end: number): void {
    if (end - at >= 2) this.put(at, Uint8Array.of(0x30, 0x80));
    else this.bytes[at] = 0x30;
  }
}

/** The object that begins at `at` and ends before `end`; undefined when none does. */
export function placeAt(source: Uint8Array, at: number, end: number): TlvPlace | undefined {
  try {
    const header = readTlvHeader(source.subarray(0, end), at);
    if (header === undefined) return undefined;
    const value = at + header.headerLength;
    if (value + header.valueLength > end) return undefined;
    return {
      tag: header.tag,
      constructed: header.constructed,
      start: at,
      value,
      end: value + header.valueLength,
    };
  } catch (error) {
    if (isFailure(error, 'card-malformed')) return undefined;
    throw error;
  }
}
