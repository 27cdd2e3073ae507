/** Finds the agent for one call of the command line: a running one of the same user, or one of our own. */
import type { ChildProcess } from 'node:child_process';
import { AgentClient } from '../client/agent-client.ts';
import { spawnAgent } from '../client/agent-process.ts';
import { connectToRunningAgent } from '../client/agent-socket.ts';
import type { AgentSnapshot } from '../contract/protocol/messages.ts';
import type { CliOptions } from './arguments.ts';

export interface AgentConnection {
  readonly client: AgentClient;
  readonly snapshot: AgentSnapshot;
  readonly attached: boolean;
  /** Lets go; an agent of our own signs out, wipes and ends. */
  close(): Promise<void>;
}

/** How long an agent of our own may take to sign out and end, in ms. */
const endTimeoutMs = 5_000;

export async function connectToAgent(
  options: Pick<CliOptions, 'sandbox' | 'reader' | 'module' | 'settings' | 'portal' | 'replay' | 'own'>,
): Promise<AgentConnection> {
  if (
    options.sandbox === undefined &&
    options.settings === undefined &&
    options.module === undefined &&
    options.portal === undefined &&
    options.replay === undefined &&
    !options.own
  ) {
    const running = await connectToRunningAgent();
    if (running) {
      const { client, snapshot } = await AgentClient.connect(running.stream, {
        connectionKey: running.connectionKey,
      });
      return { client, snapshot, attached: true, close: async () => client.close() };
    }
  }
  const { process: child, stream } = spawnAgent({
    ...(options.sandbox === undefined ? {} : { sandbox: options.sandbox }),
    ...(options.reader === undefined ? {} : { reader: options.reader }),
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.module === undefined ? {} : { module: options.module }),
    ...(options.portal === undefined ? {} : { portal: options.portal }),
    ...(options.replay === undefined ? {} : { replay: options.replay }),
  });
  const { client, snapshot } = await AgentClient.connect(stream);
  return {
    client,
    snapshot,
    attached: false,
    close: async () => {
      client.close();
      await ended(child);
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const killer = setTimeout(() => child.kill('SIGKILL'), endTimeoutMs);
  await new Promise<void>((resolve) => child.once('exit', () => resolve()));
  clearTimeout(killer);
}
