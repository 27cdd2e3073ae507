/** One run of the browser: its process, its pipe, its folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { browserFlags, type WindowFlags } from './browser-flags.ts';
import { CdpPipe, type CdpSession } from './cdp-pipe.ts';
import type { Confinement } from './confinement.ts';
import { ProfileFolder } from './profile-folder.ts';

export interface BrowserOptions {
  readonly binary: string;
  readonly confinement: Confinement;
  readonly headless: boolean;
  readonly kiosk?: boolean;
  /** Sees every message of the protocol, for tests. */
  readonly tap?: (text: string) => void;
}

type NewWindow = Pick<WindowFlags, 'splash'>;

/** What of our environment the browser gets: the display and the language. */
const kept = ['DISPLAY', 'XAUTHORITY', 'LANG', 'LANGUAGE', 'LC_ALL', 'LC_MESSAGES', 'TZ'];

export class Browser {
  readonly pipe: CdpPipe;
  readonly #options: BrowserOptions;
  readonly #folder: ProfileFolder;
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(options: BrowserOptions, folder: ProfileFolder, child: ChildProcess, pipe: CdpPipe) {
    this.#options = options;
    this.#folder = folder;
    this.#process = child;
    this.pipe = pipe;
    this.#exited = once(child, 'exit').catch(() => undefined);
    void this.#exited.then(() => folder.remove());
  }

  /** Starts the browser with its first window. Nothing has been said to it yet. */
  static start(options: BrowserOptions, window: NewWindow): Browser {
    const folder = ProfileFolder.create(options.confinement.user);
    const child = launch(options, folder, window);
    const pipe = new CdpPipe(child.stdio[3] as Writable, child.stdio[4] as Readable, options.tap);
    child.once('error', () => (child.stdio[3] as Writable).destroy());
    return new Browser(options, folder, child, pipe);
  }

  get session(): CdpSession {
    return this.pipe.browser;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * One more window of this browser. It shows the splash address; the caller recognises it by that. Windows made
   * over the protocol would have tabs, so the program is started again: it hands over to the one that runs.
   */
  async openWindow(window: NewWindow): Promise<void> {
    if (this.#options.headless) {
      await this.session.send('Target.createTarget', { url: window.splash, newWindow: true });
      return;
    }
    const child = launch(this.#options, this.#folder, window);
    child.once('error', () => undefined);
  }

  /** Ends the browser and waits for its end. Idempotent. */
  async close(): Promise<void> {
    this.session.send('Browser.close').catch(() => undefined);
    const killer = setTimeout(() => this.#kill(), 2_000);
    await this.#exited;
    clearTimeout(killer);
    this.#folder.remove();
  }

  #kill(): void {
    try {
      if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

function launch(options: BrowserOptions, folder: ProfileFolder, window: NewWindow): ChildProcess {
  const { binary, confinement, headless } = options;
  const wayland = !headless && !process.env.DISPLAY && process.env.WAYLAND_DISPLAY !== undefined;
  const [command = binary, ...args] = [
    ...confinement.prefix,
    binary,
    ...browserFlags({
      ...window,
      profile: folder.profile,
      headless,
      wayland,
      ...(options.kiosk ? { kiosk: true } : {}),
    }),
  ];
  const environment: NodeJS.ProcessEnv = {
    PATH: '/usr/bin:/bin',
    HOME: folder.home,
    TMPDIR: folder.temporary,
    XDG_CONFIG_HOME: `${folder.home}/.config`,
    XDG_CACHE_HOME: `${folder.home}/.cache`,
    XDG_DATA_HOME: `${folder.home}/.local/share`,
    // Its own messages are for developers of browsers.
    CHROME_LOG_FILE: '/dev/null',
  };
  const passed = wayland ? [...kept, 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR'] : kept;
  for (const name of passed) if (process.env[name] !== undefined) environment[name] = process.env[name];
  return spawn(command, args, {
    cwd: folder.path,
    env: environment,
    stdio: ['ignore', 'ignore', process.env.BULETIN_BROWSER_LOG ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    // A group of its own: it can be ended as a whole, and Ctrl-C reaches us alone.
    detached: true,
  });
}
