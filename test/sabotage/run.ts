import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { readVitestReport } from '../run/report.ts';
import { occurrences } from './apply.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';
import { judge, type Verdict } from './verdict.ts';

/**
 * `npm run sabotage [-- ID…]`: switches each guard off in turn and runs the tests that should notice.
 * `--check` only looks whether every guard is still where the list says, and its tests exist.
 */

const root = path.resolve(import.meta.dirname, '..', '..');
const limitMs = 5 * 60_000;

const wanted = process.argv.slice(2);
if (wanted.includes('--check')) process.exitCode = check();
else process.exitCode = await prove(wanted);

/** Whether the list fits the source: every text exactly once, another text in its place, tests that exist. */
function check(): number {
  const problems = guards.flatMap((guard) => {
    const file = path.join(root, guard.file);
    const found = existsSync(file) ? occurrences(readFileSync(file, 'utf8'), guard.find) : 0;
    const missing = guard.tests.filter((test) => !existsSync(path.join(root, test)));
    return [
      ...(found === 1 ? [] : [`${guard.id}: its text occurs ${found} times in ${guard.file}`]),
      ...(guard.find === guard.replace ? [`${guard.id}: nothing is switched off`] : []),
      ...(guard.tests.length === 0 ? [`${guard.id}: no test watches it`] : []),
      ...missing.map((test) => `${guard.id}: there is no ${test}`),
      ...(guards.filter(({ id }) => id === guard.id).length === 1
        ? []
        : [`${guard.id}: two guards of that name`]),
    ];
  });
  if (guards.length < 10) problems.push(`only ${guards.length} guards are watched`);
  for (const problem of problems) console.log(problem);
  return problems.length === 0 ? 0 : 1;
}

/** Runs the tests of each guard without it; all must turn red, and be green with all guards on. */
async function prove(ids: readonly string[]): Promise<number> {
  const unknown = ids.filter((id) => !guards.some((guard) => guard.id === id));
  if (unknown.length > 0) {
    console.log(`no such guard: ${unknown.join(', ')}`);
    return 2;
  }
  const chosen = guards.filter((guard) => ids.length === 0 || ids.includes(guard.id));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sabotage-'));
  try {
    const files = [...new Set(chosen.flatMap((guard) => guard.tests))];
    const intact = await runTests(undefined, files, folder);
    if (intact.exitCode !== 0) {
      console.log(intact.output);
      console.log('the tests are red with all guards on: nothing can be proved');
      return 1;
    }
    let asleep = 0;
    const width = Math.max(...chosen.map(({ id }) => id.length));
    for (const guard of chosen) {
      const verdict = await proveOne(guard, folder);
      if (!verdict.red) asleep += 1;
      console.log(`${verdict.red ? 'red ' : 'FAIL'}  ${guard.id.padEnd(width)}  ${verdict.because}`);
    }
    console.log(`${chosen.length - asleep} of ${chosen.length} guards are watched`);
    return asleep === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function proveOne(guard: Guard, folder: string): Promise<Verdict> {
  const proof = path.join(folder, `${guard.id}.proof`);
  const { report, output } = await runTests(guard, guard.tests, folder, proof);
  if (!existsSync(report)) return { red: false, because: `no report: ${output.slice(-400)}` };
  return judge(readVitestReport(report), existsSync(proof));
}

interface Outcome {
  readonly exitCode: number | null;
  readonly output: string;
  readonly report: string;
}

function runTests(
  guard: Guard | undefined,
  files: readonly string[],
  folder: string,
  proof = '',
): Promise<Outcome> {
  const report = path.join(folder, `${guard?.id ?? 'intact'}.json`);
  const hook = pathToFileURL(path.join(import.meta.dirname, 'hook.ts')).href;
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--configLoader=native', ...files],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      env: {
        ...process.env,
        TEST_REPORT: report,
        ...(guard === undefined
          ? {}
          : // Processes that the tests start get the hook; vitest's own modules go through its plugin.
            { SABOTAGE: guard.id, SABOTAGE_PROOF: proof, NODE_OPTIONS: `--import=${hook}` }),
      },
    },
  );
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const timer = setTimeout(() => {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  }, limitMs);
  return new Promise((resolve) => {
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, output, report });
    });
  });
}
