/** `buletin agent` as a process of its own, with a private socket. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));

export interface RunningAgent {
  /** For other calls of the command line, to attach to it. */
  readonly env: Record<string, string>;
  readonly socket: string;
  readonly pid: number;
  /** Sends SIGTERM and waits; returns the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export async function startAgent(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<RunningAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'buletin-agent-'));
  const socket = join(folder, 'agent.sock');
  const childEnv = { ...env, BULETIN_AGENT_SOCKET: socket };
  const child = spawn(process.execPath, [entry, 'agent', '--json', ...args], {
    env: { ...process.env, ...childEnv },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(socket)) resolve();
    });
    child.once('exit', (code) => reject(new Error(`the agent ended with ${code}: ${said}`)));
  });
  return {
    env: childEnv,
    socket,
    pid: child.pid ?? 0,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const code = await exited;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}
