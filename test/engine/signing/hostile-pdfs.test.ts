import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../electron/engine/signing/byte-source.ts';
import { planSignature } from '../../../electron/engine/signing/prepared-signature.ts';
import { fieldPdf, hybridPdf, streamPdf } from './pdf-shapes.ts';
import { onePage, PdfText, row, streamText, tablePdf } from './pdf-writing.ts';
import { sharedAuthority, softwareKey } from './software-key.ts';

/** PDFs that must not be signed, and PDFs made to wear a reader out. */

const key = await softwareKey('P-256', await sharedAuthority());

/** The code and the reason of the failure; `signed` when there is none. */
async function outcomeOf(pdf: Uint8Array): Promise<string> {
  try {
    await planSignature(new MemorySource(pdf), key);
    return 'signed';
  } catch (error) {
    const { code, parameters } = error as { code?: string; parameters?: { reason?: string } };
    return parameters?.reason ? `${code} ${parameters.reason}` : String(code ?? error);
  }
}

const text = (pdf: Buffer): string => pdf.toString('latin1');
const replaced = (pdf: Buffer, from: string, to: string): Buffer => {
  expect(text(pdf)).toContain(from);
  return Buffer.from(text(pdf).replace(from, to), 'latin1');
};
const signature = (more: string): string =>
  `<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> ${more} >>`;
const transform = (method: string, parameters: string): string =>
  `/Reference [<< /TransformMethod /${method} /TransformParams << ${parameters} >> >>]`;

/** A form with one signed field. */
function signed(more: string, lock = '', catalogue = ''): Buffer {
  return tablePdf([
    ...onePage({ catalogue: `/AcroForm << /Fields [6 0 R] /SigFlags 3 >> ${catalogue}` }),
    { number: 6, text: `<< /FT /Sig /T (A) /V 7 0 R /Rect [0 0 0 0] ${lock} >>` },
    { number: 7, text: signature(more) },
  ]);
}

describe('a PDF that is not signed', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'pdf-broken header'],
    ['a text', Buffer.from('Hello'), 'pdf-broken header'],
    ['bytes before the header', Buffer.concat([Buffer.from('\n'), tablePdf()]), 'pdf-broken junk'],
    ['an odd version', replaced(tablePdf(), '%PDF-1.7', '%PDF-x.y'), 'pdf-broken junk'],
    ['no startxref', replaced(tablePdf(), 'startxref', 'startyref'), 'pdf-broken xref'],
    ['a startxref past the end', replaced(tablePdf(), 'startxref\n', 'startxref\n9'), 'pdf-broken xref'],
    [
      'a startxref to an object',
      new PdfText().object({ number: 1, text: '<< /Type /Catalog >>' }).end(15),
      'pdf-broken xref',
    ],
    ['an entry that is none', replaced(tablePdf(), ' 00000 n \n', ' 0000x n \n'), 'pdf-broken xref'],
    ['an object elsewhere', replaced(tablePdf(), '\n1 0 obj', '\n9 0 obj'), 'pdf-broken xref'],
    ['another generation', replaced(tablePdf(), '\n1 0 obj', '\n1 1 obj'), 'pdf-broken xref'],
    ['no catalogue', replaced(tablePdf(), '/Root 1 0 R', '/Root 8 0 R'), 'pdf-broken object'],
    ['a page tree in a circle', replaced(tablePdf(), '/Kids [3 0 R]', '/Kids [2 0 R]'), 'pdf-broken pages'],
    ['no pages', replaced(tablePdf(), '/Kids [3 0 R]', '/Kids [     ]'), 'pdf-broken pages'],
    [
      'encryption',
      tablePdf(onePage(), { trailer: '/Root 1 0 R /Encrypt << /Filter /Standard >>' }),
      'pdf-encrypted',
    ],
    ['annotations that are none', tablePdf(onePage({ page: '/Annots (x)' })), 'pdf-broken object'],
  ])('%s', async (_, pdf, code) => {
    expect(await outcomeOf(pdf)).toBe(code);
  });

  it.each([
    ['certified, no changes', signed(transform('DocMDP', '/P 1')), 'pdf-locked'],
    [
      'certified by Perms alone',
      tablePdf([
        ...onePage({ catalogue: '/Perms << /DocMDP 6 0 R >>' }),
        { number: 6, text: signature(transform('DocMDP', '/P 1')) },
      ]),
      'pdf-locked',
    ],
    ['certified, signing allowed', signed(transform('DocMDP', '/P 2')), 'signed'],
    ['certified, nothing said', signed(transform('DocMDP', '')), 'signed'],
    ['all fields locked', signed(transform('FieldMDP', '/Action /All')), 'pdf-locked'],
    [
      'all fields but some locked',
      signed(transform('FieldMDP', '/Action /Exclude /Fields [(B)]')),
      'pdf-locked',
    ],
    ['some fields locked', signed(transform('FieldMDP', '/Action /Include /Fields [(B)]')), 'signed'],
    ['locked by the field', signed('', '/Lock << /Action /All >>'), 'pdf-locked'],
    [
      'no change allowed by the field',
      signed('', '/Lock << /Action /Include /Fields [] /P 1 >>'),
      'pdf-locked',
    ],
    ['a field to lock all that is not signed yet', fieldPdf('/Lock << /Action /All >>'), 'signed'],
  ])('by its permissions: %s', async (_, pdf, code) => {
    expect(await outcomeOf(pdf)).toBe(code);
  });
});

