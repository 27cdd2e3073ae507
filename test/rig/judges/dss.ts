import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askJudgeToAccept } from './judge.ts';

/**
 * The EU's Digital Signature Service (DSS), as a small Java program of ours around its libraries (`dss/`). Fetched
 * by Maven and compiled by preparation into `out/rig/dss`, for a user who reaches no network.
 */

const here = dirname(fileURLToPath(import.meta.url));
const sources = ['pom.xml', 'DssJudge.java'].map((name) => join(here, 'dss', name));
const built = join(here, '..', '..', '..', 'out', 'rig', 'dss');
const minute = 60_000;

/** What DSS says of one signature of a PDF. */
export interface DssSignature {
  readonly field: string;
  /** `PAdES-BASELINE-B` and so on. */
  readonly format: string;
  /** The signed data and the signature value are whole. */
  readonly intact: boolean;
  readonly valid: boolean;
  /** Changes after the signature that no signing or form filling explains. */
  readonly undefinedChanges: boolean;
  readonly indication: string;
  readonly subIndication: string;
  readonly errors: string;
}

export interface DssVerdict {
  readonly signatures: readonly DssSignature[];
  /** Why there is no verdict. */
  readonly error?: string;
}

/**
 * Asks DSS about PDF files, all in one run of Java.
 * @param root The trusted root, PEM.
 * @param files By a name of the caller's.
 * @returns The verdicts by the same names.
 */
export async function askDss(
  root: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<ReadonlyMap<string, DssVerdict>> {
  const names = Object.keys(files);
  const numbered = Object.fromEntries(
    names.map((name, index) => [`${index}.pdf`, files[name] as Uint8Array]),
  );
  const { text } = await askJudgeToAccept(
    'java',
    [
      // Pages are compared as pictures, without a screen.
      '-Djava.awt.headless=true',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      ...['-cp', `${join(built, 'classes')}:${join(built, 'lib')}/*`, 'DssJudge', 'root.pem'],
      ...Object.keys(numbered),
    ],
    { files: { 'root.pem': root, ...numbered }, timeoutMs: 5 * minute },
  );
  const lines = text.trim().split('\n');
  return new Map(names.map((name, index) => [name, JSON.parse(lines[index] ?? '{}') as DssVerdict]));
}

/** Whether the program is there, as its sources stand now. */
export function dssReady(folder: string = built): boolean {
  const mark = join(folder, 'installed');
  return existsSync(mark) && readFileSync(mark, 'utf8') === sourcesHash();
}

/**
 * Fetches DSS and compiles the program around it, if it is not there. Half of it is never left behind.
 * @throws Error with the last words of Maven or the compiler.
 */
export function installDss(): void {
  if (dssReady()) return;
  const made = `${built}.${process.pid}`;
  const [pom = '', program = ''] = sources;
  const lib = join(made, 'lib');
  rmSync(made, { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  try {
    step('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`]);
    step('javac', ['-cp', `${lib}/*`, '-d', join(made, 'classes'), program]);
    writeFileSync(join(made, 'installed'), sourcesHash());
    rmSync(built, { recursive: true, force: true });
    renameSync(made, built);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

function step(program: string, programArguments: readonly string[]): void {
  const options = { encoding: 'utf8', timeout: 10 * minute } as const;
  const { status, stdout, stderr, error } = spawnSync(program, programArguments, options);
  if (status === 0) return;
  const words = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
  const fault = words.split('\n').find((line) => /error/i.test(line));
  throw new Error(fault?.slice(0, 300) ?? `${program} ended with ${status}`);
}

function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(source));
  return hash.digest('hex');
}
