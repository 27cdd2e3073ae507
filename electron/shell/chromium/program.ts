/** The parts of the program under the Chromium host, put together and started in the order that shows a window soonest. */
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { AgentSupervisor } from '../../client/supervisor.ts';
import { Failure } from '../../contract/failures/failure.ts';
import { Shell } from '../pages/shell.ts';
import { UserSettings } from '../pages/user-settings.ts';
import type { StartOptions } from '../start-options.ts';
import { ChromiumHost, type ChromiumHostOptions } from './chromium-host.ts';

export interface Program {
  readonly host: ChromiumHost;
  /**
   * The exit code, when the person has closed the window. Rejects with a Failure: `browser-failed`, or what the agent
   * says when it cannot work at all.
   */
  readonly ended: Promise<number>;
  /** Ends all parts. */
  close(): Promise<void>;
}

/** Whether an agent can start beside a browser without taking its processor away. */
export const roomForBoth = (processors = availableParallelism()): boolean => processors > 2;

/** What a page needs from its first word to its first picture, in ms; asking it would cost it time. */
const firstPictureMs = 300;

async function windowSeen(shell: Shell): Promise<void> {
  await shell.greeted;
  await setTimeout(firstPictureMs);
}

/** Opens the window, in which the browser may have been started already. */
export function openProgram(
  hostOptions: ChromiumHostOptions,
  options: Pick<StartOptions, 'agent' | 'language'>,
): Program {
  const agent = new AgentSupervisor(options.agent);
  const host = new ChromiumHost(hostOptions);
  const settings = new UserSettings();
  if (options.language !== undefined) settings.choose({ language: options.language });
  const shell = new Shell({ agent, host, settings });
  const opened = host.open(shell);
  // A person waits for the window first, and for the card next. A page that never says hello has failed to open.
  const started = roomForBoth() ? agent.start() : windowSeen(shell).then(() => agent.start());
  const work = async () => {
    await Promise.race([started, host.ended]);
    await Promise.race([opened, host.ended]);
    if ((await host.ended) === 'died') throw new Failure('browser-failed');
    return 0;
  };
  for (const promise of [opened, started]) promise.catch(() => undefined);
  const ended = work();
  ended.catch(() => undefined);
  return {
    host,
    ended,
    close: async () => {
      shell.close();
      await Promise.all([host.close(), agent.stop()]);
    },
  };
}
