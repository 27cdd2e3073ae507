import { createHash, X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type SandboxCard,
  type SandboxCardSpec,
  trainingPins,
} from '../../../electron/sandbox/cards/index.ts';
import type { ListedObject } from '../../rig/judges/opensc-listing.ts';
import { openscCardName } from '../../rig/judges/opensc-tool.ts';
import { verifiesDigest, verifiesMessage } from '../../rig/judges/openssl.ts';
import { listObjects, listSlots, type SignRequest, sign } from '../../rig/judges/pkcs11-tool.ts';
import {
  type CardPlace,
  changePin,
  listCertificates,
  listKeys,
  listPins,
  readCertificate,
  tokenInfo,
  unblockPin,
  verifyPin,
} from '../../rig/judges/pkcs15-tool.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { needs } from '../../run/needs.ts';
import { freshCard } from './desk.ts';

const message = Buffer.from('Un document de probă, Ștefan cel Mare 1');
const hash = (name: 'sha1' | 'sha256' | 'sha384' | 'sha512'): Buffer =>
  createHash(name).update(message).digest();
/** DigestInfo of SHA-256 (RFC 8017 clause 9.2, note 1). */
const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

const { PIN1, PIN2, PUK } = trainingPins;
const pem = (der: Uint8Array | undefined): string => new X509Certificate(der ?? '').toString();
const labels = (objects: readonly ListedObject[]): string[] => objects.map(({ label }) => label);
const field = (objects: readonly ListedObject[], name: string): (string | undefined)[] =>
  objects.map(({ fields }) => fields[name]);

