/** The whole program under the Chromium host: an agent, a browser, and their end. */
import type { StartOptions } from '../start-options.ts';
import type { Confinement } from './confinement.ts';
import { openFirstWindow } from './first-window.ts';

/**
 * Opens the window and waits until it is closed. The browser is started before the rest of the program is loaded.
 * @returns the exit code
 * @throws Failure `browser-failed`, or what the agent says when it cannot work at all
 */
export async function runChromium(
  options: StartOptions,
  binary: string,
  confinement: Confinement,
): Promise<number> {
  const { headless, kiosk } = options;
  const browser = { binary, confinement, headless, kiosk };
  const first = openFirstWindow(browser);
  const { openProgram } = await import('./program.ts').catch(async (error) => {
    // A damaged installation must not leave a window behind that nobody serves.
    await first.browser.close();
    throw error;
  });
  const program = openProgram({ ...browser, first }, options);
  const interrupt = () => void program.host.close();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  try {
    return await program.ended;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGHUP', interrupt);
    await program.close();
  }
}
