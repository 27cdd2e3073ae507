/** What the preload script gives to a page. No function of Electron reaches it, only texts. */
import type { ContextBridge, IpcRenderer, WebUtils } from 'electron';
import type { PagePort } from '../../contract/pages/page-messages.ts';
import { channels } from './channels.ts';
import { origins } from './origins.ts';

/** The part of a page's global object that is used here. */
export interface PageGlobal {
  readonly location: { readonly origin: string; readonly protocol: string; readonly host: string };
  readonly top: unknown;
  readonly window: unknown;
  addEventListener(type: string, listener: (event: DropEvent) => void, options: { capture: boolean }): void;
}

interface DropEvent {
  readonly isTrusted: boolean;
  readonly dataTransfer: { readonly files: Iterable<unknown> } | null;
}

export interface PageBridge {
  readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  readonly ipcRenderer: Pick<IpcRenderer, 'send' | 'on'>;
  readonly webUtils: Pick<WebUtils, 'getPathForFile'>;
  readonly page: PageGlobal;
}

/** Texts that came before the page asked for them. */
const maxWaiting = 1_000;

/** Gives `window.buletin` to the main frame of our own pages, and to no other document. */
export function exposePage({ contextBridge, ipcRenderer, webUtils, page }: PageBridge): void {
  const { protocol, host } = page.location;
  const origin = `${protocol}//${host}`;
  const ours: readonly string[] = Object.values(origins);
  if (!ours.includes(origin) || page.top !== page.window) return;

  let listener: ((text: string) => void) | undefined;
  const waiting: string[] = [];
  ipcRenderer.on(channels.toPage, (_event, text: unknown) => {
    if (typeof text !== 'string') return;
    if (listener) listener(text);
    else if (waiting.length < maxWaiting) waiting.push(text);
  });
  const port: PagePort = {
    send: (text) => {
      if (typeof text === 'string') ipcRenderer.send(channels.fromPage, text);
    },
    onMessage: (given) => {
      if (typeof given !== 'function') return;
      listener = given;
      for (const text of waiting.splice(0)) given(text);
    },
  };
  contextBridge.exposeInMainWorld('buletin', port);

  if (origin !== origins.main) return;
  // The page never sees a path. An event that a script made up drops nothing.
  const dropped = ({ isTrusted, dataTransfer }: DropEvent) => {
    if (!isTrusted || dataTransfer === null) return;
    const paths = [...dataTransfer.files]
      .map((file) => webUtils.getPathForFile(file as File))
      .filter(Boolean);
    if (paths.length > 0) ipcRenderer.send(channels.dropped, paths);
  };
  page.addEventListener('drop', dropped, { capture: true });
}
