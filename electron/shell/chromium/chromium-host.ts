/** The second host: the distribution's own Chromium as the window, driven over a pipe. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Failure } from '../../contract/failures/failure.ts';
import type { PinPrompt } from '../../contract/model/status.ts';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { Shell } from '../pages/shell.ts';
import type { Host, HostInfo, PinWindow } from '../pages/shell-services.ts';
import { WindowFiles } from '../pages/window-files.ts';
import type { Browser, BrowserOptions } from './browser.ts';
import { chooseTarget } from './choose-target.ts';
import { type ColorScheme, watchColorScheme } from './color-scheme.ts';
import { confirmWithDialog } from './confirm.ts';
import { chooseDocuments, watchDrops } from './document-chooser.ts';
import { type FirstWindow, openFirstWindow, splash } from './first-window.ts';
import { interceptEverything } from './interception.ts';
import { PageWindow } from './page-window.ts';
import { placeWindow } from './placement.ts';
import { printToPdf, printWithDialog, showInFolder } from './printing.ts';

export interface ChromiumHostOptions extends Omit<BrowserOptions, 'tap'> {
  /** The built window. */
  readonly files?: WindowFiles;
  /** A browser that was started already, with these same options. */
  readonly first?: FirstWindow;
  readonly log?: (line: string) => void;
  readonly tap?: (text: string) => void;
}

interface ExpectedWindow {
  readonly kind: PageKind;
  /** Of the text in it, in percent. */
  readonly textSize: number;
  opened(window: PageWindow): void;
}

/** A PIN window takes a tenth of a second; on a machine that is very busy, more. */
const pinWindowPatienceMs = 15_000;

/** Starts of a browser that died by itself, before it is given up. */
const maxRestarts = 3;
const restartsForgottenAfterMs = 60_000;

const version: string = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
).version;

export class ChromiumHost implements Host {
  readonly #options: ChromiumHostOptions;
  readonly #files: WindowFiles;
  readonly #log: (line: string) => void;
  readonly #expected = new Map<string, ExpectedWindow>();
  readonly #windows = new Map<string, PageWindow>();
  readonly #ended = Promise.withResolvers<'closed' | 'died'>();
  readonly #ready = Promise.withResolvers<void>();
  #browser: Browser | undefined;
  #main: PageWindow | undefined;
  #shell: Shell | undefined;
  #browserVersion = '';
  #closing = false;
  #deaths: number[] = [];
  #scheme: ColorScheme | undefined;
  #unwatchScheme: () => void = () => undefined;

  constructor(options: ChromiumHostOptions) {
    this.#options = options;
    this.#files = options.files ?? new WindowFiles();
    this.#log = options.log ?? ((line) => void process.stderr.write(`buletin: ${line}\n`));
    this.#ready.promise.catch(() => undefined);
  }

