import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ana } from '../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { onePage, PdfText, tablePdf } from '../engine/signing/pdf-writing.ts';
import { pythonCommand } from '../rig/judges/python.ts';
import { needs } from '../run/needs.ts';
import { type Bench, type Finding, median, timed } from './bench.ts';

const rounds = 5;
const smallFiles = 200;
const mb = 1024 * 1024;
const mostGrowth = 48;

const report = z.object({ ms: z.number(), keyMs: z.number(), growthMb: z.number() });
type Report = z.infer<typeof report>;
const here = import.meta.dirname;

/** Runs one program in a process of its own. */
async function ran(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, [...args], { maxBuffer: 16 * mb });
  return stdout;
}

const signers = {
  buletin: (folder: string, ...files: string[]) => client('buletin', folder, ...files),
  pyHanko: async (folder: string, ...files: string[]) =>
    report.parse(
      JSON.parse(
        await ran(
          ...pythonCommand,
          path.join(here, 'pades_pyhanko.py'),
          folder,
          path.join(folder, 'o'),
          ...files,
        ),
      ),
    ),
  '@libpdf/core': (folder: string, ...files: string[]) => client('libpdf', folder, ...files),
  '@cantoo/pdf-lib (no CMS)': (folder: string, ...files: string[]) => client('cantoo', folder, ...files),
} as const;
type Signer = keyof typeof signers;

async function client(signer: string, folder: string, ...files: string[]): Promise<Report> {
  const script = path.join(here, 'pades-client.ts');
  const output = path.join(folder, 'o');
  return report.parse(JSON.parse(await ran(process.execPath, script, signer, folder, output, ...files)));
}

/** A PDF of so many bytes, most of them one stream that no page shows. */
function largePdf(file: string, bytes: number): void {
  const handle = openSync(file, 'w');
  const chunk = randomBytes(mb);
  const pdf = new PdfText();
  for (const object of onePage()) pdf.object(object);
  const count = Math.floor(bytes / mb);
  pdf.offsets.set(6, pdf.length);
  pdf.raw(`6 0 obj\n<< /Length ${count * mb} >>\nstream\n`);
  writeSync(handle, pdf.bytes());
  for (let written = 0; written < count; written++) writeSync(handle, chunk);
  const start = pdf.length + count * mb + '\nendstream\nendobj\n'.length;
  const rows = [1, 2, 3, 4, 5, 6].map((n) => `${String(pdf.offsets.get(n)).padStart(10, '0')} 00000 n \n`);
  const table = `xref\n0 7\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size 7 /Root 1 0 R >>\n`;
  writeSync(handle, `\nendstream\nendobj\n${table}startxref\n${start}\n%%EOF\n`);
  closeSync(handle);
}

async function prepareKey(folder: string): Promise<void> {
  const authority = await SandboxAuthority.create();
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = await authority.issueHolder({ person: ana, publicKey, role: 'signature' });
  const files = {
    'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'certificate.der': certificate,
    'certificate.pem': new X509Certificate(certificate).toString(),
    'issuing.der': authority.issuing.der,
    'issuing.pem': authority.issuing.pem,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
}

async function run(): Promise<readonly Finding[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pades-'));
  try {
    await prepareKey(folder);
    return [...(await large(folder)), await gigabyte(folder), await many(folder)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function large(folder: string): Promise<Finding[]> {
  const file = path.join(folder, 'large.pdf');
  largePdf(file, 100 * mb);
  const baseline: number[] = [];
  const results = new Map<Signer, Report[]>();
  const names = Object.keys(signers) as Signer[];
  const chosen = names.filter((name) => name !== 'pyHanko' || needs('python-judges'));
  for (let round = 0; round < rounds; round++) {
    const copy = path.join(folder, 'copy.pdf');
    const script = 'sha256sum "$1" && cp "$1" "$2"';
    baseline.push((await timed(() => ran('sh', '-c', script, 'sh', file, copy))).ms);
    rmSync(copy);
    for (const name of chosen)
      results.set(name, [...(results.get(name) ?? []), await signers[name](folder, file)]);
  }
  rmSync(file);
  const of = (name: Signer, value: (one: Report) => number): number =>
    median((results.get(name) ?? []).map(value));
  const time = (one: Report): number => one.ms - one.keyMs;
  const peers = (value: (one: Report) => number) =>
    chosen.filter((name) => name !== 'buletin').map((name) => ({ name, value: of(name, value) }));
  const [ours, base] = [of('buletin', time), median(baseline)];
  const growth = of('buletin', ({ growthMb }) => growthMb);
  return [
    {
      what: '100 MB signed',
      unit: 'ms',
      ours,
      peers: [{ name: 'sha256sum + cp', value: base }, ...peers(time)],
      goal: { text: 'at most 2.0 × (sha256sum + cp)', reached: ours <= 2 * base },
    },
    {
      what: '100 MB signed: growth of resident memory',
      unit: 'MB',
      ours: growth,
      peers: peers(({ growthMb }) => growthMb),
      goal: { text: `under ${mostGrowth} MB`, reached: growth < mostGrowth },
    },
  ];
}

async function gigabyte(folder: string): Promise<Finding> {
  const file = path.join(folder, 'huge.pdf');
  largePdf(file, 1024 * mb);
  const { growthMb } = await signers.buletin(folder, file);
  rmSync(file);
  return {
    what: '1 GB signed: growth of resident memory',
    unit: 'MB',
    ours: growthMb,
    peers: [],
    goal: { text: `under ${mostGrowth} MB`, reached: growthMb < mostGrowth },
  };
}

async function many(folder: string): Promise<Finding> {
  const file = path.join(folder, 'small.pdf');
  writeFileSync(file, tablePdf());
  const files = Array.from({ length: smallFiles }, () => file);
  const { ms, keyMs } = await signers.buletin(folder, ...files);
  const each = (ms - keyMs) / smallFiles;
  return {
    what: `each of ${smallFiles} small files, less the key's time`,
    unit: 'ms',
    ours: each,
    peers: [],
    goal: { text: 'at most 8 ms', reached: each <= 8 },
  };
}

/** What signing a PDF costs. */
export const pades: Bench = {
  id: 'pades',
  title: 'Signing a PDF',
  method:
    'PAdES B-B with an RSA-2048 key in memory, whose own time is taken off. Each signer in a process of its own, ' +
    'in turn, from the loaded program to the finished file; ours copies, waits for the disk (fsync), reads the file ' +
    `again and verifies it. ${rounds} rounds, medians. Resident memory: peak less what the loaded program had. ` +
    '@cantoo/pdf-lib makes no CMS: it writes the field and the place for one.',
  lacking: () => (process.platform === 'linux' ? undefined : 'sha256sum and the like of Linux'),
  run,
};
