import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type RunOptions, runChecks, type Totals } from './run/checks.ts';
import { cleanEnvironment, isolate } from './run/isolation.ts';
import { needs } from './run/needs.ts';
import { killSteps, runStep, seconds } from './run/step.ts';

/**
 * The whole test run (`npm test`): prepares the machine, then runs every check as an ordinary user without a
 * network. `--long` adds soak tests, long fuzz and the proof by sabotage; file or folder names run only those
 * tests; `--no-prepare` takes the machine as it is.
 *
 * The last line is always `N passed, N failed, N skipped`; the exit code is 1 when anything failed.
 */

const usage = 'usage: npm test [-- --no-prepare] [-- FILE…], npm run test:long';
const minute = 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    'no-prepare': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    // The second half of the run, started by the first with fewer rights.
    isolated: { type: 'boolean', default: false },
    // What failed and what was skipped in the first half.
    before: { type: 'string', default: '0,0' },
  },
});

const root = path.resolve(import.meta.dirname, '..');
const started = performance.now();

let scratchFolder: string | undefined;
const tidyUp = () => {
  killSteps();
  if (scratchFolder !== undefined) rmSync(scratchFolder, { recursive: true, force: true });
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    tidyUp();
    process.exit(128 + os.constants.signals[signal]);
  });
}

if (values.help) console.log(usage);
else if (values.isolated) process.exitCode = await isolatedHalf(process.env.TEST_SCRATCH ?? '');
else process.exitCode = await outerHalf();

/** With the rights that `npm test` was given: packages and native parts; then the rest, without them. */
async function outerHalf(): Promise<number> {
  const before = values['no-prepare'] ? { failed: 0, skipped: 0 } : await prepare();
  const isolation = isolate(root);
  scratchFolder = isolation.scratch;
  console.log(`        ${isolation.summary}`);
  const script = path.join(isolation.root, 'test', 'run.ts');
  const [command, ...args] = [
    ...isolation.prefix,
    ...[nodeIn(isolation.root), script, '--isolated', '--before', `${before.failed},${before.skipped}`],
    ...(values.long ? ['--long'] : []),
    ...positionals,
  ];
  try {
    process.chdir(isolation.root);
    const half = await runStep({
      name: 'all',
      command: command as string,
      args,
      env: cleanEnvironment(isolation),
      timeoutMs: (values.long ? 300 : 30) * minute,
      loud: true,
      silent: true,
    });
    if (half.exitCode === null) lastLine({ passed: 0, failed: before.failed + 1, skipped: before.skipped });
    return half.exitCode === 0 ? 0 : 1;
  } finally {
    process.chdir('/');
    tidyUp();
  }
}

/** Packages of the system, the test rig, the native parts. */
async function prepare(): Promise<{ readonly failed: number; readonly skipped: number }> {
  const script = (name: string, file: string, loud: boolean) =>
    runStep({
      name,
      command: process.execPath,
      args: [path.join(root, 'build', file)],
      timeoutMs: 30 * minute,
      loud,
    });
  const machine = await script('prepare the machine', 'prepare.ts', true);
  const window = await script('build the window', 'window.ts', false);
  if (!needs('native-build')) {
    console.log('  skip  build native parts\n        no Rust here, or no PC/SC library to build against');
    return { failed: [machine, window].filter(({ ok }) => !ok).length, skipped: 1 };
  }
  const native = await script('build native parts', 'native.ts', false);
  return { failed: [machine, window, native].filter(({ ok }) => !ok).length, skipped: 0 };
}

/** Node as it lies in the tree that the tests use, which may be a copy. */
function nodeIn(tree: string): string {
  const inTree = path.join(tree, path.relative(root, process.execPath));
  return process.execPath.startsWith(root + path.sep) && existsSync(inTree) ? inTree : process.execPath;
}

/** Without rights: all checks. */
async function isolatedHalf(scratch: string): Promise<number> {
  const options: RunOptions = { root, scratch, long: values.long, only: positionals };
  const totals = await runChecks(options);
  const [failed = 0, skipped = 0] = values.before.split(',').map(Number);
  totals.failed += failed;
  totals.skipped += skipped;
  console.log(`\n${seconds(performance.now() - started)} without preparation`);
  lastLine(totals);
  return totals.failed === 0 ? 0 : 1;
}

/** Read by other programs: keep it exactly so, and last. */
function lastLine({ passed, failed, skipped }: Totals): void {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
}
