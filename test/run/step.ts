import { spawn } from 'node:child_process';

/** A program to run as one step of the test run. */
export interface Step {
  /** A word or two, shown in the step's line. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The step and all its children are killed after this many milliseconds. */
  readonly timeoutMs: number;
  /** Output goes straight to the terminal; otherwise it is kept and shown only when the step fails. */
  readonly loud?: boolean;
  /** Prints no line of its own. */
  readonly silent?: boolean;
}

export interface StepResult {
  readonly name: string;
  readonly ok: boolean;
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Milliseconds. */
  readonly elapsed: number;
  /** What a quiet step printed. */
  readonly output: string;
}

const running = new Set<number>();

/** Kills the process groups of all steps under way. For signals and time-outs. */
export function killSteps(signal: NodeJS.Signals = 'SIGKILL'): void {
  for (const pid of running) killGroup(pid, signal);
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32')
      spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}

/** Runs a step in a process group of its own, without standard input, and prints its line when it is done. */
export function runStep(step: Step): Promise<StepResult> {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(step.command, [...step.args], {
      stdio: ['ignore', step.loud ? 'inherit' : 'pipe', step.loud ? 'inherit' : 'pipe'],
      env: step.env ?? process.env,
      // A group of its own, so that a time-out takes grandchildren, too. On Windows it would open a console.
      detached: process.platform !== 'win32',
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let output = '';
    let timedOut = false;
    const keep = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const timer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killGroup(pid, 'SIGKILL');
    }, step.timeoutMs);
    const sign = setInterval(() => {
      if (!step.loud) console.log(`  …   ${step.name}, ${seconds(performance.now() - started)} so far`);
    }, 60_000);
    let exitCode: number | null = null;
    const done = () => {
      clearTimeout(timer);
      clearInterval(sign);
      if (pid !== undefined) running.delete(pid);
      const elapsed = performance.now() - started;
      const result = { name: step.name, ok: exitCode === 0, exitCode, timedOut, elapsed, output };
      if (!step.silent) printStep(result, step.timeoutMs);
      resolve(result);
    };
    child.once('error', (error) => {
      output += error.message;
      if (pid === undefined) done();
    });
    child.once('exit', (code) => {
      exitCode = code;
      // Whatever the step left running in its group goes with it; it could hold the pipes open, too.
      if (pid !== undefined) killGroup(pid, 'SIGKILL');
      const lastWords = setTimeout(done, 2_000);
      child.once('close', () => {
        clearTimeout(lastWords);
        done();
      });
    });
  });
}

function printStep(result: StepResult, timeoutMs: number): void {
  const late = result.timedOut ? `, killed after ${seconds(timeoutMs)}` : '';
  console.log(`  ${result.ok ? 'ok  ' : 'FAIL'}  ${result.name} (${seconds(result.elapsed)}${late})`);
  if (!result.ok && result.output.trim() !== '') console.log(indent(result.output.trimEnd()));
}

const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n');

/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
