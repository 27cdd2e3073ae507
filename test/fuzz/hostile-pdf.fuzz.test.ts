import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure } from '../../electron/contract/failures/failure.ts';
import { signPdfFile } from '../../electron/engine/signing/sign-pdf-file.ts';
import { pdfShapes } from '../engine/signing/pdf-shapes.ts';
import { lastSignature, signBytes } from '../engine/signing/sign-bytes.ts';
import { type SoftwareKey, sharedAuthority, softwareKey } from '../engine/signing/software-key.ts';
import { type Pdfsig, pdfsigTrusting } from '../rig/judges/pdfsig.ts';
import { structureFault } from '../rig/judges/qpdf.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { needs } from '../run/needs.ts';
import { forAll, must, mutated, patience } from './fuzzing.ts';

/**
 * PDFs made from valid ones by a few random changes: a named failure, or a signature that others accept; within
 * 5 seconds and without a heap that grows; the source as it was, and nothing else left behind.
 */

const longest = 5_000;
const mostGrowth = 256 * 1024 * 1024;
/** What may come of a file: all of it about the file itself. */
const named = ['pdf-broken', 'pdf-encrypted', 'pdf-locked', 'pdf-too-complex'] as const;
/** Of those that are signed, so many are shown to the judges; all of them in the long run. */
const judged = process.env.LONG === '1' ? Number.POSITIVE_INFINITY : 40;

/** Words that mean something in a PDF's structure, in place of one another. */
const words = [
  ...['obj', 'endobj', 'stream', 'endstream', 'xref', 'trailer', 'startxref', 'null', 'true', '%', ' '],
  ...[
    '0',
    '1',
    '2',
    '3',
    '7',
    '-1',
    '65535',
    '8388607',
    '9999999999',
    '1.5',
    '0 R',
    '3 0 R',
    '1 0 R',
    '9 0 R',
  ],
  ...[
    '<<',
    '>>',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '/',
    '/Kids',
    '/Prev',
    '/Size',
    '/Type',
    '/Length',
    '/Encrypt',
  ],
  ...['/XRefStm', '/Index', '/W', '/Filter', '/Annots', '/AcroForm', '/Fields', '/Parent', '/Root', '/Perms'],
];
const token = /[A-Za-z]+|\d+|[<>[\]()/]/g;

/** One token of the structure put in place of another. */
const withOtherWord = (files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(100_000), fc.constantFrom(...words)), { minLength: 1, maxLength: 3 }),
    )
    .map(([file, changes]) => {
      let text = Buffer.from(file).toString('latin1');
      for (const [where, word] of changes) {
        // The digits of a CMS are no structure.
        const tokens = [...text.matchAll(token)].filter(([one]) => one.length < 40);
        const chosen = tokens[where % Math.max(1, tokens.length)];
        if (chosen) text = text.slice(0, chosen.index) + word + text.slice(chosen.index + chosen[0].length);
      }
      return Buffer.from(text, 'latin1');
    });

describe('PDFs that are changed at random', { timeout: patience }, () => {
  let key: SoftwareKey;
  let folder = '';
  let files: Uint8Array[] = [];
  const signed: { readonly source: Uint8Array; readonly pdf: Buffer }[] = [];

  beforeAll(async () => {
    key = await softwareKey('P-256', await sharedAuthority());
    const shapes = pdfShapes({ qpdf: needs('qpdf') }).map(({ bytes }) => bytes);
    files = [...shapes, await signBytes(shapes[0] as Buffer, key)];
    folder = makeScratchFolder();
  });
  afterAll(() => removeScratchFolder(folder));

  it.each([
    ['bytes', mutated],
    ['words', withOtherWord],
  ] as const)('in their %s, are refused by name or signed', async (_, changed) => {
    const input = path.join(folder, 'a.pdf');
    const output = path.join(folder, 'b.pdf');
    await forAll(
      200,
      fc.asyncProperty(changed(files), async (pdf) => {
        writeFileSync(input, pdf);
        const [started, heap] = [performance.now(), process.memoryUsage().rss];
        try {
          await signPdfFile(input, output, key, { overwrite: true });
          if (signed.length < 2_000) signed.push({ source: pdf, pdf: readFileSync(output) });
        } catch (error) {
          must(isFailure(error, ...named), `no named failure: ${error}`);
        }
        must(performance.now() - started < longest, 'more than 5 s');
        must(process.memoryUsage().rss - heap < mostGrowth, 'more than 256 MB');
        must(readFileSync(input).equals(pdf), 'the source was changed');
        must(
          readdirSync(folder).every((name) => ['a.pdf', 'b.pdf'].includes(name)),
          'something was left behind',
        );
      }),
    );
  });

  it.skipIf(!needs('qpdf') || !needs('pdfsig'))(
    'and are signed all the same, are accepted by the judges',
    async () => {
      const pdfsig: Pdfsig = await pdfsigTrusting((await sharedAuthority()).root.pem);
      try {
        expect(signed.length).toBeGreaterThan(20);
        const step = Math.max(1, Math.floor(signed.length / judged));
        for (const { source, pdf } of signed.filter((_, index) => index % step === 0)) {
          // What was broken in parts that signing does not touch stays broken; nothing becomes worse.
          const before = await structureFault(source);
          if (before === undefined) expect(await structureFault(pdf)).toBeUndefined();
          const verdicts = await pdfsig.ask(pdf);
          const last = verdicts.at(-1);
          if (before === undefined || last !== undefined) {
            const { length } = lastSignature(pdf).content;
            expect(last, `${length} bytes`).toMatchObject({ signature: 'Signature is Valid.', total: true });
          }
        }
      } finally {
        pdfsig.close();
      }
    },
  );
});
