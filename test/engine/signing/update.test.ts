import { describe, expect, it } from 'vitest';
import { MemorySource } from '../../../electron/engine/signing/byte-source.ts';
import { planSignature, type SignatureOptions } from '../../../electron/engine/signing/prepared-signature.ts';
import { needs } from '../../run/needs.ts';
import { fieldPdf, hybridPdf, indirectPdf, qpdf, streamPdf } from './pdf-shapes.ts';
import { onePage, tablePdf } from './pdf-writing.ts';
import { lastSignature, signBytes } from './sign-bytes.ts';
import { sharedAuthority, softwareKey } from './software-key.ts';

/** What an update says, read as text: by eye and by hand, not by our own reader. */

const key = await softwareKey('P-256', await sharedAuthority());
const moment = new Date('2026-11-22T03:04:05.678Z');

/** The update's text with the room for the CMS cut down to two digits. */
async function updateOf(pdf: Uint8Array, options: SignatureOptions = {}): Promise<string> {
  const { update } = await planSignature(new MemorySource(pdf), key, { moment, ...options });
  return update.toString('latin1').replace(/<0{100,}>/, '<00>');
}

/** The numbers of the objects in an update. */
const numbers = (update: string): number[] =>
  [...update.matchAll(/^(\d+) \d+ obj$/gm)].map(([, number]) => Number(number)).sort((a, b) => a - b);

describe('an update', () => {
  it('changes catalogue and page, and adds signature, field, appearance and form', async () => {
    const update = await updateOf(tablePdf());
    expect(numbers(update)).toEqual([1, 3, 6, 7, 8, 9]);
    expect(update).toContain('1 0 obj\n<<\n/Type /Catalog\n/Pages 2 0 R\n/AcroForm 9 0 R\n>>\nendobj');
    expect(update).toContain('/Annots [7 0 R]\n>>\nendobj');
    expect(update).toContain('9 0 obj\n<<\n/Fields [7 0 R]\n/SigFlags 3\n>>');
    expect(update).toContain(
      '7 0 obj\n<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (Signature1)\n/V 6 0 R\n/Rect [0 0 0 0]\n/F 132\n/P 3 0 R\n/AP << /N 8 0 R >>\n>>',
    );
    expect(update).toMatch(
      /6 0 obj\n<<\n\/Type \/Sig\n\/Filter \/Adobe\.PPKLite\n\/SubFilter \/ETSI\.CAdES\.detached\n\/M \(D:20261122030405Z\)\n\/ByteRange \[0 \d+ +\d+ +\d+ *\]\n\/Contents <00>\n>>/,
    );
  });

  it('writes the arrays only, where they are objects of their own, and no object is a holder of theirs', async () => {
    const update = await updateOf(indirectPdf());
    // Annots is object 6, Fields is object 7; the form itself stands in the catalogue and has no flags yet.
    expect(numbers(update)).toEqual([1, 6, 7, 10, 11, 12]);
    expect(update).toContain('6 0 obj\n[8 0 R 11 0 R]\nendobj');
    expect(update).toContain('7 0 obj\n[8 0 R 11 0 R]\nendobj');
    expect(update).toContain('/T (Signature2)');
    expect(update.startsWith('\n')).toBe(true);
  });

  it('leaves catalogue and form alone when they say all already', async () => {
    const pdf = tablePdf([
      ...onePage({ catalogue: '/AcroForm 6 0 R', page: '/Annots 8 0 R' }),
      { number: 6, text: '<< /Fields 7 0 R /SigFlags 3 >>' },
      { number: 7, text: '[]' },
      { number: 8, text: '[]' },
    ]);
    expect(numbers(await updateOf(pdf))).toEqual([7, 8, 9, 10, 11]);
  });

  it('takes every byte of what it writes again from the file', async () => {
    const page = '/PieceInfo << /A#20b (x\\051\\\n) /N 1.50 /H <0a 0B> >> /Tabs/S/Extra[1 2 R]';
    expect(await updateOf(tablePdf(onePage({ page })))).toContain(
      '/PieceInfo << /A#20b (x\\051\\\n) /N 1.50 /H <0a 0B> >>\n/Tabs /S\n/Extra [1 2 R]\n/Annots',
    );
  });

  it('continues a table with a table, and a stream with a stream', async () => {
    const [table, stream, hybrid] = await Promise.all(
      [tablePdf(), streamPdf(), hybridPdf()].map((pdf) => updateOf(pdf)),
    );
    expect(table).toMatch(/\nxref\n1 1\n\d{10} 00000 n \n3 1\n/);
    expect(table).not.toContain('/XRef');
    expect(stream).toContain('/Type /XRef\n/W [1 5 2]\n/Index [1 1 3 1 7 5]');
    expect(stream).not.toMatch(/^xref$/m);
    expect(hybrid).toMatch(/^xref$/m);
    expect(hybrid).not.toContain('XRefStm');
  });

  it('leads back to the sections before', async () => {
    const pdf = tablePdf();
    const start = pdf.lastIndexOf('\nxref\n') + 1;
    expect(await updateOf(pdf)).toContain(`/Prev ${start}\n>>\nstartxref\n`);
  });

  it('keeps Root, Info and the first half of the ID, and changes the second', async () => {
    const trailer = '/Root 1 0 R /Info 5 0 R /ID [<00112233445566778899AABBCCDDEEFF> (x)]';
    const pdf = tablePdf(onePage(), { trailer });
    const [one, two] = [await updateOf(pdf), await updateOf(pdf)];
    const id =
      /\/Size 10\n\/Root 1 0 R\n\/Info 5 0 R\n\/ID \[<00112233445566778899AABBCCDDEEFF> <([0-9A-F]{32})>\]/;
    expect(one).toMatch(id);
    expect(id.exec(one)?.[1]).not.toBe(id.exec(two)?.[1]);
  });

  it('gives a file without ID one', async () => {
    expect(await updateOf(tablePdf(onePage(), { trailer: '/Root 1 0 R' }))).toMatch(
      /\/ID \[<([0-9A-F]{32})> <\1>\]/,
    );
  });

  it('says reason and place as text strings', async () => {
    const update = await updateOf(tablePdf(), { reason: 'De acord (da)', location: 'Chișinău' });
    expect(update).toContain('/Reason (De acord \\(da\\))\n/Location <FEFF0043006800690219');
  });
});

