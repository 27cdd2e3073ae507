import { SandboxAuthority } from './authority.ts';
import type { PkiFaultSwitch } from './faults.ts';
import type { ResponderNaming } from './ocsp-responder.ts';
import { PkiServer } from './pki-server.ts';
import { publicationPaths } from './publication.ts';

export interface SandboxPkiOptions {
  /** The authority's present at the start; see `SandboxAuthority.create`. */
  readonly now?: Date;
  readonly clock?: () => Date;
  /** How OCSP responders name themselves; default `byKey`. */
  readonly responderNaming?: ResponderNaming;
}

/**
 * The sandbox's public key infrastructure: an authority, and on loopback over HTTP what belongs to it. Its
 * certificates say where: OCSP, CRLs, CA certificates. Time stamps are at `timestampUrl`.
 */
export class SandboxPki {
  readonly authority: SandboxAuthority;
  /** Base address, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Address of the time-stamping authority. */
  readonly timestampUrl: string;
  /** For tests: makes the services answer wrongly. */
  readonly faults: PkiFaultSwitch;
  readonly #server: PkiServer;

  private constructor(authority: SandboxAuthority, url: string, server: PkiServer) {
    this.authority = authority;
    this.url = url;
    this.timestampUrl = url + publicationPaths.timestamp;
    this.faults = server.faults;
    this.#server = server;
  }

  /** Makes an authority and serves it on a free port. It does not keep the process alive. */
  static async start(options: SandboxPkiOptions = {}): Promise<SandboxPki> {
    const server = new PkiServer(options.responderNaming ?? 'byKey');
    const url = await server.listen();
    try {
      const authority = await SandboxAuthority.create({
        ...(options.now === undefined ? {} : { now: options.now }),
        ...(options.clock === undefined ? {} : { clock: options.clock }),
        pkiUrl: url,
      });
      server.serve(authority);
      return new SandboxPki(authority, url, server);
    } catch (thrown) {
      await server.stop();
      throw thrown;
    }
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#server.connections;
  }

  /** Stops the server, cutting every connection. Idempotent. */
  stop(): Promise<void> {
    return this.#server.stop();
  }
}
