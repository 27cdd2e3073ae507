import net from 'node:net';
import { describe, expect, it } from 'vitest';

const outcome = (socket: net.Socket) =>
  new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}: ${error.message}`));
  });

describe('tests', () => {
  it.each(['192.0.2.1', 'portal.example', '2001:db8::1'])('cannot reach %s', async (host) => {
    const refusal = `ENETUNREACH: a test tried to reach ${host}: tests have no network`;
    expect(await outcome(net.connect({ host, port: 443 }))).toBe(refusal);
    expect(await outcome(net.connect(443, host))).toBe(refusal);
    expect(await outcome(new net.Socket().connect(443, host))).toBe(refusal);
    await expect(fetch(`https://${host.includes(':') ? `[${host}]` : host}/`)).rejects.toMatchObject({
      cause: { message: refusal.slice(13) },
    });
  });

  it('can reach their own servers', async () => {
    const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect(await outcome(net.connect(port, '127.0.0.1'))).toBe('connected');
    server.close();
  });
});
