import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectionReportSchema } from '../../../../electron/contract/diagnostics/connection.ts';
import {
  inspectConnection,
  type ServerAddress,
} from '../../../../electron/engine/diagnostics/inspect/inspect-connection.ts';
import { NodeSystem } from '../../../../electron/engine/diagnostics/system/node-system.ts';
import { askJudge } from '../../../rig/judges/judge.ts';
import { needs } from '../../../run/needs.ts';
import { PortalRig } from '../../portal/signed-in.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

async function inspect(server: ServerAddress | undefined, system = new NodeSystem({ environment: {} })) {
  const options = { system, timeoutMs: 3_000, signal: new AbortController().signal };
  const report = await inspectConnection('portal', server, options);
  return connectionReportSchema.parse(JSON.parse(JSON.stringify(report)));
}

async function serving(server: Server | ReturnType<typeof createTcpServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe.skipIf(!needs('openssl'))('the way to a TLS server, with openssl s_client as judge', () => {
  let rig: PortalRig;
  beforeAll(async () => {
    rig = await PortalRig.open();
  });
  afterAll(() => rig?.close());

  it('tells protocol, cipher and certificates as openssl does', async () => {
    const { servicesUrl, trust } = rig.portal.settings;
    const report = await inspect({ url: `${servicesUrl}/login`, from: 'settings', trust });
    const { host, port, hostname } = new URL(servicesUrl);
    const verdict = await askJudge('openssl', [
      's_client',
      '-connect',
      host,
      '-servername',
      hostname,
      '-showcerts',
    ]);
    const text = `${verdict.text}${verdict.errorText}`;
    expect(report).toMatchObject({
      which: 'portal',
      proxy: null,
      address: { scheme: 'https', port: Number(port) },
    });
    expect(text).toContain(`${report.tls?.version}, Cipher is ${report.tls?.cipher}`);
    expect(report.tls).toMatchObject({ trusted: true });
    const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    const { stdout } = await fingerprint(pems[0] as string);
    expect(stdout).toContain(report.tls?.chain[0]?.fingerprint);
    expect(report.tls?.chain[0]?.subject).toContain('CN=Buletin SIMULATED server');
    expect(report.http?.status).toBeGreaterThanOrEqual(200);
    expect(Math.abs(report.http?.clockSkew ?? 99)).toBeLessThanOrEqual(2);
    expect(report.failure).toBeUndefined();
  });

  async function fingerprint(pem: string): Promise<{ stdout: string }> {
    const { text } = await askJudge('openssl', ['x509', '-in', 'pem', '-noout', '-fingerprint', '-sha256'], {
      files: { pem },
    });
    return { stdout: text.replaceAll(':', '') };
  }

  it('a certificate that nobody here trusts is shown all the same, with the word of openssl', async () => {
    const report = await inspect({ url: rig.portal.settings.servicesUrl, from: 'settings' });
    expect(report.tls).toMatchObject({ trusted: false });
    expect(report.tls?.reason).toMatch(/^(?:UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/);
    expect(report.tls?.chain.length).toBeGreaterThan(0);
    expect(report.failure).toMatchObject({ code: 'portal-tls' });
    // Nothing was sent to it.
    expect(report.http).toBeUndefined();
  });

  it('a wrong clock is told in seconds', async () => {
    const { servicesUrl, trust } = rig.portal.settings;
    const system = new NodeSystem({ environment: {}, now: () => Date.now() + 3_600_000 });
    const report = await inspect({ url: servicesUrl, from: 'settings', trust }, system);
    expect(Math.abs((report.http?.clockSkew ?? 0) - 3_600)).toBeLessThanOrEqual(2);
  });
});

describe('a way that ends somewhere', () => {
  it('nothing says where the server is', async () => {
    expect(await inspect(undefined)).toEqual({ which: 'portal', address: null, proxy: null });
  });

  it('nobody listens', async () => {
    const server = createTcpServer();
    const url = await serving(server);
    await new Promise((resolve) => server.close(resolve));
    const report = await inspect({ url, from: 'known' });
    expect(report.dns?.addresses).toEqual(['127.0.0.1']);
    expect(report.tcp).toBeUndefined();
    expect(report.failure).toMatchObject({ code: 'portal-unreachable' });
  });

  it('there is no such name', async () => {
    class Nameless extends NodeSystem {
      override async lookup(): Promise<never> {
        throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
      }
    }
    const report = await inspect(
      { url: 'http://nowhere.invalid/', from: 'known' },
      new Nameless({ environment: {} }),
    );
    expect(report).toMatchObject({
      failure: { code: 'portal-unreachable', parameters: { host: 'nowhere.invalid' } },
    });
    expect(report.dns).toBeUndefined();
  });

  it.each([
    ['does not speak TLS', 'https', 'portal-tls'],
    ['does not speak HTTP', 'http', 'portal-answer-invalid'],
  ])('the server %s', async (_, scheme, code) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('SSH-2.0-OpenSSH\r\n');
    });
    const url = (await serving(server)).replace('http:', `${scheme}:`);
    const report = await inspect({ url, from: 'known' });
    expect(report.tcp?.address).toBe('127.0.0.1');
    expect(report.failure).toMatchObject({ code });
  });

  it('an answer that sends elsewhere, and one of a server in trouble', async () => {
    const elsewhere = createServer((_, response) => {
      response.writeHead(302, { location: 'http://login.captive.example/' }).end();
    });
    const report = await inspect({ url: await serving(elsewhere), from: 'known' });
    expect(report.http).toMatchObject({ status: 302, redirect: 'login.captive.example' });
    const ill = createServer((_, response) => void response.writeHead(503).end());
    const other = await inspect({ url: await serving(ill), from: 'known' });
    expect(other.failure).toEqual(
      expect.objectContaining({ code: 'portal-fault', parameters: expect.objectContaining({ status: 503 }) }),
    );
  });

  it('the proxy that the system names is told without its password', async () => {
    const system = new NodeSystem({ environment: { http_proxy: 'http://ana:secret@proxy.example:3128' } });
    const server = createServer((_, response) => void response.end());
    const report = await inspect({ url: await serving(server), from: 'known' }, system);
    expect(report.proxy).toBe('proxy.example:3128');
    expect(JSON.stringify(report)).not.toContain('secret');
  });
});
