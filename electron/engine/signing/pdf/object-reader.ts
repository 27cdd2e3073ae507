import type { ByteSource } from '../byte-source.ts';
import { bounds } from './bounds.ts';
import { decodeStream } from './filters.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { MoreNeeded, PdfSyntax } from './syntax.ts';
import type { PdfDictionary, PdfValue } from './values.ts';

/** An indirect object as it stands in the file. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** Where the bytes of its stream begin in the file; undefined when it has none. */
  readonly streamAt: number | undefined;
}

/** Bytes read at first; most objects are shorter. */
const firstLook = 4_096;

/** Reads object syntax at places of a file, and keeps account of how much. */
export class ObjectReader {
  readonly source: ByteSource;
  #parsed = 0;
  #decoded = 0;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Reads syntax at `position`, with as many bytes as it takes. Failures as those of the reading. */
  async syntax<T>(position: number, reading: (syntax: PdfSyntax) => T): Promise<T> {
    for (let length = firstLook; ; length *= 4) {
      if (length > bounds.objectLength)
        throw tooComplex(`an object of more than ${bounds.objectLength} bytes`);
      const bytes = await this.source.read(position, length);
      const syntax = new PdfSyntax(bytes, position + bytes.length >= this.source.size);
      try {
        const result = reading(syntax);
        this.account(syntax.at);
        return result;
      } catch (error) {
        if (!(error instanceof MoreNeeded)) throw error;
        this.account(bytes.length);
        // A file that has become shorter would be asked for ever.
        if (bytes.length < length) throw broken('object', 'the file ends inside an object');
      }
    }
  }

  /** Counts bytes of syntax against the bound. */
  account(length: number): void {
    this.#parsed += length;
    if (this.#parsed > bounds.parsed) throw tooComplex(`more than ${bounds.parsed} bytes of objects`);
  }

  /** The indirect object at `position`. @throws Failure `pdf-broken` when there is none. */
  object(position: number): Promise<IndirectObject> {
    return this.syntax(position, (syntax) => {
      const header = syntax.objectHeader();
      const value = syntax.value();
      if (value.kind === 'dictionary' && syntax.entersStream()) {
        return { ...header, value, streamAt: position + syntax.at };
      }
      if (!syntax.takes('endobj')) throw broken('object', `object ${header.number} does not end`);
      return { ...header, value, streamAt: undefined };
    });
  }

  /** The decoded stream of an object. @param length As its dictionary says. */
  async stream(dictionary: PdfDictionary, position: number, length: number): Promise<Uint8Array> {
    if (length > bounds.streamLength) throw tooComplex(`a stream of ${length} bytes`);
    if (position + length > this.source.size) throw broken('object', 'a stream longer than the file');
    const ends = await this.syntax(position + length, (syntax) => syntax.takes('endstream'));
    if (!ends) throw broken('object', 'a stream whose length is wrong');
    const data = await this.source.read(position, length);
    const left = Math.min(bounds.streamLength, bounds.decoded - this.#decoded);
    const decoded = await decodeStream(dictionary, data, left);
    this.#decoded += decoded.length;
    return decoded;
  }
}
