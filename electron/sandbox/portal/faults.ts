/**
 * The fault switch: makes the portal answer wrongly, on purpose, for tests. It is reached by code in the same
 * process only; nothing that comes over HTTP can turn it.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { DataService } from '../../contract/portal/services.ts';
import type { ResponseFault } from './provider/broken-responses.ts';

/** Where a fault can be put: one for each route. */
export type FaultPoint =
  // Signing in, in this order
  | 'login-start'
  | 'sign-on'
  | 'challenge'
  | 'answer'
  | 'continue'
  | 'assertion-consumer'
  | 'session'
  // Within the session
  | 'registration'
  | DataService
  // Signing out, in this order
  | 'logout'
  | 'single-logout'
  | 'site-logout';

/**
 * What goes wrong. Those of the first group change a right answer; `path` leads to a field, as in `items.0.status`.
 * Those of the second take the connection over, and the request is not carried out.
 */
export type Fault =
  | { readonly kind: 'missing-field'; readonly path: string }
  | { readonly kind: 'field'; readonly path: string; readonly value: unknown }
  /** Replaces the challenge by these bytes, or by a text that need not be base64. */
  | { readonly kind: 'challenge'; readonly challenge: Uint8Array | string }
  /** A page in place of the answer; default one that says the portal is being mended. */
  | { readonly kind: 'html'; readonly page?: string }
  | { readonly kind: 'broken-json' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** A JSON text of this many bytes; `announced` says its length in the header. */
  | { readonly kind: 'huge-body'; readonly bytes: number; readonly announced: boolean }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' }
  /** Begins an answer, and never goes on. */
  | { readonly kind: 'stalled-body' }
  /** Sends a byte now and then, for ever. */
  | { readonly kind: 'trickle'; readonly intervalMs: number }
  /** Ends the connection in the middle of the answer. */
  | { readonly kind: 'half-closed' }
  /** Ends it before anything of the answer. */
  | { readonly kind: 'hang-up' };

declare module 'fastify' {
  interface FastifyContextConfig {
    faultPoint?: FaultPoint;
  }
}

export class FaultSwitch {
  readonly #once = new Map<FaultPoint, Fault[]>();
  readonly #always = new Map<FaultPoint, Fault>();
  /** Requests that a fault has met. */
  struck = 0;
  readonly #responses: ResponseFault[] = [];

  /** The provider's next SAML Response is wrong in this way; several queue up. */
  nextResponse(fault: ResponseFault): void {
    this.#responses.push(fault);
  }

  takeResponseFault(): ResponseFault | undefined {
    return this.#responses.shift();
  }

  /** The next request at this point fails so; several queue up. */
  next(point: FaultPoint, fault: Fault): void {
    this.#once.set(point, [...(this.#once.get(point) ?? []), fault]);
  }

  /** Every request at this point fails so, until `clear`. */
  always(point: FaultPoint, fault: Fault): void {
    this.#always.set(point, fault);
  }

  clear(): void {
    this.#once.clear();
    this.#always.clear();
    this.#responses.length = 0;
  }

  /** Puts the switch into a server's way. */
  install(server: FastifyInstance): void {
    const changes = new WeakMap<object, Fault>();
    server.addHook('onRequest', async (request, reply) => {
      const fault = this.#take(request.routeOptions.config.faultPoint);
      if (fault === undefined) return;
      this.struck += 1;
      if (fault.kind === 'missing-field' || fault.kind === 'field' || fault.kind === 'challenge') {
        changes.set(request, fault);
        return;
      }
      reply.hijack();
      strike(fault, reply.raw, request.headers.accept === 'text/html');
    });
    server.addHook('preSerialization', async (request, _reply, payload) => {
      const fault = changes.get(request);
      return fault === undefined ? payload : changed(structuredClone(payload), fault);
    });
  }

  #take(point: FaultPoint | undefined): Fault | undefined {
    if (point === undefined) return undefined;
    return this.#once.get(point)?.shift() ?? this.#always.get(point);
  }
}

/** The answer with one field changed. */
function changed(payload: unknown, fault: Fault): unknown {
  if (fault.kind === 'challenge') {
    const { challenge } = fault;
    const value = typeof challenge === 'string' ? challenge : Buffer.from(challenge).toString('base64');
    return changed(payload, { kind: 'field', path: 'challenge', value });
  }
  if (fault.kind !== 'field' && fault.kind !== 'missing-field') return payload;
  const keys = fault.path.split('.');
  const last = keys.pop() as string;
  const parent = keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], payload);
  if (typeof parent !== 'object' || parent === null) throw new Error(`no field ${fault.path} in this answer`);
  if (fault.kind === 'field') (parent as Record<string, unknown>)[last] = fault.value;
  else delete (parent as Record<string, unknown>)[last];
  return payload;
}

/** @param page the request wants a page: then the wrong answer calls itself one */
function strike(fault: Fault, response: ServerResponse, page: boolean): void {
  const json = { 'content-type': `${page ? 'text/html' : 'application/json'}; charset=utf-8` };
  switch (fault.kind) {
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end(fault.page ?? '<!doctype html><title>Portal</title><p>Lucrări de mentenanță');
      return;
    case 'broken-json':
      response.writeHead(200, json).end('{"service":"documents","items":[');
      return;
    case 'status':
      response.writeHead(fault.status, json).end('{"error":"fault"}');
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      return;
    case 'huge-body':
      sendHuge(response, fault.bytes, fault.announced ? { ...json, 'content-length': fault.bytes } : json);
      return;
    case 'stalled-body':
      response.writeHead(200, json).write('{"service":');
      return;
    case 'trickle': {
      response.writeHead(200, json).write('[');
      const timer = setInterval(() => response.write(' '), fault.intervalMs);
      response.on('close', () => clearInterval(timer));
      return;
    }
    case 'half-closed':
      response.writeHead(200, { ...json, 'content-length': 4096 }).write('{"service":');
      response.socket?.end();
      return;
    case 'hang-up':
      response.socket?.destroy();
      return;
  }
}

/** Writes no faster than it is read, and stops when nobody reads any more. */
function sendHuge(response: ServerResponse, bytes: number, headers: Record<string, string | number>): void {
  const chunk = Buffer.alloc(64 * 1024, ' ');
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      if (!response.write(part)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  response.writeHead(200, headers);
  more();
}
