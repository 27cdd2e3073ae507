import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { hex, issueHolder, post } from './desk.ts';

const ocspRequest = 'application/ocsp-request';
let pki: SandboxPki;

beforeAll(async () => {
  pki = await SandboxPki.start();
});

afterAll(() => pki.stop());

const status = async (path: string, init?: RequestInit): Promise<number> =>
  (await fetch(pki.url + path, init)).status;

describe("the PKI's HTTP server", () => {
  it.each([
    '/',
    '/ocsp',
    '/ocsp/',
    '/ocsp/other',
    '/crl/other.crl',
    '/cer/root.cer/',
    '/cer/../cer',
    '/tsa/',
    '/x',
  ])('knows nothing of %s', async (path) => {
    expect(await status(path)).toBe(404);
  });

  it('keeps each place to its methods', async () => {
    expect(await status('/crl/root.crl', { method: 'POST', body: 'x' })).toBe(405);
    expect(await status('/cer/root.cer', { method: 'DELETE' })).toBe(405);
    expect(await status('/ocsp/issuing', { method: 'PUT', body: 'x' })).toBe(405);
    const response = await fetch(pki.timestampUrl);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await status('/ocsp/issuing/MAA', { method: 'POST', body: 'x' })).toBe(404);
  });

  it('answers HEAD for what can be fetched', async () => {
    const response = await fetch(`${pki.url}/cer/issuing.cer`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(pki.authority.issuing.der.length));
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('takes requests of the right content type only', async () => {
    const url = `${pki.url}/ocsp/issuing`;
    expect((await post(url, 'application/octet-stream', Uint8Array.of(0x30, 0))).status).toBe(415);
    expect((await post(url, 'application/timestamp-query', Uint8Array.of(0x30, 0))).status).toBe(415);
    expect((await post(pki.timestampUrl, ocspRequest, Uint8Array.of(0x30, 0))).status).toBe(415);
    const answer = await post(url, 'Application/OCSP-Request; charset=x', Uint8Array.of(0x30, 0));
    expect(hex(answer.bytes)).toBe('30030a0101');
  });

  it.each([
    ['/ocsp/issuing', ocspRequest],
    ['/tsa', 'application/timestamp-query'],
  ])('reads 16 kB at most: %s', async (path, type) => {
    expect((await post(pki.url + path, type, new Uint8Array(16 * 1024))).status).toBe(200);
    expect((await post(pki.url + path, type, new Uint8Array(16 * 1024 + 1))).status).toBe(413);
    // A GET's request line is bounded by the HTTP parser.
    const long = await status(`/ocsp/issuing/${'A'.repeat(20_000)}`);
    expect(long).toBe(431);
  });

  it('stays up when a client hangs up or talks nonsense', async () => {
    const { port } = new URL(pki.url);
    for (const words of [
      'GET /cer/root.cer HT',
      'POST /ocsp/issuing HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n',
      '\0\0\0',
    ]) {
      const socket = connect(Number(port), '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(words, () => resolve()));
      socket.resetAndDestroy();
    }
    expect(await status('/cer/root.cer')).toBe(200);
  });

  it('meets faults at every place, once or always, until they are cleared', async () => {
    const { faults } = pki;
    faults.next('certificate', { kind: 'status', status: 503 });
    faults.always('revocation-list', { kind: 'status', status: 500 });
    expect(await status('/cer/root.cer')).toBe(503);
    expect(await status('/cer/root.cer')).toBe(200);
    expect(await status('/crl/root.crl')).toBe(500);
    expect(await status('/crl/issuing.crl')).toBe(500);
    expect(faults.struck).toBe(3);
    faults.clear();
    expect(await status('/crl/issuing.crl')).toBe(200);
    expect(faults.struck).toBe(3);
  });
});

describe('starting and stopping the PKI', () => {
  it('serves several side by side, each with its own authority', async () => {
    const other = await SandboxPki.start();
    try {
      const root = async (url: string) =>
        hex(new Uint8Array(await (await fetch(`${url}/cer/root.cer`)).arrayBuffer()));
      expect(await root(other.url)).toBe(hex(other.authority.root.der));
      expect(await root(other.url)).not.toBe(await root(pki.url));
    } finally {
      await other.stop();
    }
  });

  it('cuts every connection when it stops, also one that waits for an answer, and may stop twice', async () => {
    const stopping = await SandboxPki.start();
    await issueHolder(stopping.authority);
    stopping.faults.always('certificate', { kind: 'silence' });
    const waiting = fetch(`${stopping.url}/cer/root.cer`).then(
      () => 'answered',
      () => 'cut off',
    );
    await expect.poll(() => stopping.faults.struck).toBe(1);
    await stopping.stop();
    expect(await waiting).toBe('cut off');
    expect(stopping.connections).toBe(0);
    await stopping.stop();
    await expect(fetch(`${stopping.url}/cer/root.cer`)).rejects.toThrow();
  });

  it('starts from the moment it is told, and its clock runs on', async () => {
    const now = new Date('2026-02-03T04:05:06Z');
    const dated = await SandboxPki.start({ now });
    try {
      expect(dated.authority.now).toEqual(now);
      const passed = dated.authority.clock().getTime() - now.getTime();
      expect(passed).toBeGreaterThanOrEqual(0);
      expect(passed).toBeLessThan(60_000);
    } finally {
      await dated.stop();
    }
  });
});
