import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createSandboxCard,
  parseSandboxSpec,
  sandboxCardNames,
  sandboxVariants,
  trainingPins,
} from '../../../electron/sandbox/cards/index.ts';
import { ion, natalia, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { chainFault } from '../../rig/judges/openssl.ts';
import { needs } from '../../run/needs.ts';
import { freshCard, hex, sandboxAuthority } from './desk.ts';

const certificate = (der: Uint8Array | undefined): X509Certificate => new X509Certificate(der ?? '');

describe('the names of cards and variants', () => {
  it('are these', () => {
    expect(sandboxCardNames).toEqual(['eid', '2025', 'esteid2018']);
    expect(sandboxVariants).toEqual([
      ...['normal', 'blocked', 'pin1-blocked', 'pin2-blocked', 'last-try', 'change-first'],
      ...['expired', 'not-yet-valid', 'suspended', 'revoked', 'no-certificate', 'puk-blocked'],
    ]);
  });

  it('are read from CARD[:VARIANT]', () => {
    expect(parseSandboxSpec('')).toEqual({ card: 'eid', variant: 'normal' });
    expect(parseSandboxSpec('2025')).toEqual({ card: '2025', variant: 'normal' });
    expect(parseSandboxSpec('esteid2018:last-try')).toEqual({ card: 'esteid2018', variant: 'last-try' });
    expect(parseSandboxSpec(':expired')).toEqual({ card: 'eid', variant: 'expired' });
    expect(parseSandboxSpec('eid:suspended')).toEqual({ card: 'eid', variant: 'suspended' });
    for (const wrong of [
      'passport',
      'eid:lost',
      'eid:',
      'eid:expired:blocked',
      'EID',
      '2025 ',
      ':',
      'toString',
    ]) {
      expect(parseSandboxSpec(wrong)).toBeUndefined();
    }
  });

  it('may end with a person, after the variant', () => {
    expect(parseSandboxSpec('eid:normal:ion')).toEqual({ card: 'eid', variant: 'normal', person: ion });
    expect(parseSandboxSpec('2025:natalia')).toEqual({ card: '2025', variant: 'normal', person: natalia });
    expect(parseSandboxSpec(':revoked:ion')).toEqual({ card: 'eid', variant: 'revoked', person: ion });
    for (const wrong of [
      'eid:ion:expired',
      'eid:nobody',
      'eid:ion:ion',
      'ion',
      'eid:Ion',
      'eid:2500000000021',
    ]) {
      expect(parseSandboxSpec(wrong)).toBeUndefined();
    }
    // A key that is also a variant could not be told from it.
    const keys: readonly string[] = sandboxPeople.map(({ key }) => key);
    expect(keys.filter((key) => (sandboxVariants as readonly string[]).includes(key))).toEqual([]);
  });

  it('and the public training PINs are these', () => {
    expect(trainingPins).toEqual({ PIN1: '4271', PIN2: '836145', PUK: '70318264' });
  });
});

describe('ATRs', () => {
  it.each([
    ['eid', '3B8F80018073F421E05953494D554C41544544CB'],
    ['2025', '3BDF96FF8131FE4580738421E0574D44415F415350810F87'],
    ['esteid2018', '3BDB960080B1FE451F830012233F536549440F9000F1'],
  ] as const)('%s', async (card, atr) => {
    const made = await freshCard({ card });
    expect(hex(made.atr)).toBe(atr);
    // TCK: the exclusive or of all bytes from T0 on is zero (ISO 7816-3 clause 8.2.5).
    expect(made.atr.subarray(1).reduce((sum, byte) => sum ^ byte, 0)).toBe(0);
  });
});

describe('certificates on the cards', () => {
  it.skipIf(!needs('openssl'))(
    'are two on the electronic identity card, for twelve months, accepted by openssl',
    async () => {
      const authority = await sandboxAuthority();
      const card = await freshCard({ card: 'eid', person: ion });
      for (const role of ['authentication', 'signature'] as const) {
        const found = certificate(card.certificates[role]);
        expect(found.subject).toContain('serialNumber=PNOMD-2500000000021');
        expect(found.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
        const months =
          (found.validToDate.getUTCFullYear() - found.validFromDate.getUTCFullYear()) * 12 +
          found.validToDate.getUTCMonth() -
          found.validFromDate.getUTCMonth();
        expect(months).toBe(12);
        const chain = { roots: [authority.root.pem], intermediates: [authority.issuing.pem] };
        expect(
          await chainFault({ ...chain, leaf: found.toString(), options: ['-x509_strict'] }),
        ).toBeUndefined();
      }
      expect(card.person).toBe(ion);
    },
  );

  it('is one on the identity card of 2025, for five years but not beyond the card', async () => {
    const now = new Date('2025-06-15T10:00:00Z');
    const authority = await SandboxAuthority.create({ now });
    // Ion's card lasts until 2031-09-02, Natalia's until 2030-06-18: only hers is too short for five years.
    const long = await createSandboxCard({ card: '2025', person: ion }, authority);
    const short = await createSandboxCard(
      { card: '2025', person: natalia, now: new Date('2026-06-15T10:00:00Z') },
      authority,
    );
    expect(Object.keys(long.certificates)).toEqual(['signature']);
    expect(certificate(long.certificates.signature).validToDate.toISOString()).toBe(
      '2030-05-15T10:00:00.000Z',
    );
    expect(certificate(short.certificates.signature).validToDate.toISOString()).toBe(
      '2030-06-18T23:59:59.000Z',
    );
    expect(certificate(long.certificates.signature).publicKey.asymmetricKeyDetails?.namedCurve).toBe(
      'secp384r1',
    );
  });

  it.each(['eid', '2025', 'esteid2018'] as const)(
    'are expired or not yet valid when asked: %s',
    async (name) => {
      const now = Date.now();
      const expired = certificate(
        (await freshCard({ card: name, variant: 'expired' })).certificates.signature,
      );
      expect(expired.validToDate.getTime()).toBeLessThan(now);
      const future = certificate(
        (await freshCard({ card: name, variant: 'not-yet-valid' })).certificates.signature,
      );
      expect(future.validFromDate.getTime()).toBeGreaterThan(now);
      expect(future.validToDate.getTime()).toBeGreaterThan(future.validFromDate.getTime());
    },
  );

  it('are suspended or revoked in the register when asked, all of them, and otherwise good', async () => {
    const authority = await sandboxAuthority();
    const states = async (variant: 'normal' | 'suspended' | 'revoked') => {
      const { certificates } = await freshCard({ card: 'eid', variant });
      return [certificates.authentication, certificates.signature].map((der) =>
        authority.register.status(certificate(der).serialNumber),
      );
    };
    expect(await states('normal')).toEqual([{ state: 'good' }, { state: 'good' }]);
    for (const status of await states('suspended')) expect(status).toMatchObject({ state: 'suspended' });
    for (const status of await states('revoked')) {
      expect(status).toMatchObject({ state: 'revoked', reason: 'keyCompromise' });
    }
    const [single] = Object.values((await freshCard({ card: '2025', variant: 'suspended' })).certificates);
    expect(authority.register.status(certificate(single).serialNumber)).toMatchObject({ state: 'suspended' });
  });

  it('carry the bare IDNP when asked', async () => {
    const card = await freshCard({ card: '2025', bareIdnp: true });
    expect(certificate(card.certificates.signature).subject).toContain('serialNumber=2500000000010');
  });

  it('belong to the key pairs handed in, which have to fit', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const card = await freshCard({ card: '2025', keyPairs: [pair] });
    expect(certificate(card.certificates.signature).publicKey.equals(pair.publicKey)).toBe(true);
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await expect(freshCard({ card: '2025', keyPairs: [p256] })).rejects.toThrow(RangeError);
    await expect(freshCard({ card: 'eid', keyPairs: [pair, pair] })).rejects.toThrow(RangeError);
  });

  it('are new for every card: keys are never shared between runs', async () => {
    const [one, two] = [await freshCard({ card: '2025' }), await freshCard({ card: '2025' })];
    const [keyOne, keyTwo] = [
      certificate(one.certificates.signature),
      certificate(two.certificates.signature),
    ];
    expect(keyOne.publicKey.equals(keyTwo.publicKey)).toBe(false);
  });
});
