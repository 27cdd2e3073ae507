/** The Chromium host as it ships, without a display: for tests of the host and of the window in it. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentArguments } from '../../../electron/client/agent-process.ts';
import { AgentSupervisor } from '../../../electron/client/supervisor.ts';
import type { WindowSettings } from '../../../electron/contract/pages/host-methods.ts';
import { findBrowser } from '../../../electron/shell/chromium/browser-binary.ts';
import { ChromiumHost } from '../../../electron/shell/chromium/chromium-host.ts';
import { type Confinement, findConfinement } from '../../../electron/shell/chromium/confinement.ts';
import type { PageWindow } from '../../../electron/shell/chromium/page-window.ts';
import { Shell } from '../../../electron/shell/pages/shell.ts';
import { defaultSettings, UserSettings } from '../../../electron/shell/pages/user-settings.ts';
import { WindowFiles } from '../../../electron/shell/pages/window-files.ts';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';
import { PageDriver } from './page-driver.ts';

export interface RigOptions {
  readonly agent: AgentArguments;
  /** Folder of the pages; default: the built window. */
  readonly pages?: string;
  readonly confinement?: Confinement;
  readonly settings?: Partial<WindowSettings>;
}

export class ChromiumRig implements AsyncDisposable {
  readonly host: ChromiumHost;
  readonly shell: Shell;
  readonly agent: AgentSupervisor;
  /** A folder for the test's files. */
  readonly folder: string;
  /** What the shell logged. */
  readonly log: string[] = [];
  /** Everything that went over the browser's pipe, both ways. */
  readonly traffic: string[] = [];

  private constructor(options: RigOptions) {
    this.folder = makeScratchFolder();
    const log = (line: string) => void this.log.push(line);
    this.host = new ChromiumHost({
      binary: findBrowser() ?? '',
      confinement: options.confinement ?? findConfinement(),
      headless: true,
      ...(options.pages === undefined ? {} : { files: new WindowFiles(options.pages) }),
      log,
      tap: (text) => void this.traffic.push(text),
    });
    this.agent = new AgentSupervisor(options.agent);
    const settings = { ...defaultSettings({}), language: 'en' as const, ...options.settings };
    this.shell = new Shell({
      agent: this.agent,
      host: this.host,
      settings: new UserSettings(join(this.folder, 'window.json'), settings),
      log,
    });
  }

  static async start(options: RigOptions): Promise<ChromiumRig> {
    const rig = new ChromiumRig(options);
    try {
      await Promise.all([rig.agent.start(), rig.host.open(rig.shell)]);
      return rig;
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
  }

  get main(): PageDriver {
    if (!this.host.main) throw new Error('there is no main window');
    return new PageDriver(this.host.main);
  }

  /** Waits for a PIN window that runs and shows this text. One that is just closing may still be there. */
  async pin(text = ''): Promise<PageDriver> {
    const find = async () => {
      for (const window of this.host.windows) {
        if (window.kind !== 'pin' || !window.connected) continue;
        const driver = new PageDriver(window);
        if (text === '' || (await driver.text().catch(() => '')).includes(text)) return driver;
      }
      return undefined;
    };
    return eventually(find, `a PIN window with "${text}"`);
  }

  pinWindows(): PageWindow[] {
    return this.host.windows.filter(({ kind }) => kind === 'pin');
  }

  /** The browser's processes: their kind (`renderer`, `utility`, …) and a line of /proc/PID/status. */
  processes(): { pid: number; type: string; seccomp: string; uid: string; network: string }[] {
    const root = this.host.browser?.pid;
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          const group = readFileSync(`/proc/${pid}/stat`, 'utf8')
            .replace(/^.*\) /s, '')
            .split(' ')[2];
          if (group !== String(root)) return [];
          const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
          let network = '';
          try {
            network = readlinkSync(`/proc/${pid}/ns/net`);
          } catch {
            // A sandboxed process of ours may not be looked into.
          }
          const type = /--type=([a-z-]+)/.exec(line)?.[1] ?? 'browser';
          return [{ pid: Number(pid), type, seccomp: field('Seccomp'), uid: field('Uid'), network }];
        } catch {
          return [];
        }
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shell.close();
    await Promise.all([this.host.close(), this.agent.stop()]);
    removeScratchFolder(this.folder);
  }
}

/** Asks until there is something. */
export async function eventually<T>(
  ask: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  what: string,
  timeoutMs = 20_000,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false && found !== null) return found;
    if (performance.now() > until) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
