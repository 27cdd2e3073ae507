import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onePage, PdfText, row, streamText, tablePdf } from './pdf-writing.ts';

/** The shapes that a PDF comes in. */
export interface PdfShape {
  readonly name: string;
  readonly bytes: Buffer;
  /** The empty signature field that is to be signed; absent: a new one. */
  readonly field?: string;
  /** Signatures that are there already. */
  readonly signatures: number;
}

/** All shapes but the signed one, which takes a signer. Those that qpdf makes are there when qpdf is. */
export function pdfShapes(options: { readonly qpdf: boolean }): PdfShape[] {
  const classic = tablePdf();
  const made: PdfShape[] = [
    { name: 'table', bytes: classic, signatures: 0 },
    { name: 'cross-reference stream', bytes: streamPdf(), signatures: 0 },
    { name: 'hybrid', bytes: hybridPdf(), signatures: 0 },
    { name: 'empty signature field', bytes: fieldPdf(), signatures: 0, field: 'Approval.Signer' },
    { name: 'indirect arrays, no line end', bytes: indirectPdf(), signatures: 0 },
    {
      name: 'comment behind the end',
      bytes: tablePdf(onePage(), { tail: '%%EOF\n% printed' }),
      signatures: 0,
    },
  ];
  if (!options.qpdf) return made;
  return [
    ...made,
    {
      name: 'linearized',
      bytes: qpdf(classic, '--linearize', '--object-streams=disable'),
      signatures: 0,
    },
    {
      name: 'linearized with object streams',
      bytes: qpdf(classic, '--linearize', '--object-streams=generate'),
      signatures: 0,
    },
    { name: 'object streams', bytes: qpdf(classic, '--object-streams=generate'), signatures: 0 },
  ];
}

/** A document rewritten by qpdf. */
export function qpdf(bytes: Uint8Array, ...options: readonly string[]): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'qpdf-'));
  try {
    const [from, to] = [path.join(folder, 'from.pdf'), path.join(folder, 'to.pdf')];
    writeFileSync(from, bytes);
    execFileSync('qpdf', [...options, from, to]);
    return readFileSync(to);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Cross-references in a stream that is not compressed, objects outside of streams. */
export function streamPdf(): Buffer {
  const pdf = new PdfText();
  for (const object of onePage()) pdf.object(object);
  const start = pdf.length;
  const rows = [row(0, 0, 65_535), ...[1, 2, 3, 4, 5].map((n) => row(1, pdf.offsets.get(n) ?? 0, 0))];
  const dictionary = '/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R';
  pdf.object({ number: 6, text: streamText(dictionary, [...rows, row(1, start, 0)].join('')) });
  return pdf.end(start);
}

/** A table for older readers, and a stream for what they must not see: the font in an object stream. */
export function hybridPdf(): Buffer {
  const pdf = new PdfText();
  const objects = onePage();
  for (const object of objects.slice(0, 4)) pdf.object(object);
  const font = objects[4]?.text ?? '';
  pdf.object({ number: 6, text: streamText('/Type /ObjStm /N 1 /First 4', `5 0 ${font}`) });
  const section = pdf.length;
  const rows = [row(2, 6, 0), row(1, pdf.offsets.get(6) ?? 0, 0), row(1, section, 0)].join('');
  pdf.object({ number: 7, text: streamText('/Type /XRef /Size 8 /W [1 4 2] /Index [5 3]', rows) });
  return pdf.end(pdf.table(`/Root 1 0 R /XRefStm ${section}`, 8, [5, 6, 7]));
}

/** A form with a field group whose only kid is an empty, visible signature field with a lock. */
export function fieldPdf(field = '', more = ''): Buffer {
  return tablePdf([
    ...onePage({ catalogue: '/AcroForm 6 0 R', page: '/Annots [8 0 R]' }),
    { number: 6, text: '<< /Fields [7 0 R] /DA (/Helv 0 Tf 0 g) >>' },
    { number: 7, text: '<< /T (Approval) /Kids [8 0 R] >>' },
    {
      number: 8,
      text: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signer) /Parent 7 0 R /Rect [20 20 120 60] /F 4 /P 3 0 R ${field} >>`,
    },
    { number: 9, text: `<< /Type /SigFieldLock /Action /Include /Fields [(Other)] ${more} >>` },
  ]);
}

/** Annots and Fields are objects of their own, and the last line has no end. */
export function indirectPdf(): Buffer {
  return tablePdf(
    [
      ...onePage({ catalogue: '/AcroForm << /Fields 7 0 R >>', page: '/Annots 6 0 R' }),
      { number: 6, text: '[8 0 R]' },
      { number: 7, text: '[8 0 R]' },
      {
        number: 8,
        text: '<< /Type /Annot /Subtype /Widget /FT /Tx /T (Signature1) /V (taken) /Rect [20 20 120 40] /F 4 /P 3 0 R /DA (/Helv 9 Tf) /AP << /N 9 0 R >> >>',
      },
      {
        number: 9,
        text: streamText('/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << >>', ''),
      },
    ],
    { tail: '%%EOF' },
  );
}
