import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rigFolder = dirname(fileURLToPath(import.meta.url));
const outputFolder = join(rigFolder, '..', '..', 'out', 'rig');

interface Target {
  readonly output: string;
  readonly sources: readonly string[];
  readonly flags: readonly string[];
}

const targets = {
  /** The reader driver that the private pcscd loads. */
  driver: {
    output: 'ifd-handler.so',
    sources: ['ifd/ifd-handler.c'],
    flags: ['-shared', '-fPIC', '-pthread'],
  },
  /** The C winscard loop: the benchmark's peer, and "another program" that holds the card. */
  apduLoop: {
    output: 'apdu-loop',
    sources: ['winscard/apdu-loop.c', 'winscard/winscard-common.h'],
    flags: ['-lpcsclite'],
  },
  /** A small foreign PC/SC client: states and events, transmit, reset, control, attributes. */
  winscardClient: {
    output: 'winscard-client',
    sources: ['winscard/winscard-client.c', 'winscard/winscard-common.h'],
    flags: ['-lpcsclite'],
  },
  /** A PKCS#11 module that misbehaves. */
  evilModule: {
    output: 'evil-module.so',
    sources: ['evil-module/evil-module.c'],
    flags: ['-shared', '-fPIC', '-pthread', '-ldl'],
  },
} satisfies Record<string, Target>;

/** The C programs of the test rig. */
export type RigBinary = keyof typeof targets;

/**
 * Compiles one of the rig's C programs into `out/rig/` when its sources are newer, and returns its path.
 * Test files run in processes of their own: the file appears by a rename, so that none sees half of it.
 * @throws Error with the compiler's words.
 */
export function rigBinary(name: RigBinary): string {
  const target: Target = targets[name];
  const output = join(outputFolder, target.output);
  const sources = target.sources.map((source) => join(rigFolder, source));
  if (modified(output) > Math.max(...sources.map(modified))) return output;

  mkdirSync(outputFolder, { recursive: true });
  const temporary = `${output}.${process.pid}`;
  const strict = ['-std=gnu11', '-O2', '-Wall', '-Wextra', '-Werror'];
  const [source] = sources as [string];
  try {
    // The libraries come after the source that needs them.
    execFileSync('cc', [...strict, '-I/usr/include/PCSC', '-o', temporary, source, ...target.flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 60_000,
    });
    renameSync(temporary, output);
  } catch (error) {
    rmSync(temporary, { force: true });
    const words = (error as { stderr?: Buffer }).stderr?.toString() ?? '';
    throw new Error(`the C compiler could not build ${target.output}:\n${words || String(error)}`);
  }
  return output;
}

/** Compiles all of them; for preparation, and before privileges are dropped. */
export function buildRig(): void {
  for (const name of Object.keys(targets) as RigBinary[]) rigBinary(name);
}

/** Modification time in milliseconds; minus infinity for a file that is not there. */
function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.NEGATIVE_INFINITY;
}

if (import.meta.main) buildRig();
