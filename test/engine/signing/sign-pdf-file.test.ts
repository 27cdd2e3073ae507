import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySource } from '../../../electron/engine/signing/byte-source.ts';
import { signedNames } from '../../../electron/engine/signing/output-names.ts';
import { completeSignature, prepareSignature } from '../../../electron/engine/signing/prepared-signature.ts';
import { preparePdfFile, signPdfFile } from '../../../electron/engine/signing/sign-pdf-file.ts';
import { checkSignedPdf } from '../../../electron/engine/signing/signed-pdf-check.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { needs } from '../../run/needs.ts';
import { tablePdf } from './pdf-writing.ts';
import { lastSignature, MemorySink } from './sign-bytes.ts';
import { type SoftwareKey, sharedAuthority, softwareKey } from './software-key.ts';

const key = await softwareKey('P-256', await sharedAuthority());
const source = tablePdf();

let folder = '';
let input = '';
beforeEach(() => {
  folder = makeScratchFolder();
  input = path.join(folder, 'a.pdf');
  writeFileSync(input, source, { mode: 0o644 });
});
afterEach(() => removeScratchFolder(folder));

const files = (): string[] => readdirSync(folder).sort();
/** A key before whose signature something happens. */
const keyAfter = (event: () => void): SoftwareKey => ({
  ...key,
  sign: async (digest) => {
    event();
    return key.sign(digest);
  },
});

