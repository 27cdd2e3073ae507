/** The proxy that the system names for an address, and whether it lets anybody through. */
import { request } from 'node:http';
import { AnswerInvalid, type SystemView } from '../system/system-view.ts';

export interface ProxyProbe {
  /** Host and port; what may stand before them (a password) is left out. */
  readonly proxy: string;
  readonly state: 'passes' | 'unreachable' | 'refuses';
  /** What it answered, when it refuses. */
  readonly status?: number;
}

/** The proxy for an address by the usual variables (`HTTPS_PROXY`, `NO_PROXY`, …), or undefined. */
export function proxyFor(system: SystemView, address: string): URL | undefined {
  const url = new URL(address);
  const variable = (name: string): string =>
    system.environment[name] || system.environment[name.toUpperCase()] || '';
  const text = variable(url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') || variable('all_proxy');
  if (text === '' || exempt(url.hostname, variable('no_proxy'))) return undefined;
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy === null || proxy.hostname === '') throw new AnswerInvalid('proxy');
  return proxy;
}

function exempt(host: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const name = entry
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, '')
        .toLowerCase();
      return entry === '*' || host === name || host.endsWith(`.${name}`);
    });
}

/** Asks a proxy for a way to a host (CONNECT). Never rejects, except when `signal` aborts. */
export function probeProxy(
  system: SystemView,
  proxy: URL,
  target: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProxyProbe> {
  const { hostname, host, port: targetPort, protocol } = new URL(target);
  const name = `${proxy.hostname}:${proxy.port || '80'}`;
  const time = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve, reject) => {
    const asked = request({
      agent: false,
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: Number(proxy.port || 80),
      method: 'CONNECT',
      path: `${hostname}:${targetPort || (protocol === 'https:' ? 443 : 80)}`,
      headers: { host },
      signal: AbortSignal.any([signal, time]),
      lookup: (asking, _options, done) => {
        system.lookup(asking).then(
          (addresses) =>
            done(
              null,
              addresses.map(({ address, family }) => ({ address, family })),
            ),
          (error: NodeJS.ErrnoException) => done(error, []),
        );
      },
    });
    const answered = (status: number): void => {
      asked.destroy();
      resolve(status === 200 ? { proxy: name, state: 'passes' } : { proxy: name, state: 'refuses', status });
    };
    asked.once('connect', (response, socket) => {
      socket.destroy();
      answered(response.statusCode ?? 0);
    });
    asked.once('response', (response) => answered(response.statusCode ?? 0));
    asked.on('error', () => {
      if (signal.aborted) reject(signal.reason);
      else resolve({ proxy: name, state: 'unreachable' });
    });
    asked.end();
  });
}
