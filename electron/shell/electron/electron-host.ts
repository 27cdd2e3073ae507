/** What the shell needs from its host, by Electron: windows, the system's dialogs, printing, the file manager. */
import type { BrowserWindow, Session } from 'electron';
import type { PinPrompt } from '../../contract/model/status.ts';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { ConnectOptions } from '../pages/shell.ts';
import type { Host, HostInfo, PinWindow, Question, ShellLog, WindowHandle } from '../pages/shell-services.ts';
import { WindowFiles } from '../pages/window-files.ts';
import type { ElectronModule } from './electron-module.ts';
import { openPageChannel } from './page-channel.ts';
import { loadPage, pagePreferences, pageSession } from './page-policy.ts';
import { protectPinWindow, windowOptions } from './windows.ts';

interface WindowWishes {
  readonly prompt?: PinPrompt;
  readonly dropped?: (paths: readonly string[]) => void;
  /** In percent. */
  readonly textSize?: number;
}

export interface ElectronHostOptions {
  readonly electron: ElectronModule;
  readonly info: HostInfo;
  /** Folder with the built pages. */
  readonly pages: string;
  /** The built preload script. */
  readonly preload: string;
  readonly production: boolean;
  readonly log: ShellLog;
  /** Connects a page to the shell, which is made after its host. */
  readonly connect: (options: ConnectOptions) => void;
  readonly dropped: (paths: readonly string[]) => void;
}

/** A page's process that crashed this often within this time is not started again. */
const crashLimit = { times: 3, withinMs: 60_000 };

export class ElectronHost implements Host {
  readonly info: HostInfo;
  readonly #options: ElectronHostOptions;
  readonly #sessions: Readonly<Record<PageKind, Session>>;
  #main: BrowserWindow | undefined;

  /** Electron must be ready. */
  constructor(options: ElectronHostOptions) {
    this.info = options.info;
    this.#options = options;
    const { electron, pages, production } = options;
    const files = new WindowFiles(pages);
    this.#sessions = {
      main: pageSession(electron, 'main', files, production),
      pin: pageSession(electron, 'pin', files, production),
    };
  }

  /** Opens the main window, or brings it to the front. */
  showMainWindow(): void {
    const window = this.#main;
    if (window !== undefined && !window.isDestroyed()) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return;
    }
    this.#main = this.#open('main', { dropped: this.#options.dropped });
    this.#repairAfterCrash(this.#main);
  }

  openPinWindow(prompt: PinPrompt, closed: () => void, textSize = 100): PinWindow {
    const window = this.#open('pin', { prompt, textSize });
    protectPinWindow(window);
    window.once('closed', closed);
    // What was typed is gone with the process, and the question goes with it.
    window.webContents.on('render-process-gone', () => window.destroy());
    return {
      close: () => {
        if (!window.isDestroyed()) window.destroy();
      },
    };
  }

  async chooseDocuments(window: WindowHandle, signal: AbortSignal): Promise<readonly string[]> {
    const { canceled, filePaths } = await this.#options.electron.dialog.showOpenDialog(asWindow(window), {
      properties: ['openFile', 'multiSelections', 'dontAddToRecent'],
      filters: [{ name: 'PDF', extensions: ['pdf'] }],
    });
    return canceled || signal.aborted ? [] : filePaths;
  }

  async chooseTarget(
    window: WindowHandle,
    target: { readonly name: string; readonly extension: 'csv' | 'json' | 'pdf' },
    signal: AbortSignal,
  ): Promise<string | null> {
    const { canceled, filePath } = await this.#options.electron.dialog.showSaveDialog(asWindow(window), {
      defaultPath: target.name,
      properties: ['showOverwriteConfirmation', 'dontAddToRecent'],
      filters: [{ name: target.extension.toUpperCase(), extensions: [target.extension] }],
    });
    return canceled || signal.aborted || filePath === '' ? null : filePath;
  }

  async confirm(window: WindowHandle, question: Question, signal: AbortSignal): Promise<boolean> {
    const { title, message, lines, yes, no } = question;
    const { response } = await this.#options.electron.dialog.showMessageBox(asWindow(window), {
      type: 'question',
      title,
      message,
      detail: lines.join('\n'),
      buttons: [no, yes],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
      signal,
    });
    return response === 1;
  }

  async pdfOf(window: WindowHandle): Promise<Uint8Array> {
    return asWindow(window).webContents.printToPDF({
      pageSize: 'A4',
      printBackground: true,
      preferCSSPageSize: true,
    });
  }

  print(window: WindowHandle): Promise<boolean> {
    return new Promise((resolve) => {
      const options = { silent: false, printBackground: true, pageSize: 'A4' } as const;
      asWindow(window).webContents.print(options, (success) => resolve(success));
    });
  }

  async showInFolder(path: string): Promise<void> {
    this.#options.electron.shell.showItemInFolder(path);
  }

  #open(kind: PageKind, { prompt, dropped, textSize }: WindowWishes): BrowserWindow {
    const { electron, preload, production, log, connect } = this.#options;
    const preferences = pagePreferences(this.#sessions[kind], preload, production);
    const parent = kind === 'pin' && this.#main?.isDestroyed() === false ? this.#main : undefined;
    const window = new electron.BrowserWindow(windowOptions(kind, preferences, parent, textSize));
    window.once('ready-to-show', () => window.show());
    openPageChannel({
      contents: window.webContents,
      kind,
      log,
      connect: (port) => connect({ kind, port, window, ...(prompt === undefined ? {} : { prompt }) }),
      ...(dropped === undefined ? {} : { dropped }),
    });
    loadPage(window.webContents, kind).catch(() => {
      if (!window.isDestroyed()) log(`the ${kind} page could not be loaded`);
    });
    return window;
  }

  #repairAfterCrash(window: BrowserWindow): void {
    const crashes: number[] = [];
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      const now = performance.now();
      crashes.push(now);
      const recent = crashes.filter((at) => now - at < crashLimit.withinMs);
      this.#options.log(`the main page's process has gone (${reason})`);
      if (recent.length <= crashLimit.times) window.webContents.reload();
      else window.destroy();
    });
  }
}

/** The shell hands back what it was given with the page. */
function asWindow(handle: WindowHandle): BrowserWindow {
  return handle as BrowserWindow;
}
