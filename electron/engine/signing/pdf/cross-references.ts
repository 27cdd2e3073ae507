import { bounds } from './bounds.ts';
import type { ObjectReader } from './object-reader.ts';
import { broken, encrypted, tooComplex } from './pdf-failures.ts';
import { integerOf, type PdfDictionary } from './values.ts';
import { readXrefSection, type XrefEntry, type XrefSection } from './xref-section.ts';

/** All cross-references of a file: its sections from the newest to the oldest. */
export interface CrossReferences {
  /** What `startxref` says: where the newest section begins. */
  readonly start: number;
  /** The form of the newest section, which an update continues (ISO 32000-1, 7.5.8.4). */
  readonly form: 'table' | 'stream';
  /** The newest trailer. */
  readonly trailer: PdfDictionary;
  /** One more than the highest object number in use. */
  readonly size: number;
  /** Where an object is; undefined when there is none. */
  entry(number: number): Promise<XrefEntry | undefined>;
}

/**
 * Reads the cross-references from the end of the file backwards: tables, streams, both (hybrid files), updates
 * and linearized files.
 * @throws Failure `pdf-broken`, `pdf-too-complex`, `pdf-encrypted`.
 */
export async function readCrossReferences(reader: ObjectReader): Promise<CrossReferences> {
  const start = await findStart(reader);
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let subsections = 0;
  let newest: XrefSection | undefined;

  const read = async (position: number): Promise<XrefSection> => {
    if (seen.has(position)) throw broken('xref', 'sections that lead in a circle');
    seen.add(position);
    if (seen.size > bounds.sections) throw tooComplex(`more than ${bounds.sections} sections`);
    const section = await readXrefSection(reader, position);
    subsections += section.subsections;
    if (subsections > bounds.subsections) throw tooComplex(`${subsections} subsections`);
    return section;
  };
  const place = (section: XrefSection, key: string): number | undefined => {
    const value = section.trailer.entries.get(key);
    const position = integerOf(value, 0, reader.source.size - 1);
    if (value !== undefined && position === undefined) throw broken('xref', `${key} is no place in the file`);
    return position;
  };

  for (let at: number | undefined = start; at !== undefined; ) {
    const section: XrefSection = await read(at);
    newest ??= section;
    const more = section.form === 'table' ? place(section, 'XRefStm') : undefined;
    sections.push(more === undefined ? section : hybrid(section, await read(more)));
    at = place(section, 'Prev');
  }
  if (!newest) throw broken('xref', 'no section');
  if (sections.some(({ trailer }) => trailer.entries.has('Encrypt'))) throw encrypted();

  const declared = sections.map(({ trailer }) =>
    integerOf(trailer.entries.get('Size'), 1, bounds.objectNumber),
  );
  return {
    start,
    form: newest.form,
    trailer: newest.trailer,
    size: Math.max(...declared.map((size) => size ?? 1), ...sections.map(({ end }) => end)),
    entry: (number) => lookUp(sections, number),
  };
}

async function lookUp(sections: readonly XrefSection[], number: number): Promise<XrefEntry | undefined> {
  for (const section of sections) {
    const entry = await section.entry(number);
    if (entry) return entry;
  }
  return undefined;
}

/** A table whose stream holds what older readers must not see (ISO 32000-1, 7.5.8.4): free in the table. */
function hybrid(table: XrefSection, stream: XrefSection): XrefSection {
  if (stream.form !== 'stream') throw broken('xref', 'XRefStm leads to no stream');
  return {
    ...table,
    end: Math.max(table.end, stream.end),
    entry: async (number) => {
      const entry = await table.entry(number);
      return entry && entry.kind !== 'free' ? entry : ((await stream.entry(number)) ?? entry);
    },
  };
}

/** The number after the last `startxref`. */
async function findStart(reader: ObjectReader): Promise<number> {
  const { source } = reader;
  const from = Math.max(0, source.size - bounds.tail);
  const tail = Buffer.from(await source.read(from, bounds.tail)).toString('latin1');
  const found = /startxref[\0\t\n\f\r ]+(\d{1,10})(?!.*startxref)/s.exec(tail);
  const start = found ? Number(found[1]) : Number.NaN;
  if (!(start > 0 && start < source.size)) throw broken('xref', 'no startxref that leads into the file');
  return start;
}
