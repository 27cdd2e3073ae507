import { randomBytes } from 'node:crypto';
import { bounds } from './bounds.ts';
import type { CrossReferences } from './cross-references.ts';
import { tooComplex } from './pdf-failures.ts';
import { bytesOf, type PdfReference } from './values.ts';
import { hexString, type PdfText, referenceText } from './writing.ts';

/** An object of an update. */
interface Written {
  readonly number: number;
  readonly generation: number;
  readonly text: PdfText;
}

/** Where an object of an update begins. */
interface Place {
  readonly number: number;
  readonly generation: number;
  readonly offset: number;
}

/** An update as bytes that follow the file (ISO 32000-1, 7.5.6). */
export interface IncrementBytes {
  readonly bytes: Buffer;
  /** Where the text of an object of the update begins in `bytes`. */
  textAt(number: number): number;
}

/** Collects the objects of an update: changed and new ones. */
export class Increment {
  readonly #references: CrossReferences;
  readonly #objects: Written[] = [];
  #next: number;

  constructor(references: CrossReferences) {
    this.#references = references;
    this.#next = references.size;
  }

  /** A number for a new object. @throws Failure `pdf-too-complex` when there is none left. */
  reserve(): PdfReference {
    if (this.#next > bounds.objectNumber - 1) throw tooComplex('no object number is left');
    return { kind: 'reference', number: this.#next++, generation: 0, raw: new Uint8Array(0) };
  }

  /** Writes an object anew. */
  put({ number, generation }: Pick<PdfReference, 'number' | 'generation'>, text: PdfText): void {
    this.#objects.push({ number, generation, text });
  }

  /**
   * The update, to stand at `start` of the file, in the form of the newest cross-references.
   * @param lineEnd Whether a line end must come first, because the file does not end with one.
   */
  bytes(start: number, lineEnd: boolean): IncrementBytes {
    const parts: string[] = lineEnd ? ['\n'] : [];
    let at = lineEnd ? 1 : 0;
    const places: Place[] = [];
    const texts = new Map<number, number>();
    const append = (text: string): void => {
      parts.push(text);
      at += text.length;
    };
    for (const { number, generation, text } of this.#objects) {
      places.push({ number, generation, offset: start + at });
      append(`${number} ${generation} obj\n`);
      texts.set(number, at);
      append(`${text}\nendobj\n`);
    }
    const section = start + at;
    append(this.#references.form === 'table' ? this.#table(places) : this.#stream(places, section));
    append(`startxref\n${section}\n%%EOF\n`);
    if (start + at > bounds.fileSize) throw tooComplex(`a file of ${start + at} bytes`);
    return {
      bytes: Buffer.from(parts.join(''), 'latin1'),
      textAt: (number) => {
        const found = texts.get(number);
        if (found === undefined) throw new RangeError(`object ${number} is not in the update`);
        return found;
      },
    };
  }

  #table(places: readonly Place[]): PdfText {
    const lines = runs(places).map((run) => {
      const entries = run.map(
        ({ offset, generation }) =>
          `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`,
      );
      return `${run[0]?.number} ${run.length}\n${entries.join('')}`;
    });
    return `xref\n${lines.join('')}trailer\n<<\n${this.#trailer(this.#next)}\n>>\n`;
  }

  /** A cross-reference stream, which lists itself. */
  #stream(places: readonly Place[], section: number): PdfText {
    const { number } = this.reserve();
    const all = runs([...places, { number, generation: 0, offset: section }]);
    const rows = all.flat().map(({ offset, generation }) => {
      const row = Buffer.alloc(8);
      row.writeUInt8(1, 0);
      row.writeUIntBE(offset, 1, 5);
      row.writeUInt16BE(generation, 6);
      return row;
    });
    const data = Buffer.concat(rows).toString('latin1');
    const index = all.map((run) => `${run[0]?.number} ${run.length}`).join(' ');
    return [
      `${number} 0 obj\n<<\n/Type /XRef\n/W [1 5 2]\n/Index [${index}]\n/Length ${data.length}\n`,
      `${this.#trailer(this.#next)}\n>>\nstream\n${data}\nendstream\nendobj\n`,
    ].join('');
  }

  /** Size, Root, Info, ID and Prev; the second part of the ID changes with every update (ISO 32000-1, 14.4). */
  #trailer(size: number): PdfText {
    const { trailer, start } = this.#references;
    const kept = (['Root', 'Info'] as const).flatMap((key) => {
      const value = trailer.entries.get(key);
      return value?.kind === 'reference' ? [`/${key} ${referenceText(value)}`] : [];
    });
    const id = trailer.entries.get('ID');
    const first = id?.kind === 'array' ? id.items[0] : undefined;
    const changed = randomBytes(16);
    const permanent = first?.kind === 'string' ? bytesOf(first) : changed;
    const ids = `/ID [${hexString(permanent)} ${hexString(changed)}]`;
    return [`/Size ${size}`, ...kept, ids, `/Prev ${start}`].join('\n');
  }
}

/** Sorted by number, those with consecutive numbers together. */
function runs(places: readonly Place[]): Place[][] {
  const result: Place[][] = [];
  for (const place of [...places].sort((a, b) => a.number - b.number)) {
    const run = result.at(-1);
    if (run && (run.at(-1)?.number ?? 0) + 1 === place.number) run.push(place);
    else result.push([place]);
  }
  return result;
}
