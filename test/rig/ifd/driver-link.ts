import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { encodeAnswer, type Frame, FrameReader, operation, type Status } from './frames.ts';

const protocolVersion = 1;

/** Answers one request; calls after the first are ignored, also when the driver has gone. */
export type Answer = (status: Status, body?: Uint8Array) => void;

/** The side of the link that plays the reader. */
export interface LinkHandler {
  /**
   * The driver's calls connection stands.
   * @param lun pcscd's Logical Unit Number of this reader.
   * @param again whether this pcscd had a calls connection before: it may remember another card.
   */
  connected(lun: number, again: boolean): void;
  /** One request; at most one is open on each connection. */
  request(kind: number, body: Uint8Array, answer: Answer): void;
  /** pcscd's event thread has acted on all it was told, and is about to sleep again. */
  actedOn(): void;
}

/**
 * The Unix socket (0600) that one reader's driver connects to: see `ifd-handler.c` for the protocol.
 * The folder must be 0700: between `bind` and `chmod` it is what guards the socket.
 */
export class DriverLink {
  readonly socketPath: string;
  #handler: LinkHandler;
  #server: Server;
  #sockets = new Set<Socket>();
  /** Events connections, each with the number of changes that pcscd has not acted on yet. */
  #events = new Map<Socket, number>();
  #calls = new Set<Socket>();
  #waiting = new Set<() => void>();

  private constructor(socketPath: string, handler: LinkHandler) {
    this.socketPath = socketPath;
    this.#handler = handler;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(socketPath: string, handler: LinkHandler): Promise<DriverLink> {
    rmSync(socketPath, { force: true });
    const link = new DriverLink(socketPath, handler);
    await new Promise<void>((resolve, reject) => {
      link.#server.once('error', reject);
      link.#server.listen(socketPath, resolve);
    });
    chmodSync(socketPath, 0o600);
    return link;
  }

  /** Whether a driver is there. */
  get attached(): boolean {
    return this.#calls.size > 0 || this.#events.size > 0;
  }

  /** Whether a driver is there with both of its connections, and has acted on all changes so far. */
  get settled(): boolean {
    return (
      this.#calls.size > 0 && this.#events.size > 0 && [...this.#events.values()].every((open) => open === 0)
    );
  }

  /** Resolves when `settled` holds. */
  whenSettled(): Promise<void> {
    if (this.settled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.add(resolve);
    });
  }

  /** Wakes pcscd's event thread: a card has come or gone. */
  notify(): void {
    for (const socket of this.#events.keys()) this.#notifyOne(socket);
  }

  #notifyOne(socket: Socket): void {
    this.#events.set(socket, (this.#events.get(socket) ?? 0) + 1);
    socket.write('.');
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const frames = new FrameReader();
    let role: 'calls' | 'events' | undefined;
    let open = false;

    const receive = (frame: Frame): void => {
      if (role === undefined) {
        role = this.#greet(socket, frame);
        return;
      }
      if (open) throw new RangeError('a frame out of turn');
      open = true;
      let answered = false;
      this.#handler.request(frame.kind, frame.body, (kind, body) => {
        if (answered) return;
        answered = true;
        open = false;
        if (!socket.destroyed) socket.write(encodeAnswer(kind, body));
      });
    };

    this.#sockets.add(socket);
    socket.on('data', (chunk) => {
      try {
        if (role === 'events') this.#actedOn(socket, chunk.length);
        else for (const frame of frames.push(chunk)) receive(frame);
      } catch (error) {
        // Not our protocol: the connection ends, and the test run hears of it.
        socket.destroy();
        queueMicrotask(() => {
          throw error;
        });
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#calls.delete(socket);
      this.#events.delete(socket);
    });
  }

  #greet(socket: Socket, frame: Frame): 'calls' | 'events' {
    const [role, version, again] = frame.body;
    if (frame.kind !== operation.hello || frame.body.length !== 7 || version !== protocolVersion) {
      throw new RangeError('the reader driver speaks another protocol version');
    }
    const lun = new DataView(frame.body.buffer, frame.body.byteOffset).getUint32(3);
    const calls = role === 'C'.charCodeAt(0);
    if (calls) {
      this.#calls.add(socket);
      this.#handler.connected(lun, again === 1);
    } else {
      // What happened before the connection stood was not heard: pcscd looks now.
      this.#notifyOne(socket);
    }
    return calls ? 'calls' : 'events';
  }

  #actedOn(socket: Socket, count: number): void {
    this.#events.set(socket, (this.#events.get(socket) ?? 0) - count);
    // What it acted on some changes ago says nothing of the last one: the two connections are read in any order.
    if (this.settled) this.#handler.actedOn();
    if (!this.settled) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
