import type { ByteSource } from '../byte-source.ts';
import { bounds } from './bounds.ts';
import type { ObjectReader } from './object-reader.ts';
import { broken, tooComplex } from './pdf-failures.ts';
import { integerOf, nameOf, type PdfDictionary } from './values.ts';

/** What a section says of an object (ISO 32000-1, 7.5.4 and 7.5.8). */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'compressed'; readonly stream: number; readonly index: number };

/** One cross-reference section. */
export interface XrefSection {
  readonly form: 'table' | 'stream';
  readonly trailer: PdfDictionary;
  /** One more than the highest object number that it speaks of. */
  readonly end: number;
  readonly subsections: number;
  /** What it says of an object; undefined when it says nothing. */
  entry(number: number): Promise<XrefEntry | undefined>;
}

interface Subsection {
  readonly first: number;
  readonly count: number;
  /** Where its entries begin: in the file (table), or in the decoded stream. */
  readonly at: number;
}

/** Bytes of an entry of a table. */
const tableEntry = 20;
const entryPattern = /^(\d{10}) (\d{5}) ([nf])(?:\r\n| \n| \r)$/;

/** Reads the section at `position`, whichever its form. @throws Failure `pdf-broken`, `pdf-too-complex`. */
export async function readXrefSection(reader: ObjectReader, position: number): Promise<XrefSection> {
  const table = await reader.syntax(position, (syntax) => (syntax.takes('xref') ? syntax.at : undefined));
  return table === undefined ? readStream(reader, position) : readTable(reader, position + table);
}

async function readTable(reader: ObjectReader, start: number): Promise<XrefSection> {
  const subsections: Subsection[] = [];
  for (let at = start; ; ) {
    const next = await reader.syntax(at, (syntax) => {
      if (syntax.takes('trailer')) return { trailer: syntax.dictionary() };
      const first = syntax.count();
      const count = syntax.count();
      if (first === undefined || count === undefined) throw broken('xref', 'no subsection and no trailer');
      syntax.skip();
      return { first, count, length: syntax.at };
    });
    if (next.trailer) {
      const sorted = inOrder(subsections);
      return {
        form: 'table',
        trailer: next.trailer,
        end: endOf(sorted),
        subsections: sorted.length,
        entry: (number) => tableLookup(reader.source, sorted, number),
      };
    }
    add(subsections, next.first, next.count, at + next.length);
    at += next.length + next.count * tableEntry;
    if (at > reader.source.size) throw broken('xref', 'a table longer than the file');
  }
}

async function tableLookup(
  source: ByteSource,
  subsections: readonly Subsection[],
  number: number,
): Promise<XrefEntry | undefined> {
  const subsection = find(subsections, number);
  if (!subsection) return undefined;
  const at = subsection.at + (number - subsection.first) * tableEntry;
  const text = Buffer.from(await source.read(at, tableEntry)).toString('latin1');
  const entry = entryPattern.exec(text);
  if (!entry) throw broken('xref', `entry of object ${number}`);
  if (entry[3] === 'f') return { kind: 'free' };
  return { kind: 'offset', offset: Number(entry[1]), generation: Number(entry[2]) };
}

async function readStream(reader: ObjectReader, position: number): Promise<XrefSection> {
  const { value, streamAt } = await reader.object(position);
  if (value.kind !== 'dictionary' || streamAt === undefined || nameOf(value.entries.get('Type')) !== 'XRef') {
    throw broken('xref', 'neither a table nor a cross-reference stream');
  }
  const length = integerOf(value.entries.get('Length'), 0, reader.source.size);
  const size = integerOf(value.entries.get('Size'), 1, bounds.objectNumber + 1);
  if (length === undefined || size === undefined) throw broken('xref', "a cross-reference stream's lengths");
  const widths = widthsOf(value);
  const entryLength = widths[0] + widths[1] + widths[2];
  const subsections: Subsection[] = [];
  let at = 0;
  const index = value.entries.get('Index');
  const pairs = index?.kind === 'array' ? index.items : undefined;
  if (index !== undefined && (pairs === undefined || pairs.length % 2 !== 0))
    throw broken('xref', 'an Index');
  for (let pair = 0; pair < (pairs?.length ?? 2); pair += 2) {
    const first = pairs ? integerOf(pairs[pair], 0, bounds.objectNumber) : 0;
    const count = pairs ? integerOf(pairs[pair + 1], 0, bounds.objectNumber + 1) : size;
    if (first === undefined || count === undefined) throw broken('xref', 'an Index');
    add(subsections, first, count, at);
    at += count * entryLength;
  }
  const data = await reader.stream(value, streamAt, length);
  if (data.length < at) throw broken('xref', 'a cross-reference stream that is too short');
  const sorted = inOrder(subsections);
  return {
    form: 'stream',
    trailer: value,
    end: endOf(sorted),
    subsections: sorted.length,
    entry: async (number) => streamLookup(data, widths, sorted, number),
  };
}

type Widths = readonly [number, number, number];

function widthsOf(dictionary: PdfDictionary): Widths {
  const w = dictionary.entries.get('W');
  const items = w?.kind === 'array' ? w.items : [];
  // More bytes than a safe integer has are no offset of a file.
  const [type, second, third] = items.map((item) => integerOf(item, 0, 6));
  if (items.length !== 3 || type === undefined || second === undefined || third === undefined || second === 0)
    throw broken('xref', "a cross-reference stream's W");
  return [type, second, third];
}

function streamLookup(
  data: Uint8Array,
  [w0, w1, w2]: Widths,
  subsections: readonly Subsection[],
  number: number,
): XrefEntry | undefined {
  const subsection = find(subsections, number);
  if (!subsection) return undefined;
  const at = subsection.at + (number - subsection.first) * (w0 + w1 + w2);
  const field = (start: number, width: number): number => {
    let value = 0;
    for (let byte = start; byte < start + width; byte++) value = value * 256 + (data[byte] as number);
    return value;
  };
  const type = w0 === 0 ? 1 : field(at, w0);
  const [second, third] = [field(at + w0, w1), field(at + w0 + w1, w2)];
  if (type === 1) return { kind: 'offset', offset: second, generation: third };
  if (type === 2) return { kind: 'compressed', stream: second, index: third };
  return { kind: 'free' };
}

function add(subsections: Subsection[], first: number, count: number, at: number): void {
  if (first + count > bounds.objectNumber + 1) throw broken('xref', `object numbers up to ${first + count}`);
  if (subsections.length >= bounds.subsections) throw tooComplex(`${bounds.subsections} subsections`);
  if (count > 0) subsections.push({ first, count, at });
}

/** Sorted by number. Two that speak of the same object would let two readers see two documents. */
function inOrder(subsections: readonly Subsection[]): readonly Subsection[] {
  const sorted = [...subsections].sort((a, b) => a.first - b.first);
  for (const [index, { first, count }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next && next.first < first + count) throw broken('xref', `object ${next.first} twice in a section`);
  }
  return sorted;
}

function endOf(sorted: readonly Subsection[]): number {
  const last = sorted.at(-1);
  return last ? last.first + last.count : 0;
}

function find(sorted: readonly Subsection[], number: number): Subsection | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle] as Subsection;
    if (number < one.first) high = middle;
    else if (number >= one.first + one.count) low = middle + 1;
    else return one;
  }
  return undefined;
}
