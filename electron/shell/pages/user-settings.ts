/** The person's own settings of the window, in their configuration folder. */
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type WindowSettings, windowSettingsSchema } from '../../contract/pages/host-methods.ts';
import { chooseLanguage } from '../../contract/text/languages.ts';
import { writeWholeFile } from './whole-file.ts';

/** Largest settings file in bytes; ours has some 150. */
const maxBytes = 64 * 1024;

/** Where the window's settings lie on this platform. */
export function userSettingsPath(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const home = homedir();
  const base =
    platform === 'win32'
      ? (environment.APPDATA ?? join(home, 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? join(home, 'Library', 'Application Support')
        : environment.XDG_CONFIG_HOME || join(home, '.config');
  return join(base, platform === 'linux' ? 'buletin' : 'Buletin', 'window.json');
}

/** The settings of someone who never changed any. */
export function defaultSettings(environment: NodeJS.ProcessEnv = process.env): WindowSettings {
  return {
    language: chooseLanguage(undefined, environment),
    theme: 'system',
    textSize: 100,
    reader: null,
    shuffledDigits: false,
  };
}

export class UserSettings {
  readonly #path: string;
  #settings: WindowSettings;
  #writing: Promise<void> = Promise.resolve();

  /** Reads the settings; each one that is missing or makes no sense has its default. */
  constructor(path = userSettingsPath(), defaults = defaultSettings()) {
    this.#path = path;
    this.#settings = { ...defaults, ...readable(path) };
  }

  get current(): WindowSettings {
    return this.#settings;
  }

  /** Settings for this run, from the command line: they win over the file, and are written only with a change. */
  choose(chosen: Partial<WindowSettings>): void {
    this.#settings = { ...this.#settings, ...chosen };
  }

  /**
   * Changes settings, for this window at once, and for the next start.
   * @throws Failure `save-failed`: they hold until the window closes
   */
  async change(change: Partial<WindowSettings>): Promise<WindowSettings> {
    this.#settings = windowSettingsSchema.parse({ ...this.#settings, ...change });
    const written = this.#writing
      .catch(() => undefined)
      .then(async () => {
        mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
        await writeWholeFile(this.#path, `${JSON.stringify(this.#settings, null, 2)}\n`);
      });
    this.#writing = written;
    written.catch(() => undefined);
    await written;
    return this.#settings;
  }
}

/** What of the file can be used. */
function readable(path: string): Partial<WindowSettings> {
  let content: unknown;
  try {
    const bytes = readFileSync(path);
    if (bytes.length > maxBytes) return {};
    content = JSON.parse(bytes.toString('utf8'));
  } catch {
    return {};
  }
  if (typeof content !== 'object' || content === null) return {};
  const settings: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(windowSettingsSchema.shape)) {
    const parsed = schema.safeParse((content as Record<string, unknown>)[name]);
    if (parsed.success) settings[name] = parsed.data;
  }
  return settings;
}
