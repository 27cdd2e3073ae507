/** The way to one server, step by step: name, connection, TLS, an answer. Nothing of a person goes out. */
import type { X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type {
  ConnectionReport,
  ConnectionTarget,
  ShownCertificate,
} from '../../../contract/diagnostics/connection.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { failureToWire } from '../../../contract/model/failure.ts';
import { proxyFor } from '../network/proxy.ts';
import type { SystemView } from '../system/system-view.ts';
import { sha256 } from './certificate-chain.ts';
import { distinguishedName } from './distinguished-name.ts';

const maxChain = 10;

export interface ServerAddress {
  readonly url: string;
  readonly from: NonNullable<ConnectionReport['address']>['from'];
  /** Certificates (PEM) that the server's must lead to; default: the public authorities. */
  readonly trust?: readonly string[];
}

export interface ConnectionOptions {
  readonly system: SystemView;
  /** For each step, in ms. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Thrown inside: the report ends here. */
class Ended extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** Goes the way once. What is in the way stands in the report. @param server undefined: nothing says where it is */
export async function inspectConnection(
  which: ConnectionTarget,
  server: ServerAddress | undefined,
  options: ConnectionOptions,
): Promise<ConnectionReport> {
  if (server === undefined) return { which, address: null, proxy: null };
  const url = new URL(server.url);
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = Number(url.port || (scheme === 'https' ? 443 : 80));
  const report: ConnectionReport = {
    which,
    address: { scheme, host: url.hostname, port, from: server.from },
    proxy: proxyName(options.system, server.url),
  };
  const fail = (code: FailureCode, more: Record<string, string | number> = {}): Ended =>
    new Ended(new Failure(code, { parameters: { host: url.host, ...more } }));
  let socket: Socket | undefined;
  try {
    const { addresses, ms } = await timed(() => lookup(url, options, fail));
    report.dns = { addresses, ms };
    const tcp = await timed(() => connectTo(addresses, port, options, fail));
    socket = tcp.socket;
    report.tcp = { address: tcp.address, ms: tcp.ms };
    if (scheme === 'https') {
      const plain = socket;
      const { tls, ms: tlsMs } = await timed(() => secure(plain, url, server, options, fail));
      socket = tls;
      report.tls = { ...shown(tls), ms: tlsMs };
      if (!report.tls.trusted) throw fail('portal-tls');
    }
    report.http = await askOnce(socket, url, options, fail);
    if (report.http.status >= 500) throw fail('portal-fault', { status: report.http.status });
    return report;
  } catch (thrown) {
    if (options.signal.aborted) throw new Failure('cancelled', { cause: thrown });
    if (!(thrown instanceof Ended)) throw thrown;
    return { ...report, failure: failureToWire(thrown.failure) };
  } finally {
    socket?.destroy();
  }
}

type Fail = (code: FailureCode, more?: Record<string, string | number>) => Ended;

async function lookup(url: URL, { system, timeoutMs }: ConnectionOptions, fail: Fail) {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(fail('portal-timeout')), timeoutMs);
  try {
    const name = url.hostname.replace(/^\[|\]$/g, '');
    const found = await Promise.race([system.lookup(name), late.promise]);
    if (found.length === 0) throw fail('portal-unreachable');
    return { addresses: found.slice(0, 32).map(({ address }) => address) };
  } catch (thrown) {
    throw thrown instanceof Ended ? thrown : fail('portal-unreachable');
  } finally {
    clearTimeout(timer);
  }
}

/** The first address that takes the connection; the failure is that of the last one tried. */
async function connectTo(
  addresses: readonly string[],
  port: number,
  { timeoutMs, signal }: ConnectionOptions,
  fail: Fail,
): Promise<{ socket: Socket; address: string }> {
  let failure = fail('portal-unreachable');
  for (const address of addresses.slice(0, 4)) {
    try {
      const socket = await opened(connect({ host: address, port }), 'connect', timeoutMs, signal);
      return { socket, address };
    } catch (thrown) {
      failure = fail(isTimeout(thrown) ? 'portal-timeout' : 'portal-unreachable');
    }
  }
  throw failure;
}

async function secure(
  socket: Socket,
  url: URL,
  { trust }: ServerAddress,
  { timeoutMs, signal }: ConnectionOptions,
  fail: Fail,
): Promise<{ tls: TLSSocket }> {
  const isName = !/^[\d.]+$|^\[/.test(url.hostname);
  const tls = connectTls({
    socket,
    ...(isName ? { servername: url.hostname } : {}),
    host: url.hostname.replace(/^\[|\]$/g, ''),
    minVersion: 'TLSv1.2',
    // A certificate that is not trusted is what we want to see. Nothing secret is sent.
    rejectUnauthorized: false,
    ...(trust === undefined ? {} : { ca: [...trust] }),
  });
  try {
    return { tls: await opened(tls, 'secureConnect', timeoutMs, signal) };
  } catch (thrown) {
    throw fail(isTimeout(thrown) ? 'portal-timeout' : 'portal-tls');
  }
}

function shown(tls: TLSSocket): Omit<NonNullable<ConnectionReport['tls']>, 'ms'> {
  const chain: ShownCertificate[] = [];
  for (let at = tls.getPeerX509Certificate(); at && chain.length < maxChain; ) {
    chain.push(shownCertificate(at));
    const { issuerCertificate } = at as unknown as { issuerCertificate?: X509Certificate };
    if (!issuerCertificate || issuerCertificate.fingerprint256 === at.fingerprint256) break;
    at = issuerCertificate;
  }
  const error = tls.authorizationError as unknown;
  const word = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : String(error ?? '');
  return {
    version: tls.getProtocol() ?? '',
    cipher: tls.getCipher().standardName,
    trusted: tls.authorized,
    ...(tls.authorized ? {} : { reason: /^[A-Z0-9_]{1,80}$/.test(word) ? word : 'UNSPECIFIED' }),
    chain,
  };
}

function shownCertificate(certificate: X509Certificate): ShownCertificate {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    serialNumber: certificate.serialNumber.toUpperCase().slice(0, 256),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
    fingerprint: sha256(certificate),
  };
}

/** One GET without a body; of the answer only its head is looked at. */
function askOnce(
  socket: Socket,
  url: URL,
  { system, timeoutMs, signal }: ConnectionOptions,
  fail: Fail,
): Promise<NonNullable<ConnectionReport['http']>> {
  const start = performance.now();
  const sentAt = system.now();
  return new Promise((resolve, reject) => {
    const time = AbortSignal.timeout(timeoutMs);
    const request = httpRequest({
      // Without an agent of its own the request takes the connection that is there.
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, accept: '*/*', connection: 'close' },
      maxHeaderSize: 16 * 1024,
      signal: AbortSignal.any([signal, time]),
    });
    request.once('response', (response) => {
      const { date, location } = response.headers;
      const redirect = location !== undefined ? URL.parse(location, url.href)?.host : undefined;
      const theirs = date === undefined ? Number.NaN : Date.parse(date);
      resolve({
        status: response.statusCode ?? 100,
        ...(redirect ? { redirect: redirect.slice(0, 260) } : {}),
        // A date has whole seconds, and was written somewhere on the way.
        ...(Number.isNaN(theirs)
          ? {}
          : { clockSkew: Math.round(((sentAt + system.now()) / 2 - theirs - 500) / 1000) }),
        ms: rounded(performance.now() - start),
      });
      response.on('error', () => undefined).destroy();
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      if (time.aborted) reject(fail('portal-timeout'));
      else if (error.code?.startsWith('HPE_')) reject(fail('portal-answer-invalid', { field: 'http' }));
      else reject(fail('portal-disconnected'));
    });
    request.end();
  });
}

class Late extends Error {}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Late || (thrown as NodeJS.ErrnoException).code === 'ETIMEDOUT';
}

function opened<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  timeoutMs: number,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => end(new Late()), timeoutMs);
    signal.addEventListener('abort', () => end(new Late()), { once: true });
    socket.on('error', end);
    socket.once('close', () => end(new Error('closed')));
    socket.once(event, () => {
      clearTimeout(timer);
      resolve(socket);
    });
  });
}

async function timed<T extends object>(work: () => Promise<T>): Promise<T & { ms: number }> {
  const start = performance.now();
  const result = await work();
  return { ...result, ms: rounded(performance.now() - start) };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function proxyName(system: SystemView, url: string): string | null {
  try {
    const proxy = proxyFor(system, url);
    return proxy ? `${proxy.hostname}:${proxy.port || '80'}` : null;
  } catch {
    // A proxy that cannot be understood is the doctor's matter.
    return null;
  }
}
