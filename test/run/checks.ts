import path from 'node:path';
import { permittedSkips } from '../skips.ts';
import { filesLeftBehind, processesLeftBehind } from './left-behind.ts';
import { needs } from './needs.ts';
import { digestReport, type RunReport, readVitestReport } from './report.ts';
import { judgeSkips } from './skip-rules.ts';
import { runStep, type Step, type StepResult } from './step.ts';

/** What was asked of the run. */
export interface RunOptions {
  readonly root: string;
  /** A folder of this run's own, writable, gone afterwards. */
  readonly scratch: string;
  /** Soak tests, long fuzz and all of sabotage, too. */
  readonly long: boolean;
  /** Test files or folders; empty for the whole suite. */
  readonly only: readonly string[];
}

/** What the run came to, in the words of its last line. */
export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

const minute = 60_000;

/** Runs all checks. Nothing stops at the first failure: everything is reported. */
export async function runChecks(options: RunOptions): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const count = (ok: boolean) => {
    totals[ok ? 'passed' : 'failed'] += 1;
  };
  if (options.only.length === 0) for (const step of await staticChecks(options)) count(step.ok);
  await runSuite(options, totals);
  const processes = await processesLeftBehind();
  for (const command of processes ?? []) console.log(`  FAIL  still running after the tests: ${command}`);
  if (processes !== undefined) count(processes.length === 0);
  const files = filesLeftBehind();
  for (const name of files ?? []) console.log(`  FAIL  left in the temporary folder: ${name}`);
  if (files !== undefined) count(files.length === 0);
  if (options.long && options.only.length === 0) {
    count((await runStep({ ...node(options, 'sabotage', 'test/sabotage/run.ts', [], 60), loud: true })).ok);
  }
  return totals;
}

const node = (
  { root }: RunOptions,
  name: string,
  script: string,
  args: readonly string[],
  minutes: number,
): Step => ({
  name,
  command: process.execPath,
  args: [path.join(root, script), ...args],
  timeoutMs: minutes * minute,
});

/** Each of these counts as one test. The type checker runs beside the short ones. */
async function staticChecks(options: RunOptions): Promise<StepResult[]> {
  const modules = 'node_modules';
  const tsc = `${modules}/typescript/bin/tsc`;
  const layers = [
    '--config',
    'build/layers.cjs',
    'electron',
    'renderer',
    'test',
    'build',
    'vitest.config.ts',
  ];
  const inTurn = async (...steps: Step[]): Promise<StepResult[]> => {
    const results: StepResult[] = [];
    for (const step of steps) results.push(await runStep(step));
    return results;
  };
  const both = await Promise.all([
    inTurn(
      node(options, 'types', tsc, ['--noEmit', '-p', 'tsconfig.json'], 5),
      node(options, 'types of the window', tsc, ['--noEmit', '-p', 'renderer/tsconfig.json'], 5),
    ),
    inTurn(
      node(options, 'lint', `${modules}/@biomejs/biome/bin/biome`, ['check', '--error-on-warnings'], 2),
      node(options, 'import rules', `${modules}/dependency-cruiser/bin/dependency-cruiser.mjs`, layers, 3),
      node(options, 'sabotage list', 'test/sabotage/run.ts', ['--check'], 1),
    ),
  ]);
  return both.flat();
}

/** Runs vitest and adds its tests, and what is wrong with its skips, to the totals. */
async function runSuite(options: RunOptions, totals: Totals): Promise<void> {
  const { long, only, root, scratch } = options;
  const file = path.join(scratch, 'tests.json');
  const step = await runStep({
    ...node(
      options,
      'tests',
      'node_modules/vitest/vitest.mjs',
      ['run', '--configLoader=native', ...only],
      long ? 180 : 15,
    ),
    env: {
      ...process.env,
      TEST_REPORT: file,
      ...(long ? { LONG: '1', FUZZ_SCALE: process.env.FUZZ_SCALE ?? '20' } : {}),
    },
    loud: true,
  });
  const problems: string[] = [];
  let report: RunReport = { tests: [], files: [], broken: [] };
  try {
    report = digestReport(readVitestReport(file), root);
    const { permitted, breaches } = judgeSkips(report, permittedSkips, needs, only.length === 0 && long);
    for (const { name, reason } of permitted) console.log(`  skip  ${name}\n        ${reason}`);
    problems.push(...report.broken, ...breaches);
  } catch (error) {
    problems.push(`no report of the tests: ${(error as Error).message}`);
  }
  for (const { outcome } of report.tests) totals[outcome] += 1;
  const explained = problems.length > 0 || report.tests.some(({ outcome }) => outcome === 'failed');
  if (!step.ok && !explained) problems.push(`vitest ended with exit code ${step.exitCode}`);
  for (const problem of problems) console.log(`  FAIL  ${problem}`);
  totals.failed += problems.length;
}
