/**
 * The fault switch of the sandbox's PKI: makes its services answer wrongly, on purpose, for tests. It is reached by
 * code in the same process only; nothing that comes over HTTP can turn it.
 */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OcspRefusalStatus } from './ocsp-request.ts';
import type { AnswerSigner } from './responder-signing.ts';
import type { TimestampFailure } from './timestamp-request.ts';

/** The request is not carried out; the connection is taken over. */
export type ConnectionFault =
  /** Ends it before anything of the answer. */
  | { readonly kind: 'hang-up' }
  /** Takes the request and never answers. */
  | { readonly kind: 'silence' }
  /** Begins an answer, and never goes on. */
  | { readonly kind: 'stalled-body' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Random bytes under the right content type. */
  | { readonly kind: 'garbage' }
  | { readonly kind: 'html' }
  /** This many bytes under the right content type; the length is announced. */
  | { readonly kind: 'huge-body'; readonly bytes: number };

/** The right answer, after a while. */
export interface Slow {
  readonly kind: 'slow';
  readonly delayMs: number;
}

/** A wrong answer of the OCSP responder. */
export type OcspFault =
  /** thisUpdate, nextUpdate and producedAt are moved by this much. */
  | { readonly kind: 'clock'; readonly shiftMs: number }
  | { readonly kind: 'no-next-update' }
  /** Signed by this key, with this certificate beside it. */
  | { readonly kind: 'signer'; readonly signer: AnswerSigner }
  | { readonly kind: 'bad-signature' }
  /** Speaks of another serial number. */
  | { readonly kind: 'other-certificate' }
  | { readonly kind: 'no-nonce' }
  | { readonly kind: 'other-nonce' }
  /** A critical extension that nobody knows. */
  | { readonly kind: 'critical-extension' }
  | { readonly kind: 'refused'; readonly status: OcspRefusalStatus };

/** A wrong answer of the time-stamping authority. */
export type TimestampFault =
  /** genTime is moved by this much. */
  | { readonly kind: 'clock'; readonly shiftMs: number }
  /** Stamps another digest of the same length. */
  | { readonly kind: 'other-imprint' }
  | { readonly kind: 'no-nonce' }
  | { readonly kind: 'other-nonce' }
  | { readonly kind: 'signer'; readonly signer: AnswerSigner }
  | { readonly kind: 'bad-signature' }
  | { readonly kind: 'rejected'; readonly failure: TimestampFailure };

/** Where a fault can be put, and which. */
export interface PkiFaults {
  ocsp: ConnectionFault | Slow | OcspFault;
  timestamp: ConnectionFault | Slow | TimestampFault;
  'revocation-list': ConnectionFault | Slow;
  certificate: ConnectionFault | Slow;
}

export type PkiFaultPoint = keyof PkiFaults;

const connectionFaults = new Set<string>([
  'hang-up',
  'silence',
  'stalled-body',
  'status',
  'redirect',
  'garbage',
  'html',
  'huge-body',
]);

export function isConnectionFault(fault: { readonly kind: string }): fault is ConnectionFault {
  return connectionFaults.has(fault.kind);
}

export function isSlow(fault: { readonly kind: string }): fault is Slow {
  return fault.kind === 'slow';
}

export class PkiFaultSwitch {
  readonly #once = new Map<PkiFaultPoint, unknown[]>();
  readonly #always = new Map<PkiFaultPoint, unknown>();
  /** Requests that a fault has met. */
  struck = 0;

  /** The next request at this point fails so; several queue up. */
  next<Point extends PkiFaultPoint>(point: Point, fault: PkiFaults[Point]): void {
    this.#once.set(point, [...(this.#once.get(point) ?? []), fault]);
  }

  /** Every request at this point fails so, until `clear`. */
  always<Point extends PkiFaultPoint>(point: Point, fault: PkiFaults[Point]): void {
    this.#always.set(point, fault);
  }

  clear(): void {
    this.#once.clear();
    this.#always.clear();
  }

  /** The fault that the present request meets, if any. */
  take<Point extends PkiFaultPoint>(point: Point): PkiFaults[Point] | undefined {
    const fault = this.#once.get(point)?.shift() ?? this.#always.get(point);
    if (fault !== undefined) this.struck += 1;
    return fault as PkiFaults[Point] | undefined;
  }
}

/** Answers wrongly. @param contentType of the right answer */
export function strike(fault: ConnectionFault, response: ServerResponse, contentType: string): void {
  switch (fault.kind) {
    case 'hang-up':
      response.socket?.destroy();
      return;
    case 'silence':
      return;
    case 'stalled-body':
      response.writeHead(200, { 'content-type': contentType, 'content-length': 4096 }).write('0');
      return;
    case 'status':
      response.writeHead(fault.status).end();
      return;
    case 'redirect':
      response.writeHead(302, { location: fault.location }).end();
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': contentType }).end(randomBytes(512));
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>PKI</title><p>Lucrări de mentenanță');
      return;
    case 'huge-body':
      response.writeHead(200, { 'content-type': contentType }).end(Buffer.alloc(fault.bytes, 0x30));
      return;
  }
}