describe('a field that is there', () => {
  it('keeps its place and gets its lock repeated in the signature', async () => {
    const update = await updateOf(fieldPdf('/Lock 9 0 R'), { field: 'Approval.Signer' });
    expect(numbers(update)).toEqual([6, 8, 10, 11]);
    expect(update).toContain('/Rect [20 20 120 60]');
    expect(update).toContain('/V 10 0 R');
    expect(update).toContain('/BBox [0 0 100.00 40.00]');
    expect(update).toContain(
      '/Reference [<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams << /Type /TransformParams /V /1.2 /Action /Include /Fields [(Other)] >> /Data 1 0 R >>]',
    );
  });

  it.each([
    ['no such field', fieldPdf(), 'Approval.Other'],
    ['not a full name', fieldPdf(), 'Signer'],
    ['signed already', fieldPdf('/V 9 0 R'), 'Approval.Signer'],
    [
      'demands another kind',
      fieldPdf('/SV << /Ff 2 /SubFilter [/adbe.pkcs7.detached] >>'),
      'Approval.Signer',
    ],
    ['demands another hash', fieldPdf('/SV << /Ff 64 /DigestMethod [(SHA512)] >>'), 'Approval.Signer'],
    ['demands a reason', fieldPdf('/SV << /Ff 8 /Reasons [(x)] >>'), 'Approval.Signer'],
  ])('is not signed: %s', async (_, pdf, field) => {
    await expect(updateOf(pdf, { field })).rejects.toMatchObject({
      code: 'pdf-field-unusable',
      parameters: { field },
    });
  });

  it.each([
    '/SV << /Ff 2 /SubFilter [/adbe.pkcs7.detached /ETSI.CAdES.detached] >>',
    '/SV << /Ff 64 /DigestMethod [(SHA256)] >>',
    '/SV << /SubFilter [/adbe.pkcs7.detached] >>',
  ])('is signed although it has wishes: %s', async (more) => {
    expect(await updateOf(fieldPdf(more), { field: 'Approval.Signer' })).toContain('/V 10 0 R');
  });
});

describe('the place of the CMS', () => {
  it('is all that ByteRange leaves out, and 16 KB large', async () => {
    const pdf = await signBytes(tablePdf(), key);
    const { gap, content } = lastSignature(pdf);
    expect(gap).toBe(2 * 16_384 + 2);
    expect(content.length + gap).toBe(pdf.length);
    expect(content.toString('latin1')).toMatch(/\/Contents \n>>/);
  });

  it('is as large as asked for', async () => {
    const { gap } = lastSignature(await signBytes(tablePdf(), key, { contentsLength: 32_768 }));
    expect(gap).toBe(2 * 32_768 + 2);
  });

  it('must have room: too little is refused before the key is asked', async () => {
    await expect(updateOf(tablePdf(), { contentsLength: 1_000 })).rejects.toMatchObject({
      code: 'signature-too-large',
    });
  });

  it('grows where the certificates need more', async () => {
    const chain = [...key.chain, ...(await Promise.all(Array.from({ length: 24 }, another)))];
    const { gap, cms } = lastSignature(await signBytes(tablePdf(), { ...key, chain }));
    expect(cms.length).toBeGreaterThan(16_384);
    expect(gap).toBeGreaterThan(2 * cms.length);
  });
});

async function another(): Promise<Uint8Array> {
  return (await softwareKey('P-256', await sharedAuthority())).certificate;
}

describe.skipIf(!needs('qpdf'))('a file whose catalogue is in an object stream', () => {
  it('gets it as an object of its own', async () => {
    const update = await updateOf(qpdf(tablePdf(), '--object-streams=generate'));
    expect(update).toContain('/Type /Catalog');
    expect(update).toContain('/Type /XRef');
  });
});
