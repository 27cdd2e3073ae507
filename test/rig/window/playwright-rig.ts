/**
 * The window in a Chromium that Playwright drives, on a real shell and a real agent: for what is best said in
 * Playwright's words (roles and names, the keyboard, where the focus is). Pages, headers and the page's end of the
 * port are the product's; the browser is not confined as the Chromium host confines it (`chromium-rig.ts` has that).
 */
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { AgentArguments } from '../../../electron/client/agent-process.ts';
import { AgentSupervisor } from '../../../electron/client/supervisor.ts';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import type { WindowSettings } from '../../../electron/contract/pages/host-methods.ts';
import type { PageKind } from '../../../electron/contract/pages/page-messages.ts';
import { findBrowser } from '../../../electron/shell/chromium/browser-binary.ts';
import { origins } from '../../../electron/shell/chromium/interception.ts';
import { bindingName, pageScript, receiveFunction } from '../../../electron/shell/chromium/page-script.ts';
import { pageHeaders } from '../../../electron/shell/pages/page-headers.ts';
import { Shell } from '../../../electron/shell/pages/shell.ts';
import type { Host, HostInfo, PinWindow } from '../../../electron/shell/pages/shell-services.ts';
import { defaultSettings, UserSettings } from '../../../electron/shell/pages/user-settings.ts';
import { WindowFiles } from '../../../electron/shell/pages/window-files.ts';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';

export interface PlaywrightRigOptions {
  readonly agent: AgentArguments;
  readonly settings?: Partial<WindowSettings>;
}

class PlaywrightHost implements Host {
  readonly info: HostInfo;
  readonly pinPages = new Set<Page>();
  /** What the person will choose when they are next asked for documents. */
  documents: readonly string[] = [];
  readonly #context: BrowserContext;
  readonly #files = new WindowFiles();
  shell!: Shell;

  constructor(context: BrowserContext, version: string) {
    this.#context = context;
    this.info = {
      kind: 'chromium',
      hostVersion: `Chromium ${version}`,
      platform: process.platform,
      version: '0.1.0',
    };
  }

  async open(kind: PageKind, prompt?: PinPrompt): Promise<Page> {
    const page = await this.#context.newPage();
    if (kind === 'pin') await page.setViewportSize({ width: 420, height: 560 });
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      const file = url.origin === origins[kind] ? this.#files.get(url.pathname, kind) : undefined;
      if (file === undefined) return route.abort();
      return route.fulfill({
        status: 200,
        headers: { ...pageHeaders(kind), 'Content-Type': file.type },
        body: file.body,
      });
    });
    let receive: (message: unknown) => void = () => undefined;
    let gone: () => void = () => undefined;
    await page.exposeBinding(bindingName, ({ frame }, text: unknown) => {
      if (frame === page.mainFrame()) receive(text);
    });
    await page.addInitScript({ content: pageScript(origins[kind]) });
    const cdp = await this.#context.newCDPSession(page);
    page.once('close', () => gone());
    this.shell.connect({
      kind,
      window: page,
      ...(prompt === undefined ? {} : { prompt }),
      port: {
        send: (text) => {
          const expression = `(${receiveFunction})(${JSON.stringify(text)})`;
          cdp.send('Runtime.evaluate', { expression, silent: true }).catch(() => undefined);
        },
        onMessage: (listener) => {
          receive = listener;
        },
        onClose: (listener) => {
          gone = listener;
        },
      },
    });
    await page.goto(`${origins[kind]}/`);
    return page;
  }

  openPinWindow(prompt: PinPrompt, closed: () => void): PinWindow {
    let wanted = true;
    const opening = this.open('pin', prompt).then((page) => {
      this.pinPages.add(page);
      page.once('close', () => {
        this.pinPages.delete(page);
        closed();
      });
      if (!wanted) void page.close();
      return page;
    });
    opening.catch(() => closed());
    return {
      close: () => {
        wanted = false;
        void opening.then((page) => page.close()).catch(() => undefined);
      },
    };
  }

  chooseDocuments: Host['chooseDocuments'] = async () => this.documents;
  chooseTarget: Host['chooseTarget'] = async () => null;
  confirm: Host['confirm'] = async () => false;
  pdfOf: Host['pdfOf'] = async (window) => (window as Page).pdf();
  print: Host['print'] = async () => false;
  showInFolder: Host['showInFolder'] = async () => undefined;
}

export class PlaywrightRig implements AsyncDisposable {
  readonly main: Page;
  readonly shell: Shell;
  readonly agent: AgentSupervisor;
  readonly host: PlaywrightHost;
  /** A folder for the test's files. */
  readonly folder: string;
  readonly #browser: Browser;

  private constructor(browser: Browser, folder: string, host: PlaywrightHost, parts: Parts) {
    this.#browser = browser;
    this.folder = folder;
    this.host = host;
    this.main = parts.main;
    this.shell = parts.shell;
    this.agent = parts.agent;
  }

  static async start(options: PlaywrightRigOptions): Promise<PlaywrightRig> {
    const folder = makeScratchFolder();
    const browser = await chromium.launch({
      executablePath: findBrowser() ?? '',
      // Only our own pages are shown, and the product's confinement has tests of its own.
      chromiumSandbox: false,
    });
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(15_000);
    const host = new PlaywrightHost(context, browser.version());
    const agent = new AgentSupervisor(options.agent);
    const settings = { ...defaultSettings({}), language: 'en' as const, ...options.settings };
    host.shell = new Shell({
      agent,
      host,
      settings: new UserSettings(join(folder, 'window.json'), settings),
      log: () => undefined,
    });
    try {
      const [, main] = await Promise.all([agent.start(), host.open('main')]);
      return new PlaywrightRig(browser, folder, host, { main, shell: host.shell, agent });
    } catch (error) {
      await Promise.all([browser.close(), agent.stop()]);
      removeScratchFolder(folder);
      throw error;
    }
  }

  /** Waits for the PIN window that asks this. */
  async pin(heading: string | RegExp): Promise<Page> {
    const until = performance.now() + 20_000;
    for (;;) {
      for (const page of this.host.pinPages) {
        const text = await page
          .locator('body')
          .innerText({ timeout: 1_000 })
          .catch(() => '');
        if (typeof heading === 'string' ? text.includes(heading) : heading.test(text)) return page;
      }
      if (performance.now() > until) throw new Error(`no PIN window with ${heading}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shell.close();
    await Promise.all([this.#browser.close(), this.agent.stop()]);
    removeScratchFolder(this.folder);
  }
}

interface Parts {
  readonly main: Page;
  readonly shell: Shell;
  readonly agent: AgentSupervisor;
}
