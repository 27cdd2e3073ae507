/** One window of the browser with one page of ours: its port, and its mending when the renderer crashes. */
import { EventEmitter } from 'node:events';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { Language } from '../../contract/text/languages.ts';
import type { HostPort } from '../pages/shell-services.ts';
import type { CdpSession } from './cdp-pipe.ts';
import { origins } from './interception.ts';
import { bindingName, pageScript, piecesOf, receiveFunction } from './page-script.ts';

interface ContextCreated {
  readonly context: {
    readonly id: number;
    readonly uniqueId: string;
    readonly origin: string;
    readonly auxData?: { readonly isDefault?: boolean; readonly frameId?: string };
  };
}

interface PageWindowEvents {
  /** A page of ours has begun to run; what was there before is gone. */
  connected: [port: HostPort];
  /** The person closed the window, or we did. */
  closed: [];
  /** The renderer crashed; the page is loaded again. */
  crashed: [];
}

/** The one context of a page that we listen to, and what it leads to. */
class ContextPort implements HostPort {
  readonly uniqueId: string;
  readonly id: number;
  readonly #send: (text: string) => void;
  #message: (message: unknown) => void = () => undefined;
  #close: () => void = () => undefined;

  constructor(context: ContextCreated['context'], send: (text: string) => void) {
    this.id = context.id;
    this.uniqueId = context.uniqueId;
    this.#send = send;
  }

  send(text: string): void {
    this.#send(text);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#message = listener;
  }

  onClose(listener: () => void): void {
    this.#close = listener;
  }

  receive(message: unknown): void {
    this.#message(message);
  }

  gone(): void {
    this.#close();
  }
}

/** A page that crashes again and again is not loaded for ever. */
const maxCrashes = 5;
const crashesForgottenAfterMs = 60_000;

export class PageWindow extends EventEmitter<PageWindowEvents> {
  readonly kind: PageKind;
  readonly targetId: string;
  readonly cdp: CdpSession;
  readonly #origin: string;
  readonly #log: (line: string) => void;
  #port: ContextPort | undefined;
  #refused = 0;
  #crashes: number[] = [];
  #closed = false;

  /** @param cdp a conversation with the target, which may be waiting for the debugger */
  constructor(kind: PageKind, targetId: string, cdp: CdpSession, log: (line: string) => void) {
    super();
    this.kind = kind;
    this.targetId = targetId;
    this.cdp = cdp;
    this.#origin = origins[kind];
    this.#log = log;
    cdp.on('Runtime.executionContextCreated', (created: ContextCreated) => this.#created(created));
    cdp.on('Runtime.executionContextDestroyed', ({ executionContextUniqueId }) => {
      if (executionContextUniqueId === this.#port?.uniqueId) this.#disconnect();
    });
    cdp.on('Runtime.executionContextsCleared', () => this.#disconnect());
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === bindingName) this.#called(payload, executionContextId);
    });
    cdp.on('Page.javascriptDialogOpening', () => {
      cdp.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => undefined);
    });
    cdp.on('Inspector.targetCrashed', () => this.#crashed());
    cdp.once('detached', () => this.#gone());
  }

  /**
   * Prepares the target and loads the page. Resolves when the page has been asked for.
   * @param language that the page will most likely speak, so that it can load it while it waits for its welcome
   */
  async load(language?: Language): Promise<void> {
    const { cdp } = this;
    // All at once: the browser keeps their order, and a round trip each would be felt.
    await Promise.all([
      cdp.send('Page.enable'),
      cdp.send('Runtime.enable'),
      cdp.send('Runtime.addBinding', { name: bindingName }),
      cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageScript(this.#origin) }),
      cdp.send('Runtime.runIfWaitingForDebugger'),
    ]);
    const hint = language === undefined ? '' : `?lang=${language}`;
    await cdp.send('Page.navigate', { url: `${this.#origin}/${hint}` });
  }

  /** Closes the window. Idempotent. */
  close(): void {
    if (!this.#closed) this.cdp.send('Page.close').catch(() => undefined);
  }

  /** Whether a page of ours runs in it. */
  get connected(): boolean {
    return this.#port !== undefined;
  }

  /**
   * Calls a function in a world of its own beside the page's: it sees the same document, and no page script can
   * get between.
   * @returns the id of the object that the function's promise gave
   */
  async callAside(functionDeclaration: string): Promise<string> {
    const { frameTree } = await this.cdp.send('Page.getFrameTree');
    const { executionContextId } = await this.cdp.send('Page.createIsolatedWorld', {
      frameId: frameTree.frame.id,
      worldName: 'buletin',
    });
    const { result, exceptionDetails } = await this.cdp.send('Runtime.callFunctionOn', {
      functionDeclaration,
      executionContextId,
      awaitPromise: true,
      userGesture: true,
    });
    if (exceptionDetails) throw new Error(`in the page: ${exceptionDetails.text}`);
    return result.objectId;
  }

  #created({ context }: ContextCreated): void {
    // The main frame has the target's id. Frames, extensions and isolated worlds get nothing.
    const { auxData, origin } = context;
    if (!auxData?.isDefault || auxData.frameId !== this.targetId || origin !== this.#origin) return;
    this.#disconnect();
    const port = new ContextPort(context, (text) => {
      if (this.#port !== port) return;
      const pieces = piecesOf(text);
      for (const [index, piece] of pieces.entries()) {
        this.cdp
          .send('Runtime.callFunctionOn', {
            functionDeclaration: receiveFunction,
            arguments: [{ value: piece }, { value: index < pieces.length - 1 }],
            uniqueContextId: context.uniqueId,
            silent: true,
          })
          // The page went meanwhile.
          .catch(() => undefined);
      }
    });
    this.#port = port;
    this.emit('connected', port);
  }

  #called(payload: unknown, contextId: number): void {
    if (this.#port?.id === contextId) {
      this.#port.receive(payload);
      return;
    }
    this.#refused += 1;
    if (this.#refused === 1) this.#log(`${this.kind} window: refused a message that is not its page's`);
  }

  #crashed(): void {
    const now = performance.now();
    this.#crashes = [...this.#crashes.filter((at) => now - at < crashesForgottenAfterMs), now];
    this.cdp.abandon('the renderer crashed');
    this.#disconnect();
    this.#log(`${this.kind} window: the renderer crashed`);
    this.emit('crashed');
    if (this.#crashes.length <= maxCrashes)
      this.cdp.send('Page.navigate', { url: `${this.#origin}/` }).catch(() => undefined);
  }

  #disconnect(): void {
    const port = this.#port;
    this.#port = undefined;
    port?.gone();
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#disconnect();
    this.emit('closed');
  }
}
