/**
 * Requests to the portal: TLS to the trust of the settings and to no other, every wait and every size bounded,
 * redirects never followed. What comes back is JSON or a named failure.
 */
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import { Failure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { failureOfTransport } from './transport-failures.ts';

/** Largest answer in bytes; what is longer is cut off unread. */
export const maxAnswerBytes = 2 * 1024 * 1024;

export interface PortalRequest {
  readonly method: 'GET' | 'POST';
  /** Address below one of the settings' origins. */
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Bearer token (RFC 6750); never put into a URL. */
  readonly bearer?: string;
  readonly signal?: AbortSignal | undefined;
}

/** An answer below status 300. */
export interface PortalAnswer {
  readonly status: number;
  /** Parsed JSON; undefined for an empty answer (204). */
  readonly json: unknown;
}

export class HttpsClient {
  readonly #agent: Agent;
  readonly #settings: PortalSettings;

  constructor(settings: PortalSettings) {
    const { connectMs, silenceMs } = settings.timeouts;
    this.#settings = settings;
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

  /**
   * Sends one request, once.
   * @throws Failure `portal-unreachable`, `portal-tls`, `portal-timeout`, `portal-disconnected`, `cancelled`,
   *   `portal-redirect-refused`, `portal-answer-too-large`, `portal-answer-invalid`, `portal-refused`
   *   (4xx, with `status`), `portal-fault` (5xx, with `status`)
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
        headers: {
          accept: 'application/json',
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(request.bearer === undefined ? {} : { authorization: `Bearer ${request.bearer}` }),
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
      });
      try {
        return await readAnswer(response, url);
      } finally {
        // Also cuts off what was not read; without a listener its late error would end the process.
        response.body.on('error', () => {}).destroy();
      }
    } catch (thrown) {
      if (request.signal?.aborted) throw new Failure('cancelled', { cause: thrown });
      throw failureOfTransport(thrown, url.host, deadline.aborted);
    }
  }

  /** Closes all connections. Requests under way fail. Idempotent. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

async function readAnswer(response: Dispatcher.ResponseData, url: URL): Promise<PortalAnswer> {
  const { statusCode: status, headers, body } = response;
  const host = url.host;
  if (status >= 300 && status < 400) {
    throw new Failure('portal-redirect-refused', {
      parameters: { host, target: targetHost(headers.location, url) },
    });
  }
  if (status >= 500) throw new Failure('portal-fault', { parameters: { host, status } });
  if (status >= 400) throw new Failure('portal-refused', { parameters: { host, status } });
  if (status === 204) return { status, json: undefined };
  if (!isJson(headers['content-type']) || headers['content-encoding'] !== undefined) {
    throw new Failure('portal-answer-invalid', { parameters: { host, field: 'content-type' } });
  }
  if (Number(headers['content-length'] ?? 0) > maxAnswerBytes) throw tooLarge(host);
  const bytes = await readBounded(body, host);
  try {
    return { status, json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    throw new Failure('portal-answer-invalid', { parameters: { host, field: 'json' } });
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

function tooLarge(host: string): Failure {
  return new Failure('portal-answer-too-large', { parameters: { host, bytes: maxAnswerBytes } });
}

function isJson(contentType: string | string[] | undefined): boolean {
  return (
    typeof contentType === 'string' &&
    /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType)
  );
}

/** Host a redirect points to, for the sentence only. */
function targetHost(location: string | string[] | undefined, from: URL): string {
  if (typeof location !== 'string' || !URL.canParse(location, from.href)) return '?';
  return new URL(location, from).host.slice(0, 253) || '?';
}
