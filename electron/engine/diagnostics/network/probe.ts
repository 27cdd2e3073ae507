/**
 * One request to one server, taken apart: how far it got, what the server showed of itself, what it answered. Nothing
 * of a person goes out; certificates are looked at also when they are not trusted.
 */

import { X509Certificate } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates, type TLSSocket } from 'node:tls';
import type { SystemView } from '../system/system-view.ts';

export interface ProbeRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Certificates (PEM) that the server's must lead to. */
  readonly trust?: readonly string[];
  /** Most bytes of an answer that are read; default 64 KiB. */
  readonly maxBytes?: number;
  /** For connecting and answering together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Where it ended, when it did not get to an answer. */
export type ProbeTrouble =
  /** No such name; or the network's name service cannot be asked. */
  | { readonly kind: 'name-unknown' | 'names-unavailable' }
  /** No way leads there (no network). */
  | { readonly kind: 'no-route' }
  | { readonly kind: 'refused' }
  /** Nothing came in time, or the connection was cut. */
  | { readonly kind: 'silent' }
  /** What came is not HTTP. */
  | { readonly kind: 'garbled' };

export interface ProbeAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Host that a redirect points to. */
  readonly redirect?: string;
  readonly body: Buffer;
  /** There was more than that. */
  readonly cut: boolean;
  /** Our clock minus the server's, in seconds, where it gave a date. */
  readonly skewSeconds?: number;
}

export interface ProbeTls {
  readonly trusted: boolean;
  /** OpenSSL's word for why not. */
  readonly reason?: string;
  /** The name of who signed the topmost certificate that was shown. */
  readonly issuer: string;
  /** It leads to one of the public authorities that browsers know. */
  readonly publicAuthority: boolean;
}

export interface ProbeResult {
  readonly host: string;
  readonly tls?: ProbeTls;
  readonly answer?: ProbeAnswer;
  readonly trouble?: ProbeTrouble;
  readonly ms: number;
}

const defaultMaxBody = 64 * 1024;

/** Sends the request once. Never rejects, except when `signal` aborts. */
export async function probe(system: SystemView, wanted: ProbeRequest): Promise<ProbeResult> {
  const url = new URL(wanted.url);
  const started = performance.now();
  const time = AbortSignal.timeout(wanted.timeoutMs);
  const signal = AbortSignal.any([wanted.signal, time]);
  let tls: ProbeTls | undefined;
  const result = (rest: Pick<ProbeResult, 'answer' | 'trouble'>): ProbeResult => ({
    host: url.host,
    ...(tls ? { tls } : {}),
    ...rest,
    ms: Math.round(performance.now() - started),
  });
  try {
    const { response, sentAt } = await send(system, url, wanted, signal, (shown) => {
      tls = shown;
    });
    const { body, cut } = await readBody(response, wanted.maxBytes ?? defaultMaxBody);
    const { date, location, 'content-type': contentType = '' } = response.headers;
    const receivedAt = system.now();
    const theirs = date === undefined ? Number.NaN : Date.parse(date);
    const redirect =
      location !== undefined && URL.canParse(location, url.href) ? new URL(location, url).host : undefined;
    return result({
      answer: {
        status: response.statusCode ?? 0,
        contentType,
        body,
        cut,
        ...(redirect === undefined ? {} : { redirect }),
        // A date has whole seconds, and was written somewhere on the way.
        ...(Number.isNaN(theirs)
          ? {}
          : { skewSeconds: Math.round(((sentAt + receivedAt) / 2 - theirs - 500) / 1000) }),
      },
    });
  } catch (thrown) {
    if (wanted.signal.aborted) throw wanted.signal.reason;
    return result({ trouble: { kind: time.aborted ? 'silent' : troubleOf(thrown) } });
  }
}

