import type { ChosenDocument } from '../../electron/contract/pages/host-methods.ts';
import type { Answer } from './answer.ts';
import { scannedPage } from './scanned-page.ts';

/** Documents that a scripted host has to choose from, and what it does with them. */

/** A PDF 1.4 file with a line of text on each page, written out by hand. ASCII only. */
export function samplePdf(pages: readonly string[], extra = ''): string {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Count ${pages.length}/Kids[${pages.map((_, page) => `${4 + page * 2} 0 R`).join(' ')}]>>`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    ...pages.flatMap((text, page) => {
      const stream = `BT /F1 18 Tf 60 760 Td 24 TL (${text}) Tj T* (Pagina ${page + 1}) Tj ET 60 730 m 535 730 l S`;
      return [
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${5 + page * 2} 0 R/Resources<</Font<</F1 3 0 R>>>>${extra}>>`,
        `<</Length ${stream.length}>>stream\n${stream}\nendstream`,
      ];
    }),
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) file += `${String(offset).padStart(10, '0')} 00000 n \n`;
  return `${file}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`;
}

interface Sample {
  readonly file: ChosenDocument;
  readonly content: string;
}

const sample = (digit: number, name: string, content: string): Sample => ({
  file: { id: `0000000${digit}-0000-4000-8000-000000000000`, name, size: content.length },
  content,
});

export const samples: readonly Sample[] = [
  sample(
    1,
    'Contract de locațiune.pdf',
    samplePdf(['Contract de locatiune', 'Obligatii', 'Dispozitii finale']),
  ),
  sample(2, 'Act de primire.pdf', samplePdf(['Act de primire'])),
  sample(3, 'stricat.pdf', '%PDF-1.7\nnothing of what a PDF is\n'),
  sample(4, `<img src=x>\u202efdp.exe ${'w'.repeat(240)}.pdf`, samplePdf(['Nume ostil'])),
  sample(5, 'Scanare.pdf', atob(scannedPage)),
];

export interface DocumentScript {
  /** Which of the samples the person chooses. */
  readonly chooses?: readonly number[];
  /** The samples that are signed; the others fail with `fails`. Undefined: signing never ends. */
  readonly signs?: readonly number[];
  readonly fails?: string;
}

/** What the scripted host answers about documents; undefined for anything else. */
export function documentAnswer(
  method: string,
  params: Record<string, unknown>,
  { chooses = [0, 1], signs, fails = 'pdf-broken' }: DocumentScript = {},
): Answer {
  switch (method) {
    case 'host.documents.choose':
      return { result: { documents: chooses.map((index) => samples[index]?.file) } };
    case 'host.documents.read': {
      const { content, file } = samples.find(({ file }) => file.id === params.id) as Sample;
      const offset = params.offset as number;
      const piece = content.slice(offset, offset + (params.length as number));
      return { result: { data: btoa(piece), size: file.size } };
    }
    case 'host.documents.sign':
      if (signs === undefined) return undefined;
      return {
        result: {
          results: (params.ids as string[]).map((id) => {
            const index = samples.findIndex(({ file }) => file.id === id);
            return signs.includes(index)
              ? {
                  id,
                  output: samples[index]?.file.name.replace(/\.pdf$/, '.signed.pdf'),
                  signer: { commonName: 'EXEMPLU ANA', idnp: null, serialNumber: '05D6E7F8' },
                  digest: { algorithm: 'SHA-256', value: 'AB'.repeat(32) },
                }
              : { id, failure: { code: fails, parameters: { path: samples[index]?.file.name ?? '' } } };
          }),
        },
      };
    case 'host.documents.show':
      return { result: {} };
    default:
      return undefined;
  }
}