describe.skipIf(!needs('rig') || !needs('opensc') || !needs('openssl'))(
  'OpenSC on the simulated cards',
  () => {
    let reader: VirtualReader;
    let pcscd: PrivatePcscd;

    beforeAll(async () => {
      reader = await VirtualReader.open();
      pcscd = await PrivatePcscd.start(reader);
    });
    afterAll(async () => {
      await pcscd?.dispose();
      await reader?.close();
    });
    afterEach(() => reader.remove());

    async function inserted(spec: SandboxCardSpec): Promise<SandboxCard> {
      const card = await freshCard(spec);
      reader.insert(card);
      await reader.whenSettled();
      return card;
    }
    const place = (): CardPlace => ({ pcscd, reader: reader.pcscName });
    const signWith = (
      request: Pick<SignRequest, 'pin' | 'id' | 'mechanism' | 'data' | 'slotIndex' | 'pssDigest'>,
    ) => sign({ pcscd, ...request });

    /** Wrong entries, lock, unblocking and change by pkcs15-tool; `tries` and APDU counts are the card's own. */
    async function walksThroughThePins(
      card: SandboxCard,
      pin: 'PIN1' | 'PIN2',
      authId: string,
    ): Promise<void> {
      const right = trainingPins[pin];
      const [wrong, next] = pin === 'PIN1' ? ['0000', '6953'] : ['000000', '957102'];
      const works = async (code: string): Promise<boolean> =>
        (await verifyPin(place(), authId, code)).exitCode === 0;

      for (const left of [2, 1, 0]) {
        const before = card.commandLog.verifications;
        expect(await works(wrong)).toBe(false);
        expect(card.tries(pin)).toBe(left);
        expect(card.commandLog.verifications - before).toBe(1);
      }
      expect(await works(right)).toBe(false);
      expect(card.commandLog.triesSpent).toBe(3);

      expect((await unblockPin(place(), authId, PUK, next)).exitCode).toBe(0);
      expect(card.tries(pin)).toBe(3);
      expect(await works(next)).toBe(true);
      expect((await changePin(place(), authId, next, right)).exitCode).toBe(0);
      expect(await works(right)).toBe(true);

      const pukTries = card.tries('PUK');
      expect((await unblockPin(place(), authId, '00000000', next)).exitCode).not.toBe(0);
      expect(card.tries('PUK')).toBe(pukTries - 1);
      expect(card.commandLog.triesSpent).toBe(4);
    }

    describe('the electronic identity card with its own face', () => {
      it('is listed: PINs, keys, certificates, what it says of itself', async () => {
        const card = await inserted({ card: 'eid' });
        expect(await tokenInfo(place())).toMatch(
          /SIMULATED Buletin[\s\S]*Manufacturer ID\s*: Buletin sandbox/,
        );
        const pins = await listPins(place());
        expect(labels(pins)).toEqual(['PIN1', 'PIN2', 'PUK']);
        expect(field(pins, 'Length')).toEqual([
          'min_len:4, max_len:4, stored_len:8',
          'min_len:6, max_len:6, stored_len:8',
          'min_len:8, max_len:8, stored_len:8',
        ]);
        expect(field(pins, 'Flags')).toEqual([
          '[0x33], case-sensitive, local, initialized, needs-padding',
          '[0x33], case-sensitive, local, initialized, needs-padding',
          '[0x73], case-sensitive, local, initialized, needs-padding, unblockingPin',
        ]);
        expect(field(pins, 'Auth ID')).toEqual(['03', '03', undefined]);
        const keys = await listKeys(place());
        expect(labels(keys)).toEqual(['Autentificare', 'Semnătură']);
        expect(field(keys, 'Usage')).toEqual(['[0x04], sign', '[0x200], nonRepudiation']);
        expect(field(keys, 'Auth ID')).toEqual(['01', '02']);
        expect(field(keys, 'ModLength')).toEqual(['2048', '2048']);
        expect(labels(await listCertificates(place()))).toEqual([
          'Autentificare (SIMULATED)',
          'Semnătură (SIMULATED)',
        ]);
        const certificate = new X509Certificate(await readCertificate(place(), '02'));
        expect(certificate.raw.equals(card.certificates.signature ?? Buffer.alloc(0))).toBe(true);
        expect(card.commandLog).toMatchObject({ verifications: 0, triesSpent: 0 });
      });

      it('shows transport PINs as not initialized', async () => {
        await inserted({ card: 'eid', variant: 'change-first' });
        expect(field(await listPins(place()), 'Flags').slice(0, 2)).toEqual([
          '[0x23], case-sensitive, local, needs-padding',
          '[0x23], case-sensitive, local, needs-padding',
        ]);
      });

      it('is listed without certificates', async () => {
        await inserted({ card: 'eid', variant: 'no-certificate' });
        expect(await listCertificates(place())).toEqual([]);
        expect(labels(await listKeys(place()))).toEqual(['Autentificare', 'Semnătură']);
      });
    });

    describe('the identity card of 2025 with its own face', () => {
      it('is listed: one PIN and the PUK, one P-384 key, one certificate', async () => {
        const card = await inserted({ card: '2025' });
        const pins = await listPins(place());
        expect(labels(pins)).toEqual(['PIN2', 'PUK']);
        expect(field(pins, 'Reference')).toEqual(['129 (0x81)', '131 (0x83)']);
        const keys = await listKeys(place());
        expect(keys.map(({ kind }) => kind)).toEqual(['Private EC Key']);
        expect(field(keys, 'FieldLength')).toEqual(['384']);
        expect(field(keys, 'Usage')).toEqual(['[0x200], nonRepudiation']);
        expect(labels(await listCertificates(place()))).toEqual(['Semnătură calificată (SIMULATED)']);
        const certificate = new X509Certificate(await readCertificate(place(), '01'));
        expect(certificate.raw.equals(card.certificates.signature ?? Buffer.alloc(0))).toBe(true);
        expect((await verifyPin(place(), '02', PIN2)).exitCode).toBe(0);
      });
    });

    describe('the electronic identity card with the OsEID face', () => {
      it('is claimed by the myeid driver and gives one token for each PIN', async () => {
        await inserted({ card: 'eid', face: 'oseid' });
        expect(await openscCardName(pcscd, reader.pcscName)).toBe('OsEID 4.0.1');
        const slots = await listSlots({ pcscd });
        expect(slots).toContain('SIMULATED Buletin (PIN1)');
        expect(slots).toContain('SIMULATED Buletin (PIN2)');
        expect(slots).not.toContain('(PUK)');
        const objects = await listObjects({ pcscd, slotIndex: 1 }, PIN2);
        expect(objects.map(({ kind }) => kind)).toContain('Private Key Object; RSA');
      });

      const keys = [
        { pin: PIN1, id: '01', slotIndex: 0, role: 'authentication' },
        { pin: PIN2, id: '02', slotIndex: 1, role: 'signature' },
      ] as const;

      it.each(keys)('signs by every RSA mechanism with the $role key', async ({ role, ...key }) => {
        const card = await inserted({ card: 'eid', face: 'oseid' });
        const signer = pem(card.certificates[role]);

        for (const digest of ['sha1', 'sha256', 'sha384', 'sha512'] as const) {
          const mechanism = `${digest.toUpperCase()}-RSA-PKCS`;
          const signature = await signWith({ ...key, mechanism, data: message });
          expect(await verifiesMessage({ signer, digest, signature }, message)).toBe(true);
        }
        const info = Buffer.concat([sha256Info, hash('sha256')]);
        const signature = await signWith({ ...key, mechanism: 'RSA-PKCS', data: info });
        expect(await verifiesMessage({ signer, digest: 'sha256', signature }, message)).toBe(true);

        const request = { ...key, mechanism: 'RSA-PKCS-PSS', pssDigest: 'SHA256', data: hash('sha256') };
        const pss = { signer, digest: 'sha256', padding: 'pss', signature: await signWith(request) } as const;
        expect(await verifiesDigest(pss, hash('sha256'))).toBe(true);
        const mixed = await signWith({ ...key, mechanism: 'SHA384-RSA-PKCS-PSS', data: message });
        expect(
          await verifiesMessage({ signer, digest: 'sha384', padding: 'pss', signature: mixed }, message),
        ).toBe(true);
        expect(card.commandLog.triesSpent).toBe(0);
      });

      it('refuses to sign with the wrong PIN, which costs one try', async () => {
        const card = await inserted({ card: 'eid', face: 'oseid' });
        const request = { ...keys[0], pin: '0000', mechanism: 'SHA256-RSA-PKCS', data: message };
        await expect(signWith(request)).rejects.toThrow(/CKR_PIN_INCORRECT/);
        expect([card.tries('PIN1'), card.tries('PIN2')]).toEqual([2, 3]);
      });

      it('counts, locks, unblocks and changes PIN1', async () => {
        await walksThroughThePins(await inserted({ card: 'eid', face: 'oseid' }), 'PIN1', '01');
      });

      it('counts, locks, unblocks and changes PIN2', async () => {
        await walksThroughThePins(await inserted({ card: 'eid', face: 'oseid' }), 'PIN2', '02');
      });
    });

    describe('the identity card of 2025 with the OsEID face', () => {
      it('signs by ECDSA with the one key', async () => {
        const card = await inserted({ card: '2025', face: 'oseid' });
        const signer = pem(card.certificates.signature);
        const key = { pin: PIN2, id: '01', slotIndex: 0 };
        for (const digest of ['sha1', 'sha256', 'sha384'] as const) {
          const mechanism = `ECDSA-${digest.toUpperCase()}`;
          const signature = await signWith({ ...key, mechanism, data: message });
          expect(await verifiesMessage({ signer, digest, signature }, message)).toBe(true);
        }
        const raw = await signWith({ ...key, mechanism: 'ECDSA', data: hash('sha384') });
        expect(await verifiesDigest({ signer, digest: 'sha384', signature: raw }, hash('sha384'))).toBe(true);
      });

      it('counts, locks, unblocks and changes its PIN', async () => {
        await walksThroughThePins(await inserted({ card: '2025', face: 'oseid' }), 'PIN2', '02');
      });
    });

    describe('the EstEID of 2018', () => {
      it('is claimed by its own driver and listed', async () => {
        const card = await inserted({ card: 'esteid2018' });
        expect(await openscCardName(pcscd, reader.pcscName)).toBe('EstEID 2018');
        const pins = await listPins(place());
        expect(labels(pins)).toEqual(['PIN1', 'PIN2', 'PUK']);
        expect(field(pins, 'Reference')).toEqual(['1 (0x01)', '133 (0x85)', '2 (0x02)']);
        const objects = await listObjects({ pcscd, slotIndex: 0 }, PIN1);
        expect(objects.map(({ kind }) => kind)).toContain('Certificate Object; type = X.509 cert');
        const certificate = new X509Certificate(await readCertificate(place(), '01'));
        expect(certificate.raw.equals(card.certificates.authentication ?? Buffer.alloc(0))).toBe(true);
      });

      it.each([
        { pin: PIN1, id: '01', slotIndex: 0, role: 'authentication' },
        { pin: PIN2, id: '02', slotIndex: 1, role: 'signature' },
      ] as const)('signs with the $role key', async ({ role, ...key }) => {
        const card = await inserted({ card: 'esteid2018' });
        const signer = pem(card.certificates[role]);
        for (const digest of ['sha256', 'sha384'] as const) {
          const mechanism = `ECDSA-${digest.toUpperCase()}`;
          const signature = await signWith({ ...key, mechanism, data: message });
          expect(await verifiesMessage({ signer, digest, signature }, message)).toBe(true);
        }
        const raw = await signWith({ ...key, mechanism: 'ECDSA', data: hash('sha384') });
        expect(await verifiesDigest({ signer, digest: 'sha384', signature: raw }, hash('sha384'))).toBe(true);
        expect(card.commandLog.triesSpent).toBe(0);
      });

      it('tells the tries left of PIN1 as the card counts them', async () => {
        const card = await inserted({ card: 'esteid2018' });
        await verifyPin(place(), '01', '0000');
        expect(card.tries('PIN1')).toBe(2);
        expect((await listPins(place()))[0]?.fields['Tries left']).toBe('2');
      });

      it('counts, locks, unblocks and changes PIN1', async () => {
        await walksThroughThePins(await inserted({ card: 'esteid2018' }), 'PIN1', '01');
      });

      it('counts, locks, unblocks and changes PIN2', async () => {
        await walksThroughThePins(await inserted({ card: 'esteid2018' }), 'PIN2', '02');
      });

      it('changes a transport PIN before anything else', async () => {
        const card = await inserted({ card: 'esteid2018', variant: 'change-first' });
        expect((await verifyPin(place(), '02', PIN2)).exitCode).not.toBe(0);
        expect((await changePin(place(), '02', PIN2, '957102')).exitCode).toBe(0);
        expect((await verifyPin(place(), '02', '957102')).exitCode).toBe(0);
        expect(card.commandLog.triesSpent).toBe(0);
      });
    });
  },
);
