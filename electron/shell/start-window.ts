/** Chooses the host, makes the pages ready, and keeps the window open until the person closes it. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asFailure, Failure } from '../contract/failures/failure.ts';
import { chooseLanguage } from '../contract/text/languages.ts';
import type { Text } from '../contract/text/text.ts';
import { findBrowser } from './chromium/browser-binary.ts';
import { findConfinement } from './chromium/confinement.ts';
import { runChromium } from './chromium/run-chromium.ts';
import { parseStartOptions, type StartOptions } from './start-options.ts';
import { type Built, bringUpToDate, builtWindow } from './window-build.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const builtElectron: Built = {
  script: 'build:electron',
  product: 'out/electron/main.js',
  sources: ['electron', 'package-lock.json'],
};

/** Opens the window and returns the exit code when it is closed. Never throws. */
export async function start(argv: readonly string[]): Promise<number> {
  const asked = argv.find((argument) => argument.startsWith('--lang='))?.slice('--lang='.length);
  // Sentences are loaded when one is said: the browser is started before.
  const speak = async () =>
    (await import('../contract/text/text.ts')).createText(chooseLanguage(asked, process.env));
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const options = parseStartOptions(argv);
    if (options.help) {
      say((await speak()).t('start.usage'));
      return 0;
    }
    if (options.version) {
      const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      process.stdout.write(`${(manifest as { version: string }).version}\n`);
      return 0;
    }
    return await open(options, argv, speak, say);
  } catch (thrown) {
    const failure = asFailure(thrown);
    const { code, message, cause, fix } = (await speak()).failure(failure);
    for (const line of [`${message} (${code})`, cause, ...fix.map((step) => `- ${step}`)]) say(line);
    return failure.entry.exit;
  }
}

async function open(
  options: StartOptions,
  argv: readonly string[],
  speak: () => Promise<Text>,
  say: (line: string) => void,
): Promise<number> {
  const electron = options.host === 'chromium' || options.headless ? undefined : findElectron();
  const browser = options.host === 'electron' ? undefined : findBrowser();
  if (electron === undefined && browser === undefined) throw new Failure('window-host-missing');
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !options.headless && !DISPLAY && !WAYLAND_DISPLAY)
    throw new Failure('window-no-display');
  const telling = async () => say((await speak()).t('start.building'));
  await bringUpToDate(builtWindow, telling);

  if (electron !== undefined) {
    await bringUpToDate(builtElectron, telling);
    say((await speak()).t('start.electron'));
    return runElectron(electron, argv);
  }
  const binary = browser as string;
  const confinement = findConfinement();
  if (confinement.impossible !== undefined)
    throw new Failure('browser-refused', { detail: confinement.impossible });
  const running = runChromium(options, binary, confinement);
  running.catch(() => undefined);
  const { t } = await speak();
  say(t(options.host === 'chromium' ? 'start.chromium-chosen' : 'start.chromium', { path: binary }));
  if (confinement.user) say(t('start.other-user', { uid: String(confinement.user.uid) }));
  if (!confinement.ownNetwork) say(t('start.shared-network'));
  return running;
}

/** Electron's program, where its package has brought it. */
function findElectron(): string | undefined {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

function runElectron(program: string, argv: readonly string[]): Promise<number> {
  const own = argv.filter((argument) => !/^--(?:host|lang|kiosk)(?:=|$)/.test(argument));
  const child = spawn(program, [root, ...own], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, BULETIN_NODE: process.execPath },
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(new Failure('window-host-missing', { cause })));
    child.once('exit', (code) => resolve(code ?? 70));
  });
}
