/** Pictures of every page, as the window shows them with the demo's card, in `out/demo/`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentSupervisor } from '../client/supervisor.ts';
import { asFailure, Failure } from '../contract/failures/failure.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import { sealPin } from '../contract/pin/envelope.ts';
import { chooseLanguage } from '../contract/text/languages.ts';
import { createText } from '../contract/text/text.ts';
import { findBrowser } from './chromium/browser-binary.ts';
import { ChromiumHost } from './chromium/chromium-host.ts';
import { findConfinement } from './chromium/confinement.ts';
import type { PageWindow } from './chromium/page-window.ts';
import type { DemoChoice } from './demo-choice.ts';
import { Shell } from './pages/shell.ts';
import { defaultSettings, UserSettings } from './pages/user-settings.ts';
import { bringUpToDate, builtWindow } from './window-build.ts';

const folder = fileURLToPath(new URL('../../out/demo', import.meta.url));

/** Each page by its address, with the name of its picture. The PIN window comes between the first two. */
const pages = [
  ['/', '03-signed-in'],
  ['/data', '04-my-data'],
  ['/data/personal', '05-personal'],
  ['/data/documents', '06-documents'],
  ['/data/domicile', '07-domicile'],
  ['/data/vehicles', '08-vehicles'],
  ['/data/access-log', '09-access-log'],
  ['/sign', '10-sign'],
  ['/certificates', '11-certificates'],
  ['/pins', '12-pins'],
  ['/help', '13-help'],
  ['/diagnostics', '14-diagnostics'],
  ['/settings', '15-settings'],
  ['/about', '16-about'],
] as const;

/** The whole of it, building the pages not counted; then it is given up. */
const limitMs = 40_000;

/** Silent where there is no Chromium that may run. Never throws: the demo itself is done. */
export async function demoPictures(choice: DemoChoice): Promise<void> {
  const language = chooseLanguage(choice.language, process.env);
  const text = createText(language);
  const binary = findBrowser();
  if (binary === undefined) return;
  const confinement = findConfinement();
  if (confinement.impossible !== undefined) return;
  try {
    await bringUpToDate(builtWindow, () => console.log(`\n${text.t('start.building')}`));
    const agent = new AgentSupervisor({ sandbox: choice.card });
    const host = new ChromiumHost({ binary, confinement, headless: true, log: () => undefined });
    const settings = new UserSettings(join(folder, 'no-settings'), { ...defaultSettings(), language });
    const shell = new Shell({ agent, host, settings, log: () => undefined });
    try {
      await inTime(takeAll(agent, host, shell));
    } finally {
      shell.close();
      await Promise.all([host.close(), agent.stop()]);
    }
    console.log(`\n${text.t('demo.pictures', { folder: relative(process.cwd(), folder) || '.' })}`);
  } catch (thrown) {
    const { message } = text.failure(asFailure(thrown));
    console.log(`\n${text.t('demo.pictures-failed', { reason: message })}`);
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure('browser-failed', { detail: 'too slow' })), limitMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function takeAll(agent: AgentSupervisor, host: ChromiumHost, shell: Shell): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await Promise.all([agent.start(), host.open(shell)]);
  const { main } = host;
  if (!main) throw new Failure('browser-failed');
  await settled(() => shell.agent.snapshot?.token != null);
  await picture(main, '01-card');

  const asked = Promise.withResolvers<PinPrompt>();
  shell.agent.on('event', (event) => {
    if (event.kind === 'prompt-open') asked.resolve(event.prompt);
  });
  const login = shell.agent.request('session.login', {});
  login.catch(asked.reject);
  const prompt = await asked.promise;
  const pinWindow = () => host.windows.find(({ kind, connected }) => kind === 'pin' && connected);
  await settled(() => pinWindow() !== undefined);
  const window = pinWindow();
  if (window) await picture(window, '02-pin');
  // Simulated cards have published PINs.
  const pins = await shell.agent.request('sandbox.pins', {});
  const digits = new TextEncoder().encode(prompt.pin === 'PIN2' ? pins.PIN2 : pins.PIN1);
  await shell.agent.request('pin.submit', {
    promptId: prompt.promptId,
    envelope: await sealPin(digits, prompt),
  });
  await login;
  for (const [path, name] of pages) {
    await goTo(main, path);
    await picture(main, name);
  }
}

/** Clicks the page's entry in the navigation, as a person does: the focus then stands where theirs would. */
async function goTo({ cdp }: PageWindow, path: string): Promise<void> {
  const expression = `(() => {
    const link = document.querySelector('nav a[href=${JSON.stringify(`#${path}`)}]');
    const { x, y, width, height } = link.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  })()`;
  const { result } = await cdp.send('Runtime.evaluate', { expression, returnByValue: true });
  for (const type of ['mousePressed', 'mouseReleased'])
    await cdp.send('Input.dispatchMouseEvent', { type, ...result.value, button: 'left', clickCount: 1 });
}

/** Waits until the page stands still: nothing loads, nothing moves, the fonts are there. */
const stands = `(async () => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const until = performance.now() + 4000;
  let before;
  await pause(150);
  while (performance.now() < until) {
    await document.fonts.ready;
    const now = document.body.innerText;
    const busy = document.querySelector('[aria-busy="true"], [role="progressbar"]');
    if (now !== '' && now === before && !busy) break;
    before = now;
    await pause(120);
  }
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
  }
})()`;

async function picture(window: PageWindow, name: string): Promise<void> {
  await window.cdp.send('Runtime.evaluate', { expression: stands, awaitPromise: true });
  const { data } = await window.cdp.send('Page.captureScreenshot', { format: 'png' });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(data, 'base64'));
}

/** Waits for something that comes with an event soon. */
async function settled(there: () => boolean): Promise<void> {
  const until = performance.now() + 10_000;
  while (!there() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
}
