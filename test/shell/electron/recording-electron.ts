/**
 * A double of Electron that remembers what it was told and can be made to tell what Electron would: which settings a
 * window was opened with, what a session answers to a request for a permission. It is no Electron: what it proves is
 * what the host asks for, not what Electron makes of it.
 */
import { EventEmitter } from 'node:events';
import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  Session,
  WebContents,
  WebFrameMain,
  WindowOpenHandlerResponse,
} from 'electron';
import type { ElectronModule } from '../../../electron/shell/electron/electron-module.ts';

export class RecordingFrame {
  detached = false;
  parent: RecordingFrame | null = null;
  processId = 7;
  frameToken = 'main-frame';
  origin: string;
  url: string;
  readonly sent: (readonly [channel: string, text: unknown])[] = [];

  constructor(url: string) {
    this.url = url;
    const { protocol, host } = new URL(url);
    this.origin = `${protocol}//${host}`;
  }

  send(channel: string, text: unknown): void {
    this.sent.push([channel, text]);
  }

  /** The same frame with something changed. */
  but(change: Partial<RecordingFrame>): RecordingFrame {
    return Object.assign(new RecordingFrame(this.url), { ...this, sent: [] }, change);
  }
}

export class RecordingContents extends EventEmitter {
  readonly ipc = new EventEmitter();
  readonly loaded: string[] = [];
  mainFrame = new RecordingFrame('about:blank');
  openHandler: ((details: object) => WindowOpenHandlerResponse) | undefined;
  webRtc: string | undefined;
  reloads = 0;
  printed: object[] = [];
  #destroyed = false;

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
    this.navigate(url);
  }

  /** As if the window went there, allowed or not. */
  navigate(url: string): void {
    this.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false, url });
    this.mainFrame = new RecordingFrame(url);
  }

  reload(): void {
    this.reloads += 1;
    this.navigate(this.mainFrame.url);
  }

  setWindowOpenHandler(handler: (details: object) => WindowOpenHandlerResponse): void {
    this.openHandler = handler;
  }

  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtc = policy;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    this.#destroyed = true;
    this.emit('destroyed');
  }

  async printToPDF(options: object): Promise<Buffer> {
    this.printed.push(options);
    return Buffer.from('%PDF-');
  }

  print(options: object, done: (success: boolean) => void): void {
    this.printed.push(options);
    done(true);
  }

  /** A message as if a frame had sent it; from the main frame if none is named. */
  say(channel: string, message: unknown, senderFrame: RecordingFrame | null = this.mainFrame): void {
    this.ipc.emit(channel, { senderFrame }, message);
  }
}

export class RecordingSession extends EventEmitter {
  readonly partition: string;
  readonly options: object | undefined;
  readonly handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
      void this.handlers.set(scheme, handler),
  };
  spellChecker = true;
  permissionRequest: ((...args: unknown[]) => void) | undefined;
  permissionCheck: ((...args: unknown[]) => boolean) | undefined;
  device: ((details: object) => boolean) | undefined;
  displayMedia: ((request: object, callback: (streams: object | null) => void) => void) | undefined;
  certificate: ((request: object, callback: (result: number) => void) => void) | undefined;
  beforeRequest:
    | ((details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void)
    | undefined;
  proxy: object | undefined;
  readonly webRequest = {
    onBeforeRequest: (listener: NonNullable<RecordingSession['beforeRequest']>) => {
      this.beforeRequest = listener;
    },
  };

  constructor(partition: string, options: object | undefined) {
    super();
    this.partition = partition;
    this.options = options;
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.spellChecker = enabled;
  }
  setPermissionRequestHandler(handler: NonNullable<RecordingSession['permissionRequest']>): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<RecordingSession['permissionCheck']>): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: NonNullable<RecordingSession['device']>): void {
    this.device = handler;
  }
  setDisplayMediaRequestHandler(handler: NonNullable<RecordingSession['displayMedia']>): void {
    this.displayMedia = handler;
  }
  setCertificateVerifyProc(handler: NonNullable<RecordingSession['certificate']>): void {
    this.certificate = handler;
  }
  async setProxy(config: object): Promise<void> {
    this.proxy = config;
  }

  /** Whether a request would go on. */
  lets(url: string): boolean {
    let answer: { cancel?: boolean } = { cancel: true };
    this.beforeRequest?.({ url }, (given) => {
      answer = given;
    });
    return answer.cancel !== true;
  }

  /** Whether a page of this address gets a permission when it asks. */
  grants(permission: string, requestingUrl: string, isMainFrame = true): boolean {
    let granted: boolean | undefined;
    this.permissionRequest?.(
      {},
      permission,
      (answer: boolean) => {
        granted = answer;
      },
      { requestingUrl, isMainFrame },
    );
    if (granted === undefined) throw new Error('no answer');
    return granted;
  }

  /** The file for an address. */
  async fetch(url: string, method = 'GET'): Promise<Response> {
    const handler = this.handlers.get('buletin');
    if (!handler) throw new Error('nothing is served');
    // Node knows no requests of a scheme that is not its own; the handler reads these two alone.
    return handler({ url, method } as Request);
  }
}

