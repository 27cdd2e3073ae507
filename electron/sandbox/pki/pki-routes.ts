import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { SandboxAuthority } from './authority.ts';
import type { SandboxCa } from './certificate-issuing.ts';
import {
  type ConnectionFault,
  isConnectionFault,
  isSlow,
  type PkiFaultSwitch,
  type Slow,
  strike,
} from './faults.ts';
import type { OcspResponder, ResponderNaming } from './ocsp-responder.ts';
import { publicationPaths } from './publication.ts';
import type { TimestampAuthority } from './timestamp-authority.ts';

/** Longest body and longest request line with headers, in bytes. */
const mostBodyBytes = 16 * 1024;
const mostHeaderBytes = 16 * 1024;
/** How long a connection may be silent, in milliseconds. */
const idleTimeoutMs = 10_000;

const ocspResponse = 'application/ocsp-response';
const timestampReply = 'application/timestamp-reply';

/** A request that gets an HTTP status and nothing else. */
class HttpRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, headers: Readonly<Record<string, string>> = {}) {
    super(`HTTP ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

interface Answer {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/**
 * What the PKI answers over HTTP: OCSP by POST and GET (RFC 6960 appendix A), CRLs and CA certificates (RFC 2585),
 * time stamps (RFC 3161 clause 3.4). Responders are loaded by the first question to each.
 */
export class PkiRoutes {
  readonly #authority: SandboxAuthority;
  readonly #naming: ResponderNaming;
  readonly #faults: PkiFaultSwitch;
  readonly #responders = new Map<SandboxCa, Promise<OcspResponder>>();
  #timestamps: Promise<TimestampAuthority> | undefined;

  constructor(authority: SandboxAuthority, naming: ResponderNaming, faults: PkiFaultSwitch) {
    this.#authority = authority;
    this.#naming = naming;
    this.#faults = faults;
  }

  /** An HTTP server that answers so; it has yet to be given connections. */
  createServer(): Server {
    const server = createServer(
      { maxHeaderSize: mostHeaderBytes },
      (request, response) => void this.#handle(request, response),
    );
    server.timeout = idleTimeoutMs;
    return server;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    try {
      const answer = await this.#route(request, response);
      if (answer === undefined) return;
      response.writeHead(200, {
        'content-type': answer.contentType,
        'content-length': answer.body.length,
      });
      response.end(answer.body);
    } catch (thrown) {
      const refusal = thrown instanceof HttpRefusal ? thrown : new HttpRefusal(500);
      if (response.headersSent) response.destroy();
      // What is left of the request is not read.
      else response.writeHead(refusal.status, { ...refusal.headers, connection: 'close' }).end();
    }
  }

  /** The answer, or undefined when a fault has taken the connection over. */
  async #route(request: IncomingMessage, response: ServerResponse): Promise<Answer | undefined> {
    const authority = this.#authority;
    const path = request.url ?? '';
    for (const ca of ['root', 'issuing'] as const) {
      const ocsp = publicationPaths.ocsp[ca];
      if (path === ocsp || path.startsWith(`${ocsp}/`)) {
        const question = await ocspQuestion(request, path.slice(ocsp.length + 1));
        const fault = await met(this.#faults.take('ocsp'), response, ocspResponse);
        if (fault === 'struck') return undefined;
        const responder = await this.#responder(ca);
        return { contentType: ocspResponse, body: await responder.respond(question, fault) };
      }
      if (path === publicationPaths.revocationList[ca]) {
        const contentType = 'application/pkix-crl';
        allow(request, 'GET', 'HEAD');
        if ((await met(this.#faults.take('revocation-list'), response, contentType)) === 'struck')
          return undefined;
        return { contentType, body: await authority.revocationList(ca) };
      }
      if (path === publicationPaths.certificate[ca]) {
        const contentType = 'application/pkix-cert';
        allow(request, 'GET', 'HEAD');
        if ((await met(this.#faults.take('certificate'), response, contentType)) === 'struck')
          return undefined;
        return { contentType, body: authority.certificateOf(ca).der };
      }
    }
    if (path === publicationPaths.timestamp) {
      allow(request, 'POST');
      const question = await readBody(request, 'application/timestamp-query');
      const fault = await met(this.#faults.take('timestamp'), response, timestampReply);
      if (fault === 'struck') return undefined;
      const timestamps = await this.#timestampAuthority();
      return { contentType: timestampReply, body: await timestamps.respond(question, fault) };
    }
    throw new HttpRefusal(404);
  }

  #responder(ca: SandboxCa): Promise<OcspResponder> {
    const known = this.#responders.get(ca);
    if (known !== undefined) return known;
    const made = import('./ocsp-responder.ts').then(
      ({ OcspResponder }) => new OcspResponder(this.#authority, ca, this.#naming),
    );
    this.#responders.set(ca, made);
    return made;
  }

  #timestampAuthority(): Promise<TimestampAuthority> {
    this.#timestamps ??= import('./timestamp-authority.ts').then(
      ({ TimestampAuthority }) => new TimestampAuthority(this.#authority),
    );
    return this.#timestamps;
  }
}

/**
 * What a fault does before the answer is made.
 * @returns the fault that the answer has to contain, or 'struck' when the connection is taken over
 */
async function met<Fault extends { readonly kind: string }>(
  fault: Fault | undefined,
  response: ServerResponse,
  contentType: string,
): Promise<Exclude<Fault, ConnectionFault | Slow> | 'struck' | undefined> {
  if (fault === undefined) return undefined;
  if (isConnectionFault(fault)) {
    strike(fault, response, contentType);
    return 'struck';
  }
  if (isSlow(fault)) {
    await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    return undefined;
  }
  return fault as Exclude<Fault, ConnectionFault | Slow>;
}

/** @throws HttpRefusal 405 */
function allow(request: IncomingMessage, ...methods: readonly string[]): void {
  if (!methods.includes(request.method ?? '')) throw new HttpRefusal(405, { allow: methods.join(', ') });
}

/** The OCSP request of a POST, or of a GET with base64 in the path (RFC 6960 appendix A.1). */
async function ocspQuestion(request: IncomingMessage, rest: string): Promise<Uint8Array> {
  allow(request, 'GET', 'POST');
  if (request.method === 'POST') {
    if (rest !== '') throw new HttpRefusal(404);
    return readBody(request, 'application/ocsp-request');
  }
  try {
    const base64 = decodeURIComponent(rest);
    // Anything else than base64 becomes an empty request, which is a malformed one.
    return /^[A-Za-z0-9+/]+={0,2}$/.test(base64) ? Buffer.from(base64, 'base64') : new Uint8Array();
  } catch {
    return new Uint8Array();
  }
}

/** @throws HttpRefusal 413, 415 */
async function readBody(request: IncomingMessage, contentType: string): Promise<Uint8Array> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== contentType) throw new HttpRefusal(415);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBodyBytes) throw new HttpRefusal(413);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