function send(
  system: SystemView,
  url: URL,
  wanted: ProbeRequest,
  signal: AbortSignal,
  onTls: (tls: ProbeTls) => void,
): Promise<{ response: IncomingMessage; sentAt: number }> {
  return new Promise((resolve, reject) => {
    const lookup: LookupFunction = (host, _options, done) => {
      system.lookup(host).then(
        (addresses) =>
          done(
            null,
            addresses.map(({ address, family }) => ({ address, family })),
          ),
        (error: NodeJS.ErrnoException) => done(error, []),
      );
    };
    const make = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = make(
      url,
      {
        agent: false,
        method: wanted.method ?? 'GET',
        headers: { accept: '*/*', ...wanted.headers, connection: 'close' },
        lookup,
        signal,
        // A certificate that is not trusted is what we want to see. Nothing secret is sent.
        rejectUnauthorized: false,
        ...(wanted.trust === undefined ? {} : { ca: [...wanted.trust] }),
        maxHeaderSize: 16 * 1024,
      },
      (response) => resolve({ response, sentAt }),
    );
    let sentAt = system.now();
    request.once('socket', (socket) =>
      socket.once('secureConnect', () => {
        sentAt = system.now();
        onTls(shownBy(socket as TLSSocket));
      }),
    );
    request.once('error', reject);
    request.end(wanted.body);
  });
}

function shownBy(socket: TLSSocket): ProbeTls {
  const chain: X509Certificate[] = [];
  for (let at = socket.getPeerX509Certificate(); at && chain.length < 10; ) {
    chain.push(at);
    const { issuerCertificate } = at as unknown as { issuerCertificate?: X509Certificate };
    if (!issuerCertificate || issuerCertificate.fingerprint256 === at.fingerprint256) break;
    at = issuerCertificate;
  }
  const top = chain.at(-1);
  const reason = socket.authorizationError as unknown;
  const word = reason instanceof Error ? ((reason as NodeJS.ErrnoException).code ?? reason.message) : reason;
  return {
    trusted: socket.authorized,
    ...(socket.authorized ? {} : { reason: String(word ?? '').slice(0, 80) }),
    issuer: commonNameOf(top?.issuer ?? ''),
    publicAuthority: top !== undefined && isPublic(top),
  };
}

function commonNameOf(name: string): string {
  const value = (attribute: string) => new RegExp(`^${attribute}=(.+)$`, 'm').exec(name)?.[1];
  return (value('CN') ?? value('O') ?? name.split('\n')[0] ?? '').slice(0, 80);
}

/** Whether a public authority signed it (or is it). */
function isPublic(top: X509Certificate): boolean {
  return rootCertificates.some((pem) => {
    if (!pem.includes('BEGIN')) return false;
    try {
      const root = new X509Certificate(pem);
      return root.subject === top.issuer && top.verify(root.publicKey);
    } catch {
      return false;
    }
  });
}

async function readBody(
  response: IncomingMessage,
  most: number,
): Promise<{ readonly body: Buffer; readonly cut: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > most) break;
  }
  return { body: Buffer.concat(parts).subarray(0, most), cut: length > most };
}

function troubleOf(thrown: unknown): ProbeTrouble['kind'] {
  const codes = new Set<string>();
  const gather = (error: unknown, depth: number): void => {
    if (!(error instanceof Error) || depth > 3) return;
    codes.add(String((error as NodeJS.ErrnoException).code ?? ''));
    if (error instanceof AggregateError) for (const one of error.errors) gather(one, depth + 1);
    gather(error.cause, depth + 1);
  };
  gather(thrown, 0);
  const some = (...names: string[]): boolean => names.some((name) => codes.has(name));
  if (some('EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT')) return 'names-unavailable';
  if (some('ENOTFOUND', 'EAI_NONAME', 'EAI_NODATA', 'ENODATA')) return 'name-unknown';
  if (some('ECONNREFUSED')) return 'refused';
  if (some('ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'ENETDOWN')) return 'no-route';
  if ([...codes].some((code) => code.startsWith('HPE_'))) return 'garbled';
  return [...codes].some((code) => /SSL|TLS|EPROTO/.test(code)) ? 'garbled' : 'silent';
}
