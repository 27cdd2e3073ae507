/**
 * A small client of the DevTools protocol over two pipes (`--remote-debugging-pipe`): JSON messages, each ended by a
 * zero byte. Nobody else can speak to the browser: there is no port.
 */
import { EventEmitter } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/** A call that failed: the browser refused it, or the page or the browser is gone. */
export class CdpError extends Error {
  override readonly name = 'CdpError';
}

export type CdpParams = Readonly<Record<string, unknown>>;
// The protocol is generated and large; each caller says what it expects of an answer.
// biome-ignore lint/suspicious/noExplicitAny: answers have the shape that the protocol documents
export type CdpResult = any;

interface Pending {
  readonly session: string | undefined;
  resolve(result: CdpResult): void;
  reject(error: CdpError): void;
}

interface CdpMessage {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: CdpResult;
  readonly result?: CdpResult;
  readonly error?: { readonly message: string };
}

/** Longest message of the browser, in bytes: a page's longest, escaped twice. */
const maxMessage = 256 * 1024 * 1024;

/** One conversation: with the browser, or with one of its targets. Events are emitted by their method's name. */
export class CdpSession extends EventEmitter<Record<string, [params: CdpResult]>> {
  readonly id: string | undefined;
  readonly #pipe: CdpPipe;

  constructor(pipe: CdpPipe, id: string | undefined) {
    super();
    this.#pipe = pipe;
    this.id = id;
  }

  /** @throws CdpError */
  send(method: string, params: CdpParams = {}): Promise<CdpResult> {
    return this.#pipe.call(this.id, method, params);
  }

  /** Makes calls that wait for an answer fail: a crashed page never gives one. */
  abandon(why: string): void {
    this.#pipe.abandon(this.id, why);
  }
}

export class CdpPipe extends EventEmitter<{ closed: [] }> {
  /** The browser itself. */
  readonly browser: CdpSession;
  readonly #write: Writable;
  readonly #sessions = new Map<string, CdpSession>();
  readonly #pending = new Map<number, Pending>();
  readonly #tap: ((text: string) => void) | undefined;
  #chunks: Buffer[] = [];
  #length = 0;
  #lastId = 0;
  #closed = false;

  /** @param tap sees every message of both directions, for tests */
  constructor(write: Writable, read: Readable, tap?: (text: string) => void) {
    super();
    this.#write = write;
    this.#tap = tap;
    this.browser = new CdpSession(this, undefined);
    read.on('data', (chunk: Buffer) => this.#receive(chunk));
    for (const stream of [read, write]) {
      stream.on('error', () => this.#close());
      stream.once('close', () => this.#close());
    }
  }

  /** The browser is gone. */
  get closed(): boolean {
    return this.#closed;
  }

  /** The conversation with an attached target. */
  session(id: string): CdpSession {
    let session = this.#sessions.get(id);
    if (!session) {
      session = new CdpSession(this, id);
      this.#sessions.set(id, session);
    }
    return session;
  }

  call(session: string | undefined, method: string, params: CdpParams): Promise<CdpResult> {
    if (this.#closed) return Promise.reject(new CdpError(`${method}: the browser is gone`));
    const id = ++this.#lastId;
    const text = JSON.stringify({
      id,
      method,
      params,
      ...(session === undefined ? {} : { sessionId: session }),
    });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { session, resolve, reject });
      this.#tap?.(text);
      this.#write.write(`${text}\0`);
    });
  }

  abandon(session: string | undefined, why: string): void {
    for (const [id, pending] of this.#pending) {
      if (pending.session !== session) continue;
      this.#pending.delete(id);
      pending.reject(new CdpError(why));
    }
  }

  #receive(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      this.#chunks.push(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      const text = Buffer.concat(this.#chunks).toString('utf8');
      this.#chunks = [];
      this.#length = 0;
      this.#handle(text);
    }
    this.#chunks.push(rest);
    this.#length += rest.length;
    if (this.#length > maxMessage) this.#close();
  }

  #handle(text: string): void {
    if (this.#closed) return;
    this.#tap?.(text);
    const message = JSON.parse(text) as CdpMessage;
    if (message.id !== undefined) {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error) pending?.reject(new CdpError(message.error.message));
      else pending?.resolve(message.result);
      return;
    }
    const { method, params, sessionId } = message;
    if (method === undefined) return;
    if (method === 'Target.detachedFromTarget') {
      this.abandon(params.sessionId, 'the page is gone');
      this.#sessions.get(params.sessionId)?.emit('detached', {});
      this.#sessions.delete(params.sessionId);
    }
    (sessionId === undefined ? this.browser : this.#sessions.get(sessionId))?.emit(method, params);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { reject } of this.#pending.values()) reject(new CdpError('the browser is gone'));
    this.#pending.clear();
    this.#write.destroy();
    this.emit('closed');
  }
}
