import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { SandboxAuthority } from './authority.ts';
import { PkiFaultSwitch } from './faults.ts';
import type { ResponderNaming } from './ocsp-responder.ts';

/** The only address the sandbox listens at. */
const address = '127.0.0.1';

/**
 * The listener of the sandbox's PKI. Every start of a sandbox pays for it, and few ever connect: it is a bare TCP
 * listener until the first connection, which loads HTTP and what answers (`PkiRoutes`).
 */
export class PkiServer {
  readonly faults = new PkiFaultSwitch();
  readonly #naming: ResponderNaming;
  readonly #listener: Server;
  readonly #sockets = new Set<Socket>();
  #authority: SandboxAuthority | undefined;
  #http: Promise<HttpServer> | undefined;

  constructor(naming: ResponderNaming) {
    this.#naming = naming;
    this.#listener = createServer({ pauseOnConnect: true }, (socket) => void this.#connected(socket));
    // The process may end although this still listens.
    this.#listener.unref();
  }

  /** Opens a free port and returns the base address. Who connects before `serve` is cut off. */
  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen({ host: address, port: 0 }, () => {
        const { port } = this.#listener.address() as AddressInfo;
        resolve(`http://${address}:${port}`);
      });
    });
  }

  serve(authority: SandboxAuthority): void {
    this.#authority = authority;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Closes it with all connections. Idempotent. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#listener.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
      this.#sockets.clear();
    });
  }

  async #connected(socket: Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // Somebody who hangs up is no business of the process.
    socket.on('error', () => {});
    const authority = this.#authority;
    if (authority === undefined) {
      socket.destroy();
      return;
    }
    this.#http ??= import('./pki-routes.ts').then(({ PkiRoutes }) =>
      new PkiRoutes(authority, this.#naming, this.faults).createServer(),
    );
    const http = await this.#http;
    if (socket.destroyed) return;
    http.emit('connection', socket);
    socket.resume();
  }
}
