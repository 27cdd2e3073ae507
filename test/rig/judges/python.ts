import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askJudge, type JudgeOptions, type Verdict } from './judge.ts';

/**
 * The judges written in Python (`requirements.txt`), in a virtual environment of their own under `out/`. It is
 * made by preparation from the system's Python, because the tests run as a user who may not be able to read any
 * other, and works from a copy of the tree: programs are started by its interpreter, never by their first line,
 * which names the place where they were installed.
 */

const here = dirname(fileURLToPath(import.meta.url));
const requirements = join(here, 'requirements.txt');
const systemPython = '/usr/bin/python3';
const environment = join(here, '..', '..', '..', 'out', 'rig', 'python-judges');
const interpreter = join(environment, 'bin', 'python');
const minute = 60_000;

/** The programs that the requirements bring. */
export type PythonProgram = 'schemathesis' | 'pyhanko';

/**
 * Runs a Python program of the requirements, as `askJudge` runs others.
 * @throws JudgeError as `askJudge` does.
 */
export function askPythonProgram(
  program: PythonProgram,
  programArguments: readonly string[],
  options: JudgeOptions = {},
): Promise<Verdict> {
  return askJudge(interpreter, ['-I', join(environment, 'bin', program), ...programArguments], options);
}

/**
 * Runs a script of ours that uses the packages of the requirements, as `askJudge` runs programs.
 * @param script its path
 * @throws JudgeError as `askJudge` does.
 */
export function askPythonScript(
  script: string,
  scriptArguments: readonly string[],
  options: JudgeOptions = {},
): Promise<Verdict> {
  return askJudge(interpreter, ['-I', script, ...scriptArguments], options);
}

/** The command line's beginning for a Python script of ours that has to run beside the test, such as a server. */
export const pythonCommand: readonly [string, string] = [interpreter, '-I'];

/** Whether the environment is there, whole, as the requirements stand now. */
export function pythonJudgesReady(folder: string = environment): boolean {
  const mark = join(folder, 'installed');
  return (
    existsSync(mark) &&
    readFileSync(mark, 'utf8') === requirementsHash() &&
    spawnSync(join(folder, 'bin', 'python'), ['-I', '-c', 'import saml2, schemathesis, pyhanko'], {
      stdio: 'ignore',
      timeout: minute,
    }).status === 0
  );
}

/** Whether the system's Python is there and can make environments (Debian: python3-venv). */
export function canMakePythonEnvironment(): boolean {
  const probe = ['-I', '-c', 'import venv, ensurepip, sys; assert sys.version_info >= (3, 11)'];
  return spawnSync(systemPython, probe, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/**
 * Makes the environment, if it is not there as the requirements say. Half an environment is never left behind:
 * it is moved into its place when it is whole.
 * @throws Error with pip's last words, for instance when it reaches no package registry.
 */
export function installPythonJudges(): void {
  if (pythonJudgesReady()) return;
  const made = `${environment}.${process.pid}`;
  mkdirSync(dirname(environment), { recursive: true });
  rmSync(made, { recursive: true, force: true });
  const python = join(made, 'bin', 'python');
  const pip = ['-I', '-m', 'pip', '--quiet', '--disable-pip-version-check', '--no-input', '--retries', '2'];
  try {
    step(systemPython, ['-I', '-m', 'venv', made]);
    step(python, [...pip, 'install', '--no-compile', '--only-binary', ':all:', '-r', requirements]);
    // Valid whatever the files' times are: a copy of the tree has new ones.
    step(python, [
      '-I',
      '-m',
      'compileall',
      '-q',
      '--invalidation-mode',
      'unchecked-hash',
      join(made, 'lib'),
    ]);
    writeFileSync(join(made, 'installed'), requirementsHash());
    rmSync(environment, { recursive: true, force: true });
    renameSync(made, environment);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  if (!pythonJudgesReady()) throw new Error('the Python judges were installed, but do not start');
}

function step(program: string, programArguments: readonly string[]): void {
  const { status, stdout, stderr, error } = spawnSync(program, programArguments, {
    encoding: 'utf8',
    timeout: 10 * minute,
  });
  if (status === 0) return;
  const words = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim().split('\n').at(-1);
  throw new Error(words === '' ? `${program} ended with ${status}` : words);
}

function requirementsHash(): string {
  return createHash('sha256').update(readFileSync(requirements)).digest('hex');
}
