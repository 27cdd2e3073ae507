import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { moldovanCardLikeness } from '../../../../electron/engine/card/atr.ts';
import type { CardChannel } from '../../../../electron/engine/card/channel.ts';
import { Iso7816 } from '../../../../electron/engine/card/iso7816.ts';
import { readCertificates } from '../../../../electron/engine/card/pkcs15/certificate-reading.ts';
import {
  keyOfCertificate,
  pinOfKey,
  unblockerOfPin,
} from '../../../../electron/engine/card/pkcs15/consistency.ts';
import { discoverPkcs15 } from '../../../../electron/engine/card/pkcs15/discovery.ts';
import {
  createSandboxCard,
  type SandboxCard,
  type SandboxCardSpec,
} from '../../../../electron/sandbox/cards/index.ts';
import { SandboxAuthority } from '../../../../electron/sandbox/pki/authority.ts';
import { hexOf } from '../scripted-channel.ts';

/** The card itself in place of a reader, every command noted. */
function channelOf(card: SandboxCard): CardChannel & { readonly received: string[] } {
  const received: string[] = [];
  card.reset();
  return {
    readerName: 'In-process reader',
    simulated: true,
    atr: card.atr,
    received,
    gone: new Promise(() => {}),
    transmit: async (command) => {
      received.push(hexOf(command));
      return card.transmit(command);
    },
    transaction: (work) => work(),
    control: async () => new Uint8Array(0),
    attribute: async () => undefined,
    close: async () => {},
  };
}

let authority: SandboxAuthority;

beforeAll(async () => {
  authority = await SandboxAuthority.create();
});

async function read(spec: SandboxCardSpec) {
  const card = await createSandboxCard(spec, authority);
  const channel = channelOf(card);
  const iso = new Iso7816(channel);
  const description = await discoverPkcs15(iso);
  const forDescription = channel.received.length;
  const values = await readCertificates(iso, description);
  return { card, channel, description, values, forDescription, forAll: channel.received.length };
}

describe('the electronic identity card', () => {
  it('is read with 16 APDUs: two PINs, a PUK, two RSA keys, two certificates', async () => {
    const { card, description, values, forDescription, forAll } = await read({ card: 'eid' });
    expect([forDescription, forAll]).toEqual([12, 16]);
    expect(description.remarks).toEqual([]);
    expect(description.tokenInfo?.label).toMatch(/SIMULATED/);
    const [pin1, pin2, puk] = description.pins;
    expect(pin1).toMatchObject({
      label: 'PIN1',
      reference: 1,
      minLength: 4,
      storedLength: 8,
      padByte: 0xff,
      unblocks: false,
    });
    expect(pin2).toMatchObject({
      label: 'PIN2',
      reference: 2,
      minLength: 6,
      storedLength: 8,
      padByte: 0xff,
      unblocks: false,
    });
    expect(puk).toMatchObject({ reference: 3, unblocks: true });
    expect(pin1 && unblockerOfPin(description, pin1)).toBe(puk);
    expect(pin2 && unblockerOfPin(description, pin2)).toBe(puk);
    expect(values.map(({ der }) => der && hexOf(der))).toEqual(
      [card.certificates.authentication, card.certificates.signature].map((der) => der && hexOf(der)),
    );
    const keys = values.map(({ certificate }) => keyOfCertificate(description, certificate));
    expect(
      keys.map((key) => [key?.type, key?.modulusLength, key?.usage.nonRepudiation, key?.userConsent]),
    ).toEqual([
      ['rsa', 2048, false, undefined],
      ['rsa', 2048, true, 1],
    ]);
    expect(keys.map((key) => key && pinOfKey(description, key))).toEqual([pin1, pin2]);
  });

  it('costs no try and asks for nothing but files', async () => {
    const { card, channel } = await read({ card: 'eid' });
    expect(card.commandLog).toMatchObject({ verifications: 0, queries: 0, triesSpent: 0 });
    expect(channel.received.every((command) => /^00(?:A4|B0)/.test(command))).toBe(true);
  });

  it.each(['oseid', 'own'] as const)('reads the same with the face "%s" and over T=0', async (face) => {
    for (const transport of ['T=0', 'T=1'] as const) {
      const { card, description, values } = await read({ card: 'eid', face, transport });
      expect(description.remarks).toEqual([]);
      expect(description.keys.length).toBe(2);
      expect(values.map(({ der }) => der && hexOf(der))).toEqual(
        [card.certificates.authentication, card.certificates.signature].map((der) => der && hexOf(der)),
      );
    }
  });

  it('without certificates has keys and PINs all the same', async () => {
    const { description, values } = await read({ card: 'eid', variant: 'no-certificate' });
    expect(description.keys.length).toBe(2);
    expect(description.pins.length).toBe(3);
    expect(values.filter(({ der }) => der !== undefined)).toEqual([]);
  });
});

describe('the identity card of 2025', () => {
  it('is read with 14 APDUs: one PIN, a PUK, one P-384 key and its certificate', async () => {
    const { card, channel, description, values, forDescription, forAll } = await read({ card: '2025' });
    expect([forDescription, forAll]).toEqual([12, 14]);
    expect(moldovanCardLikeness(channel.atr)).toBe('contact');
    expect(description.remarks).toEqual([]);
    expect(description.pins.map(({ reference, unblocks }) => [reference, unblocks])).toEqual([
      [0x81, false],
      [0x83, true],
    ]);
    const [value] = values;
    expect(value?.der && hexOf(value.der)).toBe(
      card.certificates.signature && hexOf(card.certificates.signature),
    );
    const key = value && keyOfCertificate(description, value.certificate);
    expect(key).toMatchObject({ type: 'ec', fieldSize: 384, keyReference: 0x91, userConsent: 1 });
    expect(key && pinOfKey(description, key)).toBe(description.pins[0]);
    // The certificate says the same as the key's description.
    const { publicKey } = new X509Certificate(value?.der ?? new Uint8Array(0));
    expect(publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'secp384r1' });
  });
});
