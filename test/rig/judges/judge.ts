import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PrivatePcscd } from '../pcscd.ts';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';

const defaultTimeoutMs = 20_000;
const mostOutput = 16 * 1024 * 1024;

/** What a foreign program said. */
export interface Verdict {
  readonly program: string;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly output: Buffer;
  /** `output` as text. */
  readonly text: string;
  readonly errorText: string;
  /** What it wrote into the file that `JudgeOptions.produces` names; empty when it wrote none. */
  readonly produced: Buffer;
}

export interface JudgeOptions {
  /** The program talks to this pcscd and no other. */
  readonly pcscd?: PrivatePcscd;
  /** Values for the environment that must not stand on the command line, such as PINs. Never in an error message. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** More environment, not secret. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Files put into the program's working folder first, by name. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** A file of the working folder to be read when the program has ended. */
  readonly produces?: string;
  readonly input?: Uint8Array;
  readonly timeoutMs?: number;
}

/** A foreign program could not be asked, ran out of time, or refused what it was expected to accept. */
export class JudgeError extends Error {}

/**
 * Runs a foreign program in an empty folder of its own, with a clean environment, and waits for its verdict,
 * whatever it is. The folder is HOME and working folder, and is gone afterwards.
 * @throws JudgeError when the program cannot be started, takes too long or prints more than 16 MB.
 */
export async function askJudge(
  program: string,
  programArguments: readonly string[],
  options: JudgeOptions = {},
): Promise<Verdict> {
  const folder = makeScratchFolder();
  try {
    for (const [name, content] of Object.entries(options.files ?? {})) {
      writeFileSync(join(folder, name), content, { mode: 0o600 });
    }
    const verdict = await run(program, programArguments, folder, options);
    const produced = options.produces === undefined ? undefined : join(folder, options.produces);
    return produced && existsSync(produced) ? { ...verdict, produced: readFileSync(produced) } : verdict;
  } finally {
    removeScratchFolder(folder);
  }
}

/** Like `askJudge`, for a program that has to agree. @throws JudgeError with its words when it does not. */
export async function askJudgeToAccept(
  program: string,
  programArguments: readonly string[],
  options: JudgeOptions = {},
): Promise<Verdict> {
  const verdict = await askJudge(program, programArguments, options);
  if (verdict.exitCode !== 0) throw new JudgeError(describe(verdict, programArguments));
  return verdict;
}

/** A verdict for an error message: command line and output. PINs are in neither: they went by the environment. */
function describe(verdict: Verdict, programArguments: readonly string[]): string {
  const command = [verdict.program, ...programArguments].join(' ');
  return `${command}\nended with ${verdict.exitCode}\n${verdict.errorText}${verdict.text.slice(0, 4_000)}`;
}

function run(
  program: string,
  programArguments: readonly string[],
  folder: string,
  options: JudgeOptions,
): Promise<Verdict> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const child = spawn(program, programArguments, {
    cwd: folder,
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      HOME: folder,
      TMPDIR: folder,
      LC_ALL: 'C.UTF-8',
      OPENSC_CONF: fileURLToPath(new URL('./opensc.conf', import.meta.url)),
      // A judge without a pcscd of its own must not find the machine's.
      PCSCLITE_CSOCK_NAME: join(folder, 'no-pcscd'),
      ...options.pcscd?.environment,
      ...options.environment,
      ...options.secrets,
    },
  });
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let length = 0;
    const end = (why: string): void => {
      child.kill('SIGKILL');
      reject(new JudgeError(`${program} ${programArguments.join(' ')}: ${why}\n${Buffer.concat(errors)}`));
    };
    const timer = setTimeout(() => end(`no verdict within ${timeoutMs} ms`), timeoutMs);
    const collect =
      (into: Buffer[]) =>
      (chunk: Buffer): void => {
        length += chunk.length;
        if (length > mostOutput) end('too much output');
        else into.push(chunk);
      };
    child.stdout.on('data', collect(output));
    child.stderr.on('data', collect(errors));
    // A program that does not read its input says enough by its exit.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new JudgeError(`${program} cannot be started: ${error.message}`));
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      const bytes = Buffer.concat(output);
      const errorText = Buffer.concat(errors).toString();
      const text = bytes.toString();
      resolve({ program, exitCode, output: bytes, text, errorText, produced: Buffer.alloc(0) });
    });
  });
}
