/** `buletin sign`, one process per call; pdfsig and qpdf look at what it made. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { demoDocument } from '../../electron/cli/demo-document.ts';
import { failureSchema } from '../../electron/contract/model/failure.ts';
import { signedDocumentSchema } from '../../electron/contract/model/signing.ts';
import { needs } from '../run/needs.ts';
import { runCli } from './run-cli.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const PIN2 = '836145';
const run = promisify(execFile);
const root = mkdtempSync(path.join(tmpdir(), 'buletin-sign-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let count = 0;
beforeEach(() => {
  count += 1;
  folder = path.join(root, String(count));
  mkdirSync(folder);
});

const file = (name: string): string => path.join(folder, name);
const sha256 = (name: string): string => createHash('sha256').update(readFileSync(name)).digest('hex');

function newDocument(name: string): string {
  writeFileSync(file(name), demoDocument());
  return file(name);
}

const resultsSchema = z.strictObject({
  results: z.array(
    z.union([signedDocumentSchema, z.strictObject({ input: z.string(), failure: failureSchema })]),
  ),
});

const failureOf = (result: { stdout: string }): z.infer<typeof failureSchema> =>
  z.strictObject({ failure: failureSchema }).parse(JSON.parse(result.stdout)).failure;

const sign = (words: readonly string[], pins: readonly string[] = [PIN2], sandbox = '--sandbox') =>
  runCli(['sign', ...words, sandbox, '--pin-stdin', '--json'], { pins });

describe('signing documents', () => {
  it.each([
    ['eid', 'SHA-256'],
    ['2025', 'SHA-384'],
    ['esteid2018', 'SHA-384'],
  ])('with the signature key of %s', async (card, algorithm) => {
    const input = newDocument('contract.pdf');
    const before = sha256(input);
    const result = await sign([input], [PIN2], `--sandbox=${card}`);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    const [signed] = resultsSchema.parse(result.json()).results;
    expect(signed).toMatchObject({
      input,
      output: file('contract.signed.pdf'),
      format: 'pades',
      level: 'B',
      signer: { commonName: 'Specimen-Țurcanu Ana-Măriuța', idnp: '2500000000010' },
      digest: { algorithm },
      verified: true,
    });
    expect(sha256(input)).toBe(before);
    expect(readdirSync(folder).sort()).toEqual(['contract.pdf', 'contract.signed.pdf']);
    expect(readFileSync(file('contract.signed.pdf')).subarray(0, demoDocument().length)).toEqual(
      demoDocument(),
    );
  });

  it.skipIf(!needs('pdfsig') || !needs('qpdf'))('twice over, judged by pdfsig and qpdf', async () => {
    const input = newDocument('a „ghilimele” 🖋.pdf');
    expect((await sign([input, '--out', file('once.pdf')])).code).toBe(0);
    expect((await sign([file('once.pdf'), '--out', file('twice.pdf')], [PIN2], '--sandbox=2025')).code).toBe(
      0,
    );
    const { stdout } = await run('pdfsig', ['-nocert', file('twice.pdf')]);
    expect(stdout.match(/Signature Validation: Signature is Valid\./g)).toHaveLength(2);
    expect(stdout.match(/Signature Type: ETSI\.CAdES\.detached/g)).toHaveLength(2);
    expect(stdout.match(/Total document signed/g)).toHaveLength(1);
    expect((await run('qpdf', ['--check', file('twice.pdf')])).stdout).toContain('No syntax or stream');
  });

  it('several with one entry of the PIN; one that cannot be signed is told, the others are signed', async () => {
    const inputs = [newDocument('1.pdf'), file('missing.pdf'), newDocument('2.pdf')];
    mkdirSync(file('out'));
    const result = await sign([...inputs, '--out', file('out')]);
    const { results } = resultsSchema.parse(result.json());
    expect(results.map((one) => ('failure' in one ? one.failure.code : one.output))).toEqual([
      file('out/1.pdf'),
      'input-unreadable',
      file('out/2.pdf'),
    ]);
    expect(result.code).toBe(12);
  });

  it('costs one try when the PIN is wrong, whatever the number of documents, and leaves nothing behind', async () => {
    const result = await sign([newDocument('1.pdf'), newDocument('2.pdf')], ['000000']);
    expect(failureOf(result)).toMatchObject({ code: 'pin-wrong', triesLeft: 2 });
    expect(result.code).toBe(7);
    expect(readdirSync(folder).sort()).toEqual(['1.pdf', '2.pdf']);
  });

  it('refuses what it can before anyone is asked for a PIN', async () => {
    writeFileSync(file('x.pdf'), 'no PDF');
    const broken = await sign([file('x.pdf')], []);
    expect([broken.code, failureOf(broken).code]).toEqual([12, 'pdf-broken']);
    const none = await sign([newDocument('1.pdf')], [], '--sandbox=eid:no-certificate');
    expect([none.code, failureOf(none).code]).toEqual([13, 'card-no-certificate']);
    const expired = await sign([file('1.pdf')], [], '--sandbox=eid:expired');
    expect([expired.code, failureOf(expired).code]).toEqual([13, 'certificate-expired']);
    const blocked = await sign([file('1.pdf')], [], '--sandbox=eid:pin2-blocked');
    expect([blocked.code, failureOf(blocked).code]).toEqual([8, 'pin-blocked']);
  });

  it('replaces nothing unless told to, and never the source', async () => {
    const input = newDocument('1.pdf');
    writeFileSync(file('out.pdf'), 'mine');
    const taken = await sign([input, '--out', file('out.pdf')]);
    expect([taken.code, failureOf(taken).code]).toEqual([12, 'output-exists']);
    expect(readFileSync(file('out.pdf'), 'utf8')).toBe('mine');
    expect((await sign([input, '--out', file('out.pdf'), '--overwrite'])).code).toBe(0);
    const self = await sign([input, '--out', input, '--overwrite']);
    expect([self.code, failureOf(self).code]).toEqual([12, 'output-exists']);
    expect(readFileSync(input)).toEqual(demoDocument());
  });

  it.skipIf(!needs('unprivileged'))(
    'says when the folder is read-only, and leaves no half of a file',
    async () => {
      const input = newDocument('1.pdf');
      chmodSync(folder, 0o500);
      const result = await sign([input]);
      chmodSync(folder, 0o700);
      expect([result.code, failureOf(result).code]).toEqual([12, 'output-not-writable']);
      expect(readdirSync(folder)).toEqual(['1.pdf']);
    },
  );

  it('takes no two outputs of one name, and no single output for several inputs: 2', async () => {
    mkdirSync(file('a'));
    mkdirSync(file('out'));
    const inputs = [newDocument('1.pdf'), newDocument('a/1.pdf')];
    for (const out of [file('out'), file('new.pdf')]) {
      const result = await sign([...inputs, '--out', out], []);
      expect([result.code, failureOf(result).code]).toEqual([2, 'usage']);
    }
    expect(existsSync(file('new.pdf'))).toBe(false);
    expect((await sign([], [])).code).toBe(2);
  });
});
