/** The whole program under the Chromium host: an agent, a browser, and their end. */
import { AgentSupervisor } from '../../client/supervisor.ts';
import { Failure } from '../../contract/failures/failure.ts';
import { Shell } from '../pages/shell.ts';
import type { StartOptions } from '../start-options.ts';
import { ChromiumHost } from './chromium-host.ts';
import type { Confinement } from './confinement.ts';

/**
 * Opens the window and waits until it is closed.
 * @returns the exit code
 * @throws Failure `browser-failed`, or what the agent says when it cannot work at all
 */
export async function runChromium(
  options: StartOptions,
  binary: string,
  confinement: Confinement,
): Promise<number> {
  const agent = new AgentSupervisor(options.agent);
  const { headless, kiosk } = options;
  const host = new ChromiumHost({ binary, confinement, headless, kiosk });
  const shell = new Shell({ agent, host });
  const interrupt = () => void host.close();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  try {
    // Side by side: each takes a while. The browser first, because a person waits for the window.
    const opened = host.open(shell);
    const started = agent.start();
    started.catch(() => undefined);
    opened.catch(() => undefined);
    await Promise.race([started, host.ended]);
    await Promise.race([opened, host.ended]);
    const how = await host.ended;
    if (how === 'died') throw new Failure('browser-failed');
    return 0;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
    shell.close();
    await Promise.all([host.close(), agent.stop()]);
  }
}
