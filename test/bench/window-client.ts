/** Opens the window as the product does, without a display, and says when a person could use it. */
import { useCompileCache } from '../../electron/client/compile-cache.ts';

useCompileCache();
const { findBrowser } = await import('../../electron/shell/chromium/browser-binary.ts');
const { findConfinement } = await import('../../electron/shell/chromium/confinement.ts');
const { openFirstWindow } = await import('../../electron/shell/chromium/first-window.ts');
const browser = { binary: findBrowser() ?? '', confinement: findConfinement(), headless: true };
const first = openFirstWindow(browser);
const { openProgram } = await import('../../electron/shell/chromium/program.ts');
const { PageDriver } = await import('../rig/window/page-driver.ts');
const program = openProgram({ ...browser, first }, { agent: { sandbox: 'eid' }, language: 'en' });
while (!program.host.main?.connected) await new Promise((resolve) => setTimeout(resolve, 5));
const page = new PageDriver(program.host.main);
// Rendered, in its language, and it answers: there is a button to press.
await page.evaluate(`new Promise((resolve) => {
  const look = () => (document.querySelector('nav a') ? resolve(true) : setTimeout(look, 2));
  look();
})`);
process.stdout.write('usable\n');
await page.shows('Ana-Măriuța');
process.stdout.write('holder\n');
await program.close();