describe('a PDF made to wear a reader out', () => {
  const plain = tablePdf();
  const zeros = (megabytes: number): string =>
    deflateSync(Buffer.alloc(megabytes * 1024 * 1024)).toString('latin1');

  it('with sections in a circle', async () => {
    const pdf = new PdfText();
    for (const object of onePage()) pdf.object(object);
    const at = pdf.length;
    expect(await outcomeOf(pdf.end(pdf.table(`/Root 1 0 R /Prev ${at}`, 6)))).toBe('pdf-broken xref');
  });

  it('with a hybrid section that leads to itself', async () => {
    const pdf = new PdfText();
    for (const object of onePage()) pdf.object(object);
    const at = pdf.length;
    expect(await outcomeOf(pdf.end(pdf.table(`/Root 1 0 R /XRefStm ${at}`, 6)))).toBe('pdf-broken xref');
  });

  it('with thousands of sections', async () => {
    const pdf = new PdfText();
    for (const object of onePage()) pdf.object(object);
    let at = pdf.table('/Root 1 0 R', 6);
    for (let section = 0; section < 1_100; section++) at = pdf.table(`/Root 1 0 R /Prev ${at}`, 1);
    expect(await outcomeOf(pdf.end(at))).toBe('pdf-too-complex');
  });

  it('with an object twice in a section', async () => {
    const pdf = replaced(plain, 'xref\n0 6\n', 'xref\n0 1\n0000000000 65535 f \n0 6\n');
    expect(await outcomeOf(pdf)).toBe('pdf-broken xref');
  });

  it('with numbers of objects that cannot be', async () => {
    expect(await outcomeOf(replaced(plain, 'xref\n0 6\n', 'xref\n9999999999 6\n'))).toBe('pdf-broken xref');
  });

  it('with values inside one another', async () => {
    const deep = tablePdf(onePage({ catalogue: `/X ${'['.repeat(100_000)}` }));
    expect(await outcomeOf(deep)).toBe('pdf-too-complex');
  });

  it('with a dictionary that does not end', async () => {
    const pdf = `%PDF-1.7\n1 0 obj\n<< /A ${'[ 1 ] '.repeat(3_000_000)}`;
    const whole = `${pdf}\nstartxref\n9\n%%EOF`;
    expect(await outcomeOf(Buffer.from(whole, 'latin1'))).toMatch(/^pdf-(too-complex|broken)/);
  });

  it('with a stream that becomes very large', async () => {
    const pdf = new PdfText();
    for (const object of onePage().slice(1)) pdf.object(object);
    pdf.object({
      number: 6,
      text: streamText('/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', zeros(100)),
    });
    const at = pdf.length;
    const rows = [0, 1, 2, 3, 4, 5, 6].map((n) =>
      n === 1 ? row(2, 6, 0) : row(n === 0 ? 0 : 1, pdf.offsets.get(n) ?? 0, 0),
    );
    pdf.object({
      number: 7,
      text: streamText('/Type /XRef /Size 8 /W [1 4 2] /Root 1 0 R', [...rows, row(1, at, 0)].join('')),
    });
    expect(await outcomeOf(pdf.end(at))).toBe('pdf-too-complex');
  });

  it('with cross-references that become very large', async () => {
    const pdf = new PdfText();
    for (const object of onePage()) pdf.object(object);
    const at = pdf.length;
    const dictionary = '/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode';
    pdf.object({ number: 6, text: streamText(dictionary, zeros(100)) });
    expect(await outcomeOf(pdf.end(at))).toBe('pdf-too-complex');
  });

  it('with an object stream inside an object stream', async () => {
    const pdf = hybridPdf();
    const circular = Buffer.from(text(pdf).replace(row(2, 6, 0), row(2, 5, 0)), 'latin1');
    // Nothing of the object stream is needed to sign: it is not looked at.
    expect(await outcomeOf(circular)).toBe('signed');
    const needed = replaced(circular, '/Parent 2 0 R', '/Parent 5 0 R');
    expect(await outcomeOf(replaced(needed, '/Pages 2 0 R', '/Pages 5 0 R'))).toBe('pdf-broken xref');
  });

  it('with references that lead to each other', async () => {
    const pdf = tablePdf([
      ...onePage({ catalogue: '/AcroForm 6 0 R' }),
      { number: 6, text: '7 0 R' },
      { number: 7, text: '6 0 R' },
    ]);
    expect(await outcomeOf(pdf)).toBe('pdf-too-complex');
  });

  it('with form fields in a circle', async () => {
    const pdf = tablePdf([
      ...onePage({ catalogue: '/AcroForm << /Fields [6 0 R] >>' }),
      { number: 6, text: '<< /T (a) /Kids [6 0 R] >>' },
    ]);
    expect(await outcomeOf(pdf)).toBe('pdf-broken object');
  });

  it('with very many form fields', async () => {
    const pdf = tablePdf([
      ...onePage({ catalogue: '/AcroForm << /Fields 6 0 R >>' }),
      { number: 6, text: `[${'<< /T (a) >> '.repeat(51_000)}]` },
    ]);
    expect(await outcomeOf(pdf)).toBe('pdf-too-complex');
  });

  it('with widths of entries that are no widths', async () => {
    expect(await outcomeOf(replaced(streamPdf(), '/W [1 4 2]', '/W [1 9 2]'))).toBe('pdf-broken xref');
  });

  it('with a length that lies', async () => {
    expect(await outcomeOf(replaced(streamPdf(), '/Length 49', '/Length 40'))).toBe('pdf-broken object');
  });
});
