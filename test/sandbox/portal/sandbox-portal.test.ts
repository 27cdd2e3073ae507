import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';

let portal: SandboxPortal | undefined;

async function started(): Promise<SandboxPortal> {
  const authority = await SandboxAuthority.create();
  portal = await SandboxPortal.start({ authority, people: sandboxPeople });
  return portal;
}

afterEach(async () => {
  await portal?.stop();
  portal = undefined;
});

/** Whether somebody listens there. */
function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host, port });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

describe('the sandbox portal', () => {
  it('has two origins on this computer, which share no cookies', async () => {
    const { providerUrl, servicesUrl, settings } = await started();
    expect(providerUrl).toMatch(/^https:\/\/localhost:\d+$/);
    expect(servicesUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(settings).toMatchObject({ providerUrl, servicesUrl, simulated: true });
    expect(settings.label).toContain('SIMULAT');
  });

  it('listens on no address of the network', async () => {
    const { providerUrl, servicesUrl } = await started();
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    for (const url of [providerUrl, servicesUrl]) {
      const port = Number(new URL(url).port);
      expect(await answers('127.0.0.1', port)).toBe(true);
      for (const { address, internal } of addresses) {
        if (!internal && !address.startsWith('fe80:')) expect(await answers(address, port)).toBe(false);
      }
    }
  });

  it('stops with connections half open, requests unanswered, and twice', async () => {
    const { providerUrl, servicesUrl } = await started();
    const ports = [providerUrl, servicesUrl].map((url) => Number(new URL(url).port));
    const sockets = ports.map((port) => connect({ host: '127.0.0.1', port }));
    const closed = sockets.map(
      (socket) => new Promise((resolve) => socket.on('close', resolve).on('error', () => {})),
    );
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.on('connect', resolve))));
    await expect.poll(() => portal?.connections).toBe(2);
    await Promise.all([portal?.stop(), portal?.stop()]);
    await Promise.all(closed);
    for (const port of ports) expect(await answers('127.0.0.1', port)).toBe(false);
  });

  it('can be there twice', async () => {
    const first = await started();
    const second = await SandboxPortal.start({ authority: await SandboxAuthority.create(), people: [] });
    expect(second.servicesUrl).not.toBe(first.servicesUrl);
    await second.stop();
    expect(await answers('127.0.0.1', Number(new URL(first.servicesUrl).port))).toBe(true);
  });
});
