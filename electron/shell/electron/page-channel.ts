/**
 * The talk with one page, carried by Electron's IPC. Plain messages rather than a message port: Electron says of each
 * message which frame sent it, and of each it is looked at.
 */
import type { WebContents, WebFrameMain } from 'electron';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { HostPort, ShellLog } from '../pages/shell-services.ts';
import { channels } from './channels.ts';
import { origins } from './origins.ts';
import { pageAddress } from './page-address.ts';

/** Most files taken from one drop, and the longest path in UTF-16 code units. */
const maxDropped = 1_000;
const maxPath = 32_768;

export interface PageChannelOptions {
  readonly contents: WebContents;
  readonly kind: PageKind;
  /** Called for each document that the window loads: the first, and those after a crash. */
  readonly connect: (port: HostPort) => void;
  /** Absolute paths of files that the person dropped. Not called for PIN pages. */
  readonly dropped?: (paths: readonly string[]) => void;
  readonly log: ShellLog;
}

/** One document's end of the talk. */
class DocumentPort implements HostPort {
  readonly #send: (text: string) => void;
  #listener: ((message: unknown) => void) | undefined;
  #gone: (() => void) | undefined;
  #closed = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  send(text: string): void {
    if (!this.#closed) this.#send(text);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: () => void): void {
    this.#gone = listener;
  }

  receive(message: unknown): void {
    if (!this.#closed) this.#listener?.(message);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gone?.();
  }
}

/** Connects every document that the window loads, and lets nobody else in. */
export function openPageChannel({ contents, kind, connect, dropped, log }: PageChannelOptions): void {
  let port: DocumentPort | undefined;
  const end = () => {
    port?.close();
    port = undefined;
  };
  const isOurs = (frame: WebFrameMain | null) => isOurMainFrame(contents, kind, frame);

  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument, url }) => {
    if (!isMainFrame || isSameDocument) return;
    end();
    if (url !== pageAddress(kind)) return;
    port = new DocumentPort((text) => {
      // After a navigation that should have been impossible there may be somebody else.
      if (!contents.isDestroyed() && isOurs(contents.mainFrame))
        contents.mainFrame.send(channels.toPage, text);
    });
    connect(port);
  });
  contents.on('render-process-gone', end);
  contents.on('destroyed', end);

  contents.ipc.on(channels.fromPage, (event, message: unknown) => {
    if (isOurs(event.senderFrame)) port?.receive(message);
    else log('a message from a foreign frame was refused');
  });
  contents.ipc.on(channels.dropped, (event, paths: unknown) => {
    if (!isOurs(event.senderFrame)) log('a message from a foreign frame was refused');
    else if (isPathList(paths)) dropped?.(paths);
  });
}

/** Whether it is the main frame, still there, of our own origin, showing our own document. */
export function isOurMainFrame(contents: WebContents, kind: PageKind, frame: WebFrameMain | null): boolean {
  if (frame === null || frame.detached || frame.parent !== null) return false;
  const { mainFrame } = contents;
  return (
    frame.processId === mainFrame.processId &&
    frame.frameToken === mainFrame.frameToken &&
    frame.origin === origins[kind] &&
    frame.url.split('#', 1)[0] === pageAddress(kind)
  );
}

function isPathList(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) &&
    value.length <= maxDropped &&
    value.every(
      (one) => typeof one === 'string' && one.length > 0 && one.length <= maxPath && !one.includes('\0'),
    )
  );
}
