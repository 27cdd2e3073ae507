import type { ByteSource } from '../byte-source.ts';
import { bounds } from './bounds.ts';
import { type CrossReferences, readCrossReferences } from './cross-references.ts';
import { type IndirectObject, ObjectReader } from './object-reader.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { PdfSyntax } from './syntax.ts';
import { integerOf, nameOf, type PdfDictionary, type PdfReference, type PdfValue } from './values.ts';

/** Objects that are kept parsed. */
const keptObjects = 512;
const headerPattern = /^%PDF-[12]\.\d/;

/** An object stream, decoded. */
interface ObjectStream {
  readonly number: number;
  readonly data: Uint8Array;
  /** Object numbers in their order, and where each begins in `data`. */
  readonly numbers: readonly number[];
  readonly offsets: readonly number[];
}

/** A PDF that is read where needed and never as a whole. */
export class PdfDocument {
  readonly source: ByteSource;
  readonly references: CrossReferences;
  readonly #reader: ObjectReader;
  readonly #kept = new Map<number, IndirectObject>();
  #lookups = 0;
  #objectStream: ObjectStream | undefined;

  private constructor(reader: ObjectReader, references: CrossReferences) {
    this.#reader = reader;
    this.source = reader.source;
    this.references = references;
  }

  /**
   * Reads header and cross-references.
   * @throws Failure `pdf-broken` (no PDF, bytes before the header, cross-references that do not hold),
   * `pdf-encrypted`, `pdf-too-complex`.
   */
  static async open(source: ByteSource): Promise<PdfDocument> {
    if (source.size > bounds.fileSize) throw tooComplex(`a file of ${source.size} bytes`);
    const beginning = Buffer.from(await source.read(0, 1_024)).toString('latin1');
    if (!headerPattern.test(beginning)) {
      if (beginning.includes('%PDF-')) throw broken('junk', 'bytes before the header');
      throw broken('header', 'no header');
    }
    const reader = new ObjectReader(source);
    return new PdfDocument(reader, await readCrossReferences(reader));
  }

  /**
   * The object with this number, wherever it stands; undefined when there is none (which reads as null).
   * @throws Failure `pdf-broken`, `pdf-too-complex`.
   */
  async object(number: number): Promise<IndirectObject | undefined> {
    const kept = this.#kept.get(number);
    if (kept) return kept;
    if (++this.#lookups > bounds.lookups) throw tooComplex(`more than ${bounds.lookups} objects looked up`);
    const entry = await this.references.entry(number);
    if (!entry || entry.kind === 'free') return undefined;
    const object =
      entry.kind === 'offset'
        ? await this.#reader.object(entry.offset)
        : await this.#compressed(number, entry.stream, entry.index);
    if (object.number !== number || (entry.kind === 'offset' && object.generation !== entry.generation)) {
      throw broken('xref', `object ${object.number} where object ${number} should be`);
    }
    if (this.#kept.size >= keptObjects) this.#kept.clear();
    this.#kept.set(number, object);
    return object;
  }

  /** The value behind references, as many as there are. A reference to nothing is undefined, as is null. */
  async resolve(value: PdfValue | undefined): Promise<PdfValue | undefined> {
    let current = value;
    for (let steps = 0; current?.kind === 'reference'; steps++) {
      if (steps === bounds.references) throw tooComplex('references that lead to references without end');
      const object = await this.object(current.number);
      // A reference with another generation is one to an object that is gone.
      current = object?.generation === current.generation ? object.value : undefined;
    }
    return current?.kind === 'null' ? undefined : current;
  }

  /** The value of a key, behind references. */
  get(dictionary: PdfDictionary, key: string): Promise<PdfValue | undefined> {
    return this.resolve(dictionary.entries.get(key));
  }

  /** The dictionary of a key, behind references; undefined when there is none, or something else. */
  async dictionary(dictionary: PdfDictionary, key: string): Promise<PdfDictionary | undefined> {
    const value = await this.get(dictionary, key);
    return value?.kind === 'dictionary' ? value : undefined;
  }

  /** The document catalogue and its reference. @throws Failure `pdf-broken` when there is none. */
  async catalogue(): Promise<{ readonly reference: PdfReference; readonly dictionary: PdfDictionary }> {
    const reference = this.references.trailer.entries.get('Root');
    const dictionary = await this.resolve(reference);
    if (reference?.kind !== 'reference' || dictionary?.kind !== 'dictionary') {
      throw broken('object', 'no catalogue');
    }
    return { reference, dictionary };
  }

  async #compressed(number: number, stream: number, index: number): Promise<IndirectObject> {
    if (this.#objectStream?.number !== stream) this.#objectStream = await this.#readObjectStream(stream);
    const { data, numbers, offsets } = this.#objectStream;
    const offset = offsets[index];
    if (numbers[index] !== number || offset === undefined) {
      throw broken('xref', `object ${number} is not in object stream ${stream}`);
    }
    const syntax = new PdfSyntax(data, true, offset);
    const value = syntax.value();
    this.#reader.account(syntax.at - offset);
    return { number, generation: 0, value, streamAt: undefined };
  }

  /** ISO 32000-1, 7.5.7. */
  async #readObjectStream(number: number): Promise<ObjectStream> {
    const entry = await this.references.entry(number);
    // An object stream may not itself be compressed: that could go round in circles.
    if (entry?.kind !== 'offset') throw broken('xref', `no object stream ${number}`);
    const { value, streamAt, ...header } = await this.#reader.object(entry.offset);
    if (
      header.number !== number ||
      value.kind !== 'dictionary' ||
      streamAt === undefined ||
      nameOf(value.entries.get('Type')) !== 'ObjStm'
    ) {
      throw broken('object', `object ${number} is no object stream`);
    }
    const length = await this.#streamLength(value);
    const data = await this.#reader.stream(value, streamAt, length);
    const first = integerOf(value.entries.get('First'), 0, data.length);
    const count = integerOf(value.entries.get('N'), 0, bounds.values);
    if (first === undefined || count === undefined) throw broken('object', `object stream ${number}`);
    const syntax = new PdfSyntax(data.subarray(0, first), true);
    const [numbers, offsets]: [number[], number[]] = [[], []];
    for (let index = 0; index < count; index++) {
      const [inside, offset] = [syntax.count(), syntax.count()];
      if (inside === undefined || offset === undefined) throw broken('object', `object stream ${number}`);
      numbers.push(inside);
      offsets.push(first + offset);
    }
    return { number, data, numbers, offsets };
  }

  /** The length of a stream; behind a reference it must be an object of its own, not a compressed one. */
  async #streamLength(dictionary: PdfDictionary): Promise<number> {
    let value = dictionary.entries.get('Length');
    if (value?.kind === 'reference') {
      const entry = await this.references.entry(value.number);
      if (entry?.kind !== 'offset') throw broken('object', 'a stream without length');
      value = (await this.#reader.object(entry.offset)).value;
    }
    const length = integerOf(value, 0, this.source.size);
    if (length === undefined) throw broken('object', 'a stream without length');
    return length;
  }
}