export class RecordingWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = new RecordingContents();
  readonly calls: (readonly [method: string, ...args: unknown[]])[] = [];
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  getContentSize(): number[] {
    return [this.options.width ?? 800, this.options.height ?? 600];
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }
  isMinimized(): boolean {
    return true;
  }
  restore(): void {
    this.calls.push(['restore']);
  }
  show(): void {
    this.calls.push(['show']);
  }
  focus(): void {
    this.calls.push(['focus']);
  }
  setContentProtection(on: boolean): void {
    this.calls.push(['setContentProtection', on]);
  }
  setAlwaysOnTop(...args: unknown[]): void {
    this.calls.push(['setAlwaysOnTop', ...args]);
  }
  setMenu(menu: unknown): void {
    this.calls.push(['setMenu', menu]);
  }
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.webContents.destroy();
    this.emit('closed');
  }
}

export class RecordingApp extends EventEmitter {
  isPackaged = true;
  appPath = '/nowhere';
  firstInstance = true;
  readonly given = new Set<string>();
  readonly calls: (readonly [method: string, ...args: unknown[]])[] = [];
  readonly switches = new Map<string, string | undefined>();
  readonly commandLine = {
    hasSwitch: (name: string) => this.given.has(name),
    appendSwitch: (name: string, value?: string) => void this.switches.set(name, value),
  };

  getAppPath(): string {
    return this.appPath;
  }
  enableSandbox(): void {
    this.calls.push(['enableSandbox']);
  }
  requestSingleInstanceLock(): boolean {
    this.calls.push(['requestSingleInstanceLock']);
    return this.firstInstance;
  }
  exit(code: number): void {
    this.calls.push(['exit', code]);
  }
  quit(): void {
    this.calls.push(['quit']);
    this.emit('before-quit', new StoppableEvent());
  }
  async whenReady(): Promise<void> {
    this.calls.push(['whenReady']);
  }
}

export class StoppableEvent {
  defaultPrevented = false;
  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Electron, as the host is handed it, and everything that it remembers. */
export class RecordingElectron {
  readonly app = new RecordingApp();
  readonly sessions: RecordingSession[] = [];
  readonly windows: RecordingWindow[] = [];
  readonly schemes: CustomScheme[] = [];
  readonly shown: string[] = [];
  readonly dialogs: (readonly [kind: string, window: unknown, options: object])[] = [];
  readonly nativeTheme = { themeSource: 'system' };
  menu: unknown = 'the default';
  chosen: readonly string[] = [];
  target: string | null = null;
  /** Which button of a question is pressed. */
  pressed = 0;

  get electron(): ElectronModule {
    const recording = this;
    const double = {
      app: this.app,
      BrowserWindow: class extends RecordingWindow {
        constructor(options: BrowserWindowConstructorOptions) {
          super(options);
          recording.windows.push(this);
          recording.app.emit('web-contents-created', new StoppableEvent(), this.webContents);
        }
      },
      dialog: {
        showOpenDialog: async (window: unknown, options: object) => {
          this.dialogs.push(['open', window, options]);
          return { canceled: this.chosen.length === 0, filePaths: this.chosen };
        },
        showSaveDialog: async (window: unknown, options: object) => {
          this.dialogs.push(['save', window, options]);
          return { canceled: this.target === null, filePath: this.target ?? '' };
        },
        showMessageBox: async (window: unknown, options: object) => {
          this.dialogs.push(['question', window, options]);
          return { response: this.pressed, checkboxChecked: false };
        },
      },
      Menu: {
        setApplicationMenu: (menu: unknown) => {
          this.menu = menu;
        },
        buildFromTemplate: (template: unknown) => template,
      },
      nativeTheme: this.nativeTheme,
      protocol: { registerSchemesAsPrivileged: (list: CustomScheme[]) => this.schemes.push(...list) },
      session: {
        fromPartition: (partition: string, options?: object) => {
          const session = new RecordingSession(partition, options);
          this.sessions.push(session);
          return session as unknown as Session;
        },
      },
      shell: { showItemInFolder: (path: string) => this.shown.push(path) },
    };
    return double as unknown as ElectronModule;
  }
}

/** For functions that take Electron's own types. */
export const asContents = (contents: RecordingContents): WebContents => contents as unknown as WebContents;
export const asFrame = (frame: RecordingFrame): WebFrameMain => frame as unknown as WebFrameMain;
