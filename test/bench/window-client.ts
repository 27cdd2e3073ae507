/** Opens the window as the product does, without a display, and says when a person could use it. */
import { useCompileCache } from '../../electron/client/compile-cache.ts';

useCompileCache();
const { ChromiumRig } = await import('../rig/window/chromium-rig.ts');
const rig = await ChromiumRig.start({ agent: { sandbox: 'eid' } });
// Rendered, in its language, and it answers: there is a button to press.
await rig.main.evaluate(`new Promise((resolve) => {
  const look = () => (document.querySelector('nav a') ? resolve(true) : setTimeout(look, 2));
  look();
})`);
process.stdout.write('usable\n');
await rig.main.shows('Ana-Măriuța');
process.stdout.write('holder\n');
await rig[Symbol.asyncDispose]();
