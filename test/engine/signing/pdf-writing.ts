/** Writes PDF files by hand, for the tests: every byte is here, and offsets are counted. */

export interface PlainObject {
  readonly number: number;
  readonly generation?: number;
  /** What stands between `obj` and `endobj`, Latin-1. */
  readonly text: string;
}

/** Text of a stream object. */
export function streamText(dictionary: string, data: string): string {
  return `<< ${dictionary} /Length ${data.length} >>\nstream\n${data}\nendstream`;
}

/** A PDF as bytes, objects and sections appended one after the other. */
export class PdfText {
  #text: string;
  readonly offsets = new Map<number, number>();

  constructor(header = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n') {
    this.#text = header;
  }

  get length(): number {
    return this.#text.length;
  }

  raw(text: string): this {
    this.#text += text;
    return this;
  }

  object({ number, generation = 0, text }: PlainObject): this {
    this.offsets.set(number, this.#text.length);
    return this.raw(`${number} ${generation} obj\n${text}\nendobj\n`);
  }

  /** A table with one subsection from 0 on, free where there is no offset; returns where it begins. */
  table(trailer: string, size: number, hidden: readonly number[] = []): number {
    const start = this.#text.length;
    let rows = `xref\n0 ${size}\n0000000000 65535 f \n`;
    for (let number = 1; number < size; number++) {
      const offset = hidden.includes(number) ? undefined : this.offsets.get(number);
      rows +=
        offset === undefined ? '0000000000 00000 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`;
    }
    this.raw(`${rows}trailer\n<< /Size ${size} ${trailer} >>\n`);
    return start;
  }

  end(startxref: number, tail = '%%EOF\n'): Buffer {
    return this.raw(`startxref\n${startxref}\n${tail}`).bytes();
  }

  bytes(): Buffer {
    return Buffer.from(this.#text, 'latin1');
  }
}

/** A row of a cross-reference stream with W [1 4 2], as Latin-1. */
export function row(type: number, second: number, third: number): string {
  const bytes = Buffer.alloc(7);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32BE(second, 1);
  bytes.writeUInt16BE(third, 5);
  return bytes.toString('latin1');
}

const content = 'BT /F1 18 Tf 20 100 Td (A page that speaks of /Contents and /ByteRange) Tj ET';

/** Objects 1 to 5 of a document with one page. @param more Entries for catalogue and page. */
export function onePage(more: { readonly catalogue?: string; readonly page?: string } = {}): PlainObject[] {
  return [
    { number: 1, text: `<< /Type /Catalog /Pages 2 0 R ${more.catalogue ?? ''} >>` },
    { number: 2, text: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>' },
    {
      number: 3,
      text: `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> ${more.page ?? ''} >>`,
    },
    { number: 4, text: streamText('', content) },
    { number: 5, text: '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>' },
  ];
}

/** A document with a table: the objects of `onePage` and more. */
export function tablePdf(
  objects: readonly PlainObject[] = onePage(),
  options: { readonly trailer?: string; readonly tail?: string; readonly header?: string } = {},
): Buffer {
  const pdf = new PdfText(options.header);
  for (const object of objects) pdf.object(object);
  const size = Math.max(...objects.map(({ number }) => number)) + 1;
  const id = '/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]';
  return pdf.end(pdf.table(options.trailer ?? `/Root 1 0 R ${id}`, size), options.tail);
}
