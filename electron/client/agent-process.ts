/** Starts an agent of one's own as a child process and talks to it over an inherited pipe. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { compileCacheEnvironment } from './compile-cache.ts';

/** What runs the agent where that is not what runs us: a window's host brings a Node of its own. */
export interface AgentProgram {
  /** Absolute path of Node's executable. */
  readonly node: string;
  /** Absolute path of the agent's entry point. */
  readonly entry: string;
}

export interface AgentArguments {
  /** Default: our own executable and sources. */
  readonly program?: AgentProgram;
  /** `CARD[:VARIANT]` of a simulated card, or `empty` for a simulated reader without one. */
  readonly sandbox?: string;
  readonly reader?: string;
  /** Path or name of a PKCS#11 module that shows the cards. */
  readonly module?: string;
  /** File with the settings (portal addresses, trust). */
  readonly settings?: string;
  /** Address of the portal to use, one of those in the settings. */
  readonly portal?: string;
  /** Path of a trace that answers in place of cards. */
  readonly replay?: string;
}

/** The agent's program. */
export const agentEntry = fileURLToPath(new URL('../engine/agent/main.ts', import.meta.url));

/** The agent's command line (without the executable). */
export function agentArguments(options: AgentArguments): string[] {
  return [
    ...(options.sandbox === undefined ? [] : [`--sandbox=${options.sandbox}`]),
    ...(options.reader === undefined ? [] : [`--reader=${options.reader}`]),
    ...(options.module === undefined ? [] : [`--module=${options.module}`]),
    ...(options.settings === undefined ? [] : [`--settings=${options.settings}`]),
    ...(options.portal === undefined ? [] : [`--portal=${options.portal}`]),
    ...(options.replay === undefined ? [] : [`--replay=${options.replay}`]),
  ];
}

/**
 * Spawns the agent. It ends by itself when the pipe closes, so a parent that dies leaves nothing behind.
 * File descriptor 3 is the pipe; the agent's standard error is ours.
 */
export function spawnAgent(options: AgentArguments): { process: ChildProcess; stream: Duplex } {
  const { program } = options;
  const child = spawn(
    program?.node ?? process.execPath,
    [
      ...(program === undefined ? [...process.execArgv, agentEntry] : [program.entry]),
      '--pipe',
      ...agentArguments(options),
    ],
    {
      env: { ...process.env, ...compileCacheEnvironment },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      windowsHide: true,
    },
  );
  const stream = child.stdio[3] as Duplex | null;
  if (!stream) throw new Error('the agent has no pipe');
  return { process: child, stream };
}
