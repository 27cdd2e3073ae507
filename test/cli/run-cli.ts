/** Runs the command line as another program would: a process of its own, pipes, an exit code. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command's entry point. */
export const cliEntry = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON. @throws SyntaxError when it is none */
  json<T = Record<string, unknown>>(): T;
}

export interface CliOptions {
  /** Lines for `--pin-stdin`. */
  readonly pins?: readonly string[];
  readonly env?: Record<string, string>;
}

/** The environment of every call: English, and no agent that happens to run on this machine takes part. */
export const cliEnvironment = {
  ...process.env,
  LANG: 'en_US.UTF-8',
  LC_ALL: '',
  BULETIN_AGENT_SOCKET: join(tmpdir(), 'no-such-folder', 'agent.sock'),
};

/** @param args words and options; `--own` and `--lang=en` are not added */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliEntry, ...args], {
      env: { ...cliEnvironment, ...options.env },
      stdio: 'pipe',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr, json: () => JSON.parse(stdout) }));
    child.stdin.on('error', () => undefined);
    child.stdin.end((options.pins ?? []).map((pin) => `${pin}\n`).join(''));
  });
}