  get info(): HostInfo {
    return { kind: 'chromium', hostVersion: this.#browserVersion, platform: process.platform, version };
  }

  /** The main window, once it is open. */
  get main(): PageWindow | undefined {
    return this.#main;
  }

  /** All windows that are open. */
  get windows(): readonly PageWindow[] {
    return [...this.#windows.values()];
  }

  get browser(): Browser | undefined {
    return this.#browser;
  }

  /** Resolves when the person has closed the main window, or the browser died too often. */
  get ended(): Promise<'closed' | 'died'> {
    return this.#ended.promise;
  }

  /**
   * Opens the main window. Resolves when its page runs; never, when the host is closed before.
   * @throws Failure `browser-failed`
   */
  async open(shell: Shell): Promise<void> {
    this.#shell = shell;
    this.#start(this.#options.first);
    this.#unwatchScheme = watchColorScheme((scheme) => {
      this.#scheme = scheme;
      for (const window of this.#windows.values()) this.#dress(window);
    });
    await this.#ready.promise;
  }

  /** Closes all windows and the browser. Idempotent. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#unwatchScheme();
    this.#ended.resolve('closed');
    await this.#browser?.close();
  }

  openPinWindow(prompt: PinPrompt, closed: () => void, textSize = 100): PinWindow {
    let window: PageWindow | undefined;
    let wanted = true;
    const nonce = this.#expect('pin', textSize, (opened) => {
      window = opened;
      clearTimeout(late);
      opened.once('closed', closed);
      opened.on('connected', (port) => {
        this.#shell?.connect({ kind: 'pin', port, prompt, window: opened });
      });
      if (!wanted) opened.close();
    });
    // A question that nobody can see must not stay open.
    const late = setTimeout(() => {
      if (this.#expected.delete(nonce)) closed();
    }, pinWindowPatienceMs);
    this.#browser?.openWindow({ splash: splash(nonce) }).catch(() => closed());
    return {
      close: () => {
        wanted = false;
        clearTimeout(late);
        window?.close();
      },
    };
  }

  chooseDocuments: Host['chooseDocuments'] = async (window, signal) =>
    window instanceof PageWindow ? chooseDocuments(window, signal) : [];

  chooseTarget: Host['chooseTarget'] = (_, target, signal) => chooseTarget(target, signal);

  confirm: Host['confirm'] = (_, question, signal) => confirmWithDialog(question, signal);

  pdfOf: Host['pdfOf'] = async (window) =>
    window instanceof PageWindow ? printToPdf(window) : new Uint8Array();

  print: Host['print'] = async (window) =>
    !this.#options.headless && window instanceof PageWindow && printWithDialog(window);

  showInFolder: Host['showInFolder'] = (path) => showInFolder(path);

  #start(first?: FirstWindow): void {
    const nonce = this.#expect('main', 100, (window) => this.#mainOpened(window), first?.nonce);
    const { browser } = first ?? openFirstWindow(this.#options, nonce);
    this.#browser = browser;
    const { session } = browser;
    const gone = () => this.#browserGone(browser);
    if (browser.pipe.closed) queueMicrotask(gone);
    else browser.pipe.once('closed', gone);
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo, waitingForDebugger }) =>
      this.#attached(browser, sessionId, targetInfo, waitingForDebugger),
    );
    const prepared = Promise.all([
      session.send('Browser.getVersion').then(({ product }) => {
        this.#browserVersion = String(product);
      }),
      session.send('Browser.setDownloadBehavior', { behavior: 'deny' }),
      interceptEverything(session, this.#files, (host) => this.#log(`refused a request to ${host}`)),
      // The first window is there already; later ones wait until we have looked at them.
      session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ]);
    // A browser that dies meanwhile is started again, and given up elsewhere.
    prepared.catch((cause) => {
      if (this.#browser === browser && !browser.pipe.closed)
        this.#ready.reject(new Failure('browser-failed', { cause }));
    });
  }

  #expect(
    kind: PageKind,
    textSize: number,
    opened: ExpectedWindow['opened'],
    nonce: string = randomUUID(),
  ): string {
    this.#expected.set(nonce, { kind, textSize, opened });
    return nonce;
  }

  #attached(
    browser: Browser,
    sessionId: string,
    target: { readonly targetId: string; readonly type: string; readonly url: string },
    waiting: boolean,
  ): void {
    const cdp = browser.pipe.session(sessionId);
    // A browser paused at its start tells the address only later; with it comes who we are.
    const nonce = [...this.#expected.keys()].find((key) => target.url.includes(key));
    const expected = nonce === undefined ? undefined : this.#expected.get(nonce);
    if (target.type === 'browser_ui') {
      // The browser's own frame around our windows: nothing to see in app windows, nothing to close.
      if (waiting) cdp.send('Runtime.runIfWaitingForDebugger').catch(() => undefined);
      browser.session.send('Target.detachFromTarget', { sessionId }).catch(() => undefined);
      return;
    }
    if (nonce === undefined || expected === undefined) {
      this.#log(`closed a ${target.type} that is not ours`);
      browser.session.send('Target.closeTarget', { targetId: target.targetId }).catch(() => undefined);
      if (waiting) cdp.send('Runtime.runIfWaitingForDebugger').catch(() => undefined);
      return;
    }
    this.#expected.delete(nonce);
    const window = new PageWindow(expected.kind, target.targetId, cdp, this.#log);
    this.#windows.set(target.targetId, window);
    window.once('closed', () => this.#windows.delete(target.targetId));
    expected.opened(window);
    this.#dress(window);
    const kiosk = window.kind === 'main' && this.#options.kiosk === true;
    Promise.all([
      kiosk
        ? undefined
        : placeWindow({
            browser: browser.session,
            window,
            textSize: expected.textSize,
            main: this.#main,
            headless: this.#options.headless,
          }),
      window.load(this.#shell?.settings.language),
    ]).catch(() => this.#log(`${expected.kind} window: not loaded`));
  }

  /** Lets a window know the desktop's light or dark. */
  #dress(window: PageWindow): void {
    if (this.#scheme === undefined) return;
    const features = [{ name: 'prefers-color-scheme', value: this.#scheme }];
    window.cdp.send('Emulation.setEmulatedMedia', { features }).catch(() => undefined);
  }

  #mainOpened(window: PageWindow): void {
    this.#main = window;
    window.on('connected', (port) => {
      this.#shell?.connect({ kind: 'main', port, window });
      watchDrops(window, (paths) => void this.#shell?.dropped(paths));
      this.#ready.resolve();
    });
    window.once('closed', () => {
      // The person closed it; of a browser that died, the main window is forgotten before it is closed.
      if (this.#main === window) void this.close();
    });
  }

  #browserGone(browser: Browser): void {
    void browser.close();
    if (this.#closing || this.#browser !== browser) return;
    this.#main = undefined;
    this.#expected.clear();
    const windows = [...this.#windows.values()];
    for (const window of windows) window.cdp.emit('detached', {});
    this.#windows.clear();
    const now = performance.now();
    this.#deaths = [...this.#deaths.filter((at) => now - at < restartsForgottenAfterMs), now];
    this.#log('the browser died');
    if (this.#deaths.length > maxRestarts) {
      this.#ready.reject(new Failure('browser-failed'));
      this.#ended.resolve('died');
    } else this.#start();
  }
}