describe('a PDF file', () => {
  it('is signed beside itself and stays as it was', async () => {
    const before = statSync(input);
    const signed = await signPdfFile(input, undefined, key);
    expect(signed).toMatchObject({
      input,
      output: path.join(folder, 'a.signed.pdf'),
      format: 'pades',
      level: 'B',
      hash: 'SHA-256',
      field: 'Signature1',
      verified: true,
    });
    const bytes = readFileSync(signed.output);
    expect(bytes.subarray(0, source.length).equals(source)).toBe(true);
    expect(lastSignature(bytes).gap).toBe(32_770);
    expect(readFileSync(input).equals(source)).toBe(true);
    const { mtimeMs, ino } = statSync(input);
    expect([mtimeMs, ino]).toEqual([before.mtimeMs, before.ino]);
    expect(files()).toEqual(['a.pdf', 'a.signed.pdf']);
  });

  it.skipIf(process.platform === 'win32')(
    'has the permissions of its source, which only its owner may write',
    async () => {
      chmodSync(input, 0o540);
      expect(statSync((await signPdfFile(input, undefined, key)).output).mode & 0o777).toBe(0o640);
    },
  );

  it('gets a number where the name is taken, and overwrites nothing', async () => {
    writeFileSync(path.join(folder, 'a.signed.pdf'), 'mine');
    expect((await signPdfFile(input, undefined, key)).output).toBe(path.join(folder, 'a.signed-2.pdf'));
    expect((await signPdfFile(input, undefined, key)).output).toBe(path.join(folder, 'a.signed-3.pdf'));
    expect(readFileSync(path.join(folder, 'a.signed.pdf'), 'utf8')).toBe('mine');
  });

  it('is not written over another one, and the key is not asked', async () => {
    const output = path.join(folder, 'b.pdf');
    writeFileSync(output, 'mine');
    const asked = key.signatures;
    await expect(signPdfFile(input, output, key)).rejects.toMatchObject({ code: 'output-exists' });
    expect(key.signatures).toBe(asked);
    expect(readFileSync(output, 'utf8')).toBe('mine');
    expect(files()).toEqual(['a.pdf', 'b.pdf']);
  });

  it('is written over another one when that is wanted', async () => {
    const output = path.join(folder, 'b.pdf');
    writeFileSync(output, 'mine');
    await signPdfFile(input, output, key, { overwrite: true });
    expect(readFileSync(output).subarray(0, source.length).equals(source)).toBe(true);
    expect(files()).toEqual(['a.pdf', 'b.pdf']);
  });

  it.each([
    ['itself', undefined],
    ['another name of itself', (other: string) => linkSync(input, other)],
    ['a link to itself', (other: string) => symlinkSync(input, other)],
  ])('is never written over %s', async (_, make) => {
    const output = make ? path.join(folder, 'other.pdf') : input;
    make?.(output);
    await expect(signPdfFile(input, output, key, { overwrite: true })).rejects.toMatchObject({
      code: 'output-exists',
    });
    expect(readFileSync(input).equals(source)).toBe(true);
  });

  it.each([
    ['quotes', `it's "a" \`file\` $HOME;.pdf`],
    ['emoji', '📄 Cerere 🇲🇩 ș țéà.pdf'],
    ['a leading dash', '-rf.pdf'],
    ['255 bytes', `${'ț'.repeat(125)}x.pdf`],
    ['255 bytes of emoji', `${'👨‍👩‍👧'.repeat(13)}abcdefghi${'x'.repeat(8)}.pdf`],
  ])('may have %s in its name', async (_, name) => {
    const odd = path.join(folder, name);
    writeFileSync(odd, source);
    const { output } = await signPdfFile(odd, undefined, key);
    expect(path.dirname(output)).toBe(folder);
    expect(Buffer.byteLength(path.basename(output))).toBeLessThanOrEqual(255);
    expect(output).toMatch(/\.signed\.pdf$/);
    expect(readFileSync(output).subarray(0, source.length).equals(source)).toBe(true);
    const named = path.join(folder, `${'o'.repeat(251)}.pdf`);
    expect((await signPdfFile(odd, named, key)).output).toBe(named);
  });

  it('cannot be read: missing, a folder, a pipe', async () => {
    const fails = (file: string) =>
      expect(signPdfFile(file, undefined, key)).rejects.toMatchObject({
        code: 'input-unreadable',
        parameters: { path: file },
      });
    await fails(path.join(folder, 'missing.pdf'));
    await fails(folder);
    if (process.platform === 'linux') {
      spawnSync('mkfifo', [path.join(folder, 'pipe.pdf')]);
      await fails(path.join(folder, 'pipe.pdf'));
    }
  });

  it.each([
    ['a folder that is not there', 'none/b.pdf'],
    ['a file for a folder', 'a.pdf/b.pdf'],
    ['a name that is too long', `${'o'.repeat(252)}.pdf`],
  ])('cannot be written to %s, and the key is not asked', async (_, name) => {
    const asked = key.signatures;
    await expect(signPdfFile(input, path.join(folder, name), key)).rejects.toMatchObject({
      code: 'output-not-writable',
    });
    expect(key.signatures).toBe(asked);
    expect(files()).toEqual(['a.pdf']);
  });

  it.each([
    ['grows', () => appendFileSync(input, '% more\n')],
    [
      'is written to, as long as before',
      () => {
        const { atime } = statSync(input);
        writeFileSync(input, Buffer.from(source).fill('x', 20, 25));
        utimesSync(input, atime, new Date(0));
      },
    ],
    [
      'is replaced',
      () => {
        writeFileSync(path.join(folder, 'new'), source);
        renameSync(path.join(folder, 'new'), input);
      },
    ],
    ['disappears', () => renameSync(input, path.join(folder, 'elsewhere'))],
  ])('that %s while it is signed is not signed', async (_, event) => {
    await expect(signPdfFile(input, undefined, keyAfter(event))).rejects.toMatchObject({
      code: 'input-changed',
    });
    expect(files().filter((name) => name.includes('signed') || name.includes('tmp'))).toEqual([]);
  });

  it('whose name is taken while it is signed gets another, or none', async () => {
    const taken = path.join(folder, 'a.signed.pdf');
    const first = await signPdfFile(
      input,
      undefined,
      keyAfter(() => writeFileSync(taken, 'mine')),
    );
    expect(path.basename(first.output)).toBe('a.signed-2.pdf');
    const output = path.join(folder, 'b.pdf');
    await expect(
      signPdfFile(
        input,
        output,
        keyAfter(() => writeFileSync(output, 'mine')),
      ),
    ).rejects.toMatchObject({ code: 'output-exists' });
    expect([readFileSync(taken, 'utf8'), readFileSync(output, 'utf8')]).toEqual(['mine', 'mine']);
    expect(files()).toEqual(['a.pdf', 'a.signed-2.pdf', 'a.signed.pdf', 'b.pdf']);
  });

  it('leaves nothing behind when the key fails, or gives something else', async () => {
    const failing = { ...key, sign: () => Promise.reject(new Error('no')) };
    await expect(signPdfFile(input, undefined, failing)).rejects.toThrow('no');
    const wrong = { ...key, sign: async () => new Uint8Array(64).fill(1) };
    await expect(signPdfFile(input, undefined, wrong)).rejects.toMatchObject({ code: 'signature-invalid' });
    expect(files()).toEqual(['a.pdf']);
  });

  it('leaves nothing behind when it is cancelled, before or at the key', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const cancelling = keyAfter(() => controller.abort());
    await expect(signPdfFile(input, undefined, cancelling, { signal })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect(signPdfFile(input, undefined, key, { signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(files()).toEqual(['a.pdf']);
  });

  it('waits for its signature unseen, and can be given up', async () => {
    const pending = await preparePdfFile(input, undefined, key);
    const [waiting = ''] = files().filter((name) => name !== 'a.pdf');
    expect(waiting).toMatch(/^\.buletin-[0-9a-f]{16}\.tmp$/);
    if (process.platform !== 'win32') expect(statSync(path.join(folder, waiting)).mode & 0o777).toBe(0o600);
    await pending.discard();
    await pending.discard();
    expect(files()).toEqual(['a.pdf']);
    const other = await preparePdfFile(input, undefined, key);
    const { output } = await other.complete(await key.sign(other.digestToSign));
    expect(existsSync(output)).toBe(true);
    await other.discard();
    expect(existsSync(output)).toBe(true);
  });

  it('clears away what a killed process left behind, and nothing else', async () => {
    const yesterday = new Date(Date.now() - 25 * 3_600_000);
    const left = (name: string, at = yesterday) => {
      writeFileSync(path.join(folder, name), '%PDF');
      utimesSync(path.join(folder, name), at, at);
    };
    left('.buletin-0123456789abcdef.tmp');
    left('.buletin-0123456789abcdee.tmp', new Date());
    left('.buletin-0123456789ABCDEF.tmp');
    left('.buletin-0123456789abcdef.tmp.pdf');
    await signPdfFile(input, undefined, key);
    expect(files()).toEqual([
      '.buletin-0123456789ABCDEF.tmp',
      '.buletin-0123456789abcdee.tmp',
      '.buletin-0123456789abcdef.tmp.pdf',
      'a.pdf',
      'a.signed.pdf',
    ]);
  });

  it.skipIf(!needs('unprivileged'))(
    'on a folder that may not be written to fails and leaves nothing behind',
    async () => {
      const closed = path.join(folder, 'closed');
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      const asked = key.signatures;
      await expect(signPdfFile(input, path.join(closed, 'b.pdf'), key)).rejects.toMatchObject({
        code: 'output-not-writable',
      });
      expect(key.signatures).toBe(asked);
      expect(readdirSync(closed)).toEqual([]);
    },
  );

  it.skipIf(!needs('namespaces'))('on a full disk fails and leaves nothing behind', () => {
    const child = fileURLToPath(new URL('./full-disk-child.ts', import.meta.url));
    // 64 KB: 40 KB of another file leave room for the copy and not for the signature, 60 KB for neither.
    for (const [other, asked] of [
      ['40960', 1],
      ['57344', 1],
    ] as const) {
      const script = 'mount -t tmpfs -o size=64k small "$1" && shift && exec "$@"';
      const command = ['-Urm', 'sh', '-c', script, 'sh', folder, process.execPath, child, folder, other];
      const { stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8', timeout: 25_000 });
      expect(stdout, stderr).not.toBe('');
      expect(JSON.parse(stdout)).toEqual({ code: 'disk-full', files: ['a.pdf', 'other'], signatures: asked });
    }
  });
});

describe('the check of a signed file', () => {
  const signedInMemory = async () => {
    const copy = new MemorySink();
    const prepared = await prepareSignature(new MemorySource(source), key, {}, { copy });
    const completed = await completeSignature(prepared, await key.sign(prepared.digestToSign), copy);
    return { pdf: copy.bytes(), completed };
  };

  it('takes what was signed', async () => {
    const { pdf, completed } = await signedInMemory();
    await expect(checkSignedPdf(new MemorySource(pdf), completed)).resolves.toBeUndefined();
  });

  it('sees every changed byte, wherever it stands', async () => {
    const { pdf, completed } = await signedInMemory();
    const { gap } = lastSignature(pdf);
    const gapAt = pdf.lastIndexOf('/Contents <') + 10;
    const places = Array.from({ length: 80 }, (_, n) => Math.floor((n * (pdf.length - gap)) / 80));
    const inGap = Array.from({ length: 20 }, (_, n) => gapAt + n * 1_700);
    for (const at of [
      ...places.map((place) => (place < gapAt ? place : place + gap)),
      ...inGap,
      pdf.length - 1,
    ]) {
      const changed = Buffer.from(pdf);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(checkSignedPdf(new MemorySource(changed), completed), String(at)).rejects.toMatchObject({
        code: 'signed-file-faulty',
      });
    }
  });

  it('sees bytes that are missing or too many at the end', async () => {
    const { pdf, completed } = await signedInMemory();
    for (const changed of [pdf.subarray(0, -1), Buffer.concat([pdf, Buffer.from('\n')])]) {
      await expect(checkSignedPdf(new MemorySource(changed), completed)).rejects.toMatchObject({
        code: 'signed-file-faulty',
      });
    }
  });
});

describe('the names of signed files', () => {
  const first = (input: string, count: number): string[] => {
    const names = signedNames(input);
    return Array.from({ length: count }, () => names.next().value);
  };

  it('are those of the source with a word more', () => {
    expect(first('/x/Cerere.PDF', 3)).toEqual([
      '/x/Cerere.signed.pdf',
      '/x/Cerere.signed-2.pdf',
      '/x/Cerere.signed-3.pdf',
    ]);
    expect(first('a', 1)).toEqual(['a.signed.pdf']);
    expect(first('/x/.pdf', 1)).toEqual(['/x/.signed.pdf']);
  });

  it('are cut between characters', () => {
    const [name = ''] = first(`/x/${'ț'.repeat(125)}.pdf`, 1);
    expect(path.basename(name)).toBe(`${'ț'.repeat(122)}.signed.pdf`);
  });
});
