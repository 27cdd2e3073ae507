/**
 * Requests to the portal, as a browser would make them: TLS to the trust of the settings and to no other, every wait
 * and every size bounded, redirects never followed, cookies kept for the host that set them. What comes back is what
 * was expected, or a named failure.
 */
import type { Readable } from 'node:stream';
import { CookieJar } from 'tough-cookie';
import { Agent, type Dispatcher } from 'undici';
import { Failure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { failureOfTransport } from './transport-failures.ts';

/** Largest answer in bytes: the longest access log that the contract allows, in entries of 600 bytes. More is cut off unread. */
export const maxAnswerBytes = 6 * 1024 * 1024;
/** Largest refusal that is looked into for its reason, in bytes. */
const maxRefusalBytes = 4 * 1024;

/** What an answer must be: JSON (or 204), a page, or the word to look elsewhere after a form was taken. */
export type Expected = 'json' | 'page' | 'see-other';

export interface PortalRequest {
  readonly method: 'GET' | 'POST';
  /** Address below one of the settings' origins. */
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form (application/x-www-form-urlencoded). */
  readonly form?: Readonly<Record<string, string>>;
  /** Default `json`. */
  readonly expect?: Expected;
  readonly signal?: AbortSignal | undefined;
}

/** An answer of the expected kind. */
export interface PortalAnswer {
  readonly status: number;
  /** Parsed JSON; undefined for an empty answer (204) and for what is no JSON. */
  readonly json: unknown;
  /** The page's text; empty for what is no page. */
  readonly page: string;
}

const contentTypes = {
  json: /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i,
  page: /^text\/html\s*;\s*charset="?utf-8"?\s*$/i,
} as const;

export class HttpsClient {
  readonly #agent: Agent;
  readonly #settings: PortalSettings;
  readonly #cookies: CookieJar;

  /** @param cookies a jar to go on with; default an empty one */
  constructor(settings: PortalSettings, cookies: CookieJar = new CookieJar()) {
    const { connectMs, silenceMs } = settings.timeouts;
    this.#settings = settings;
    this.#cookies = cookies;
    this.#agent = new Agent({
      connect: { ca: [...settings.trust], minVersion: 'TLSv1.2', timeout: connectMs },
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      // Enough for all data services at once.
      connections: 6,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: 16 * 1024,
    });
  }

  /** What the sites gave us to remember; it holds whoever is signed in. */
  get cookies(): CookieJar {
    return this.#cookies;
  }

  /**
   * Sends one request, once.
   * @throws Failure `portal-unreachable`, `portal-tls`, `portal-timeout`, `portal-disconnected`, `cancelled`,
   *   `portal-redirect-refused`, `portal-answer-too-large`, `portal-answer-invalid`, `portal-refused`
   *   (4xx, with `status`, and the site's `reason` where it gave one), `portal-fault` (5xx, with `status`)
   */
  async request(request: PortalRequest): Promise<PortalAnswer> {
    const url = new URL(request.url);
    if (url.protocol !== 'https:') throw new Failure('portal-tls', { parameters: { host: url.host } });
    const deadline = AbortSignal.timeout(this.#settings.timeouts.totalMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    try {
      const response = await this.#agent.request({
        origin: url.origin,
        path: url.pathname,
        method: request.method,
        headers: await this.#headers(request, url),
        body: bodyOf(request),
        signal,
      });
      try {
        await this.#remember(response.headers['set-cookie'], url);
        return await readAnswer(response, url, request.expect ?? 'json');
      } finally {
        // Also cuts off what was not read; without a listener its late error would end the process.
        response.body.on('error', () => {}).destroy();
      }
    } catch (thrown) {
      if (request.signal?.aborted) throw new Failure('cancelled', { cause: thrown });
      throw failureOfTransport(thrown, url.host, deadline.aborted);
    }
  }

  /** Closes all connections. Requests under way fail. The cookies stay. Idempotent. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #headers(request: PortalRequest, url: URL): Promise<Record<string, string>> {
    const cookie = await this.#cookies.getCookieString(url.href);
    return {
      accept: request.expect === 'page' ? 'text/html' : 'application/json',
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(cookie === '' ? {} : { cookie }),
    };
  }

  async #remember(setCookie: string | string[] | undefined, url: URL): Promise<void> {
    for (const one of [setCookie ?? []].flat().slice(0, 20)) {
      // A cookie that does not belong to this host is dropped, as browsers do.
      await this.#cookies.setCookie(one, url.href, { ignoreError: true });
    }
  }
}

function bodyOf({ body, form }: PortalRequest): string | null {
  if (form !== undefined) return new URLSearchParams({ ...form }).toString();
  return body === undefined ? null : JSON.stringify(body);
}

async function readAnswer(
  response: Dispatcher.ResponseData,
  url: URL,
  expected: Expected,
): Promise<PortalAnswer> {
  const { statusCode: status, headers, body } = response;
  const { host } = url;
  if (status >= 300 && status < 400) {
    if (expected === 'see-other' && status === 303) return { status, json: undefined, page: '' };
    throw new Failure('portal-redirect-refused', {
      parameters: { host, target: targetHost(headers.location, url) },
    });
  }
  if (status >= 500) throw new Failure('portal-fault', { parameters: { host, status } });
  if (status >= 400) {
    const reason = await refusalReason(response);
    throw new Failure('portal-refused', { parameters: { host, status, ...(reason ? { reason } : {}) } });
  }
  if (expected === 'see-other') throw invalid(host, 'status');
  if (status === 204 && expected === 'json') return { status, json: undefined, page: '' };
  const type = headers['content-type'];
  const isExpected = typeof type === 'string' && contentTypes[expected].test(type);
  if (!isExpected || headers['content-encoding'] !== undefined) throw invalid(host, 'content-type');
  if (Number(headers['content-length'] ?? 0) > maxAnswerBytes) throw tooLarge(host);
  const bytes = await readBounded(body, host);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return expected === 'page'
      ? { status, json: undefined, page: text }
      : { status, json: JSON.parse(text), page: '' };
  } catch {
    throw invalid(host, expected === 'page' ? 'html' : 'json');
  }
}

/** The name a site gives its refusal (`{"error": NAME, "reason"?: NAME}`), as `NAME` or `NAME:NAME`; or undefined. */
async function refusalReason({ headers, body }: Dispatcher.ResponseData): Promise<string | undefined> {
  const length = Number(headers['content-length'] ?? Number.NaN);
  const type = headers['content-type'];
  if (!(length <= maxRefusalBytes) || typeof type !== 'string' || !contentTypes.json.test(type)) return;
  try {
    const { error, reason } = (await body.json()) as { error?: unknown; reason?: unknown };
    const names = [error, ...(reason === undefined ? [] : [reason])];
    return names.every((name) => typeof name === 'string' && /^[A-Za-z][A-Za-z-]{0,63}$/.test(name))
      ? names.join(':')
      : undefined;
  } catch {
    return undefined;
  }
}

async function readBounded(body: Readable, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxAnswerBytes) throw tooLarge(host);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function invalid(host: string, field: string): Failure {
  return new Failure('portal-answer-invalid', { parameters: { host, field } });
}

function tooLarge(host: string): Failure {
  return new Failure('portal-answer-too-large', { parameters: { host, bytes: maxAnswerBytes } });
}

/** Host a redirect points to, for the sentence only. */
function targetHost(location: string | string[] | undefined, from: URL): string {
  if (typeof location !== 'string' || !URL.canParse(location, from.href)) return '?';
  return new URL(location, from).host.slice(0, 253) || '?';
}
