import { bounds } from './bounds.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import type { PdfDictionary, PdfValue } from './values.ts';

/** Thrown when the bytes at hand end before the object does: the caller reads more and begins again. */
export class MoreNeeded {}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0x00;
const delimiters = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)));
const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && !isSpace(byte) && !delimiters.has(byte);

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)$/;

/** Reads the syntax of PDF objects (ISO 32000-1, 7.2 and 7.3) from bytes, as far as they go. */
export class PdfSyntax {
  readonly #bytes: Uint8Array;
  /** Whether nothing follows the bytes in the file. */
  readonly #complete: boolean;
  #at: number;
  #values = 0;

  constructor(bytes: Uint8Array, complete: boolean, at = 0) {
    this.#bytes = bytes;
    this.#complete = complete;
    this.#at = at;
  }

  /** Where the next byte is read from, from the beginning of the bytes. */
  get at(): number {
    return this.#at;
  }

  /** Passes white space and comments. */
  skip(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) {
        if (!this.#complete) throw new MoreNeeded();
        return;
      }
      if (isSpace(byte)) this.#at++;
      else if (byte === 0x25) this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    for (;;) {
      const byte = this.#peek();
      if (byte === undefined || byte === 0x0a || byte === 0x0d) return;
      this.#at++;
    }
  }

  #peek(ahead = 0): number | undefined {
    const byte = this.#bytes[this.#at + ahead];
    if (byte === undefined && !this.#complete) throw new MoreNeeded();
    return byte;
  }

  /** The next run of regular characters, empty when there is a delimiter or the end. */
  word(): string {
    this.skip();
    const start = this.#at;
    while (isRegular(this.#peek())) this.#at++;
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString('latin1');
  }

  /** Takes the word if it is what comes next; else nothing is taken. */
  takes(expected: string): boolean {
    const before = this.#at;
    if (this.word() === expected) return true;
    this.#at = before;
    return false;
  }

  /** An unsigned integer of at most ten digits, or undefined; then nothing is taken. */
  count(): number | undefined {
    const before = this.#at;
    const word = this.word();
    if (/^\d{1,10}$/.test(word)) return Number(word);
    this.#at = before;
    return undefined;
  }

  /**
   * The `n g obj` before an indirect object.
   * @throws Failure `pdf-broken` when something else stands there.
   */
  objectHeader(): { readonly number: number; readonly generation: number } {
    const number = this.count();
    const generation = this.count();
    if (number === undefined || generation === undefined || generation > 65_535 || !this.takes('obj')) {
      throw broken('object', 'no object where the cross-references have one');
    }
    return { number, generation };
  }

  /**
   * After a dictionary: whether a stream follows; then the place is at its first byte (ISO 32000-1, 7.3.8.1).
   * @throws Failure `pdf-broken` when the line does not end as it has to.
   */
  entersStream(): boolean {
    if (!this.takes('stream')) return false;
    const byte = this.#peek();
    if (byte === 0x0d && this.#peek(1) === 0x0a) this.#at += 2;
    else if (byte === 0x0a) this.#at += 1;
    else throw broken('object', 'a stream that begins without a line end');
    return true;
  }

  /** One value. @throws Failure `pdf-broken`, `pdf-too-complex`. */
  value(depth = 1): PdfValue {
    this.skip();
    if (depth > bounds.depth) throw tooComplex(`values nested deeper than ${bounds.depth}`);
    if (++this.#values > bounds.values) throw tooComplex(`more than ${bounds.values} values in one object`);
    const start = this.#at;
    const raw = (): Uint8Array => this.#bytes.subarray(start, this.#at);
    switch (this.#peek()) {
      case 0x2f: {
        const name = this.#name();
        return { kind: 'name', name, raw: raw() };
      }
      case 0x28:
        this.#literalString();
        return { kind: 'string', raw: raw() };
      case 0x3c:
        if (this.#peek(1) === 0x3c) return this.dictionary(depth);
        this.#hexString();
        return { kind: 'string', raw: raw() };
      case 0x5b: {
        this.#at++;
        const items: PdfValue[] = [];
        for (;;) {
          this.skip();
          if (this.#peek() === 0x5d) break;
          items.push(this.value(depth + 1));
        }
        this.#at++;
        return { kind: 'array', items, raw: raw() };
      }
      default:
        return this.#wordValue(start);
    }
  }

  /** A dictionary. @throws Failure `pdf-broken` when something else comes next. */
  dictionary(depth = 1): PdfDictionary {
    this.skip();
    const start = this.#at;
    if (this.#peek() !== 0x3c || this.#peek(1) !== 0x3c) throw broken('object', 'no dictionary');
    this.#at += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skip();
      const byte = this.#peek();
      if (byte === 0x3e && this.#peek(1) === 0x3e) break;
      if (byte !== 0x2f) throw broken('object', 'a dictionary whose key is no name');
      const key = this.#name();
      entries.set(key, this.value(depth + 1));
    }
    this.#at += 2;
    return { kind: 'dictionary', entries, raw: this.#bytes.subarray(start, this.#at) };
  }

  #wordValue(start: number): PdfValue {
    const word = this.word();
    const raw = (): Uint8Array => this.#bytes.subarray(start, this.#at);
    if (word === 'null') return { kind: 'null', raw: raw() };
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true', raw: raw() };
    if (/^\d{1,10}$/.test(word)) {
      const after = this.#at;
      const generation = this.count();
      if (generation !== undefined && this.takes('R')) {
        return { kind: 'reference', number: Number(word), generation, raw: raw() };
      }
      this.#at = after;
    }
    if (!/^[0-9+.-]/.test(word)) throw broken('object', 'something that is no value');
    return { kind: 'number', value: numberPattern.test(word) ? Number(word) : Number.NaN, raw: raw() };
  }

  #name(): string {
    this.#at++;
    const start = this.#at;
    while (isRegular(this.#peek())) this.#at++;
    const text = Buffer.from(this.#bytes.subarray(start, this.#at)).toString('latin1');
    return text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  }

  #literalString(): void {
    let open = 0;
    do {
      const byte = this.#peek();
      if (byte === undefined) throw broken('object', 'a string without end');
      if (byte === 0x28) open++;
      else if (byte === 0x29) open--;
      this.#at += byte === 0x5c ? 2 : 1;
    } while (open > 0);
  }

  #hexString(): void {
    const end = this.#bytes.indexOf(0x3e, this.#at);
    if (end < 0 && !this.#complete) throw new MoreNeeded();
    if (end < 0) throw broken('object', 'a string without end');
    this.#at = end + 1;
  }
}
