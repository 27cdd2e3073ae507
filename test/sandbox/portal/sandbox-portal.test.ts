import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import {
  documentItemSchema,
  domicileItemSchema,
  vehicleItemSchema,
} from '../../../electron/contract/portal/items.ts';
import { sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { documents } from '../../../electron/sandbox/portal/data/documents.ts';
import { domicile } from '../../../electron/sandbox/portal/data/domicile.ts';
import { vehicles } from '../../../electron/sandbox/portal/data/vehicles.ts';
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

describe('the data of the invented people', () => {
  const everything = JSON.stringify([documents, domicile, vehicles]);

  it('are there for everybody, in the form of the dictionary', () => {
    for (const { idnp } of sandboxPeople) {
      for (const item of documents[idnp] ?? [null]) expect(documentItemSchema.parse(item)).toEqual(item);
      for (const item of domicile[idnp] ?? [null]) expect(domicileItemSchema.parse(item)).toEqual(item);
      for (const item of vehicles[idnp] ?? [null]) expect(vehicleItemSchema.parse(item)).toEqual(item);
    }
    const idnps = sandboxPeople.map(({ idnp }) => idnp).sort();
    for (const register of [documents, domicile, vehicles])
      expect(Object.keys(register).sort()).toEqual(idnps);
  });

  it('contain the identity document that each person carries', () => {
    for (const person of sandboxPeople) {
      expect(documents[person.idnp]).toContainEqual(
        expect.objectContaining({
          series: person.documentNumber.slice(0, 2),
          number: person.documentNumber.slice(2),
          issue_date: person.documentIssued,
          expiry_date: person.documentExpires,
        }),
      );
    }
  });

  it('use every Romanian letter, in its right form, and Cyrillic', () => {
    for (const letter of 'ăâîșțĂÂÎȘȚ') {
      // Capitals do not all begin a word somewhere.
      expect(everything.toLowerCase()).toContain(letter.toLowerCase());
    }
    expect(everything).toMatch(/[А-я]/);
    expect(everything).not.toMatch(/[şţŞŢ]/);
    expect(everything.normalize('NFC')).toBe(everything);
  });

  it('have something to look at: expired, lost, two addresses, no VIN, nothing at all', () => {
    const statuses = Object.values(documents).flatMap((items) => items.map(({ status }) => status));
    expect(new Set(statuses).size).toBeGreaterThanOrEqual(7);
    expect(Object.values(domicile).filter((items) => items.length === 2)).toHaveLength(2);
    expect(
      Object.values(vehicles)
        .flat()
        .filter(({ vin }) => vin === null),
    ).toHaveLength(3);
    expect(Object.values(vehicles)).toContainEqual([]);
  });
});
