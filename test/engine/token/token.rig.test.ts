import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import type { IdentityToken } from '../../../electron/engine/token/identity-token.ts';
import { type OpenTokenOptions, openToken } from '../../../electron/engine/token/open-token.ts';
import type { SandboxCard, SandboxCardSpec } from '../../../electron/sandbox/cards/index.ts';
import { openscSend } from '../../rig/judges/opensc-tool.ts';
import { verifiesDigest } from '../../rig/judges/openssl.ts';
import { sign as signWithOpensc } from '../../rig/judges/pkcs11-tool.ts';
import { verifyPin } from '../../rig/judges/pkcs15-tool.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { needs } from '../../run/needs.ts';
import { bytes, failureOf, hexOf } from '../card/scripted-channel.ts';
import { code, freshCard, idOf, pins } from './desk.ts';

/** The token on a real PC/SC service, with OpenSC and openssl as the other side. */
describe.skipIf(!needs('pcscd') || !needs('opensc') || !needs('openssl'))('a token over a real pcscd', () => {
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let service: PcscReaderService;

  beforeAll(async () => {
    reader = await VirtualReader.open();
    pcscd = await PrivatePcscd.start(reader);
    Object.assign(process.env, pcscd.environment);
    service = new PcscReaderService();
    await service.start();
  });
  afterAll(async () => {
    await service?.close();
    await pcscd?.dispose();
    await reader?.close();
  });
  afterEach(() => {
    reader.onApdu = undefined;
    reader.remove();
  });

  async function inserted(spec: SandboxCardSpec): Promise<SandboxCard> {
    const card = await freshCard(spec);
    reader.insert(card);
    await reader.whenSettled();
    return card;
  }
  const open = async (options?: OpenTokenOptions): Promise<IdentityToken> =>
    openToken(await service.connect(reader.pcscName), options);

  const message = Buffer.from('Un document de probă');
  const digestOf = (name: 'sha256' | 'sha384'): Buffer => createHash(name).update(message).digest();
  /** ECDSA-Sig-Value from r‖s, for openssl. */
  const derOf = (signature: Uint8Array): Uint8Array => {
    const integer = (part: Uint8Array): string => {
      const plain = hexOf(part).replace(/^(?:00)+(?=..)/, '');
      const positive = Number.parseInt(plain.slice(0, 2), 16) >= 0x80 ? `00${plain}` : plain;
      return `02${(positive.length / 2).toString(16).padStart(2, '0')}${positive}`;
    };
    const half = signature.length / 2;
    const content = integer(signature.subarray(0, half)) + integer(signature.subarray(half));
    return bytes(`30${(content.length / 2).toString(16).padStart(2, '0')}${content}`);
  };

  it('signs with RSA what openssl accepts; OpenSC finds the PIN forgotten and the changed PIN right', async () => {
    const card = await inserted({ card: 'eid', face: 'oseid' });
    const token = await open();
    expect(token.certificates.map(({ pin }) => pin)).toEqual(['PIN1', 'PIN2']);
    for (const role of ['authentication', 'signature'] as const) {
      const certificate = token.certificates.find((candidate) => candidate.role === role);
      const pin = role === 'authentication' ? pins.PIN1 : pins.PIN2;
      const signature = await token.sign(
        certificate?.id ?? '',
        { kind: 'rsa-pkcs1', hash: 'SHA-256' },
        digestOf('sha256'),
        code(pin),
      );
      const signer = certificate?.x509.toString() ?? '';
      expect(await verifiesDigest({ signer, digest: 'sha256', signature }, digestOf('sha256'))).toBe(true);
    }
    await token.change('PIN1', code(pins.PIN1), code('9053'));
    expect((await verifyPin({ pcscd, reader: reader.pcscName }, '01', '9053')).exitCode).toBe(0);
    // A try that another program spends is seen by the token.
    expect((await verifyPin({ pcscd, reader: reader.pcscName }, '02', '111222')).exitCode).not.toBe(0);
    const again = await open();
    expect((await again.pins()).map(({ tries }) => tries)).toEqual([3, 2, 10]);
    await again.close();
    expect(card.commandLog.triesSpent).toBe(1);
  });

  it('signs with an EstEID what openssl accepts, and OpenSC signs with the PIN it set', async () => {
    await inserted({ card: 'esteid2018' });
    const token = await open();
    const certificate = token.certificates.find(({ role }) => role === 'signature');
    const signer = certificate?.x509.toString() ?? '';
    const digest = digestOf('sha384');
    await token.unblock('PIN2', code(pins.PUK), code('905317'));
    const ours = await token.sign(
      certificate?.id ?? '',
      { kind: 'ecdsa', hash: 'SHA-384' },
      digest,
      code('905317'),
    );
    expect(await verifiesDigest({ signer, digest: 'sha384', signature: derOf(ours) }, digest)).toBe(true);
    await token.close();
    const theirs = await signWithOpensc({
      pcscd,
      pin: '905317',
      id: '02',
      mechanism: 'ECDSA',
      data: digest,
      slotIndex: 1,
    });
    expect(await verifiesDigest({ signer, digest: 'sha384', signature: theirs }, digest)).toBe(true);
  });

  it.each([
    ['by its log-out', undefined],
    ['by a reset', { profiles: [] }],
  ] as const)('leaves nothing verified for opensc-tool (%s), and goes on', async (_, options) => {
    const card = await inserted({ card: '2025' });
    const token = await open(options);
    await token.verify('PIN2', code(pins.PIN2));
    const answers = await openscSend(pcscd, reader.pcscName, [
      bytes('00A4080C 02 5015'),
      bytes('002241B6 06 800104 840191'),
      bytes(`002A9E9A 30 ${'5A'.repeat(48)} 00`),
    ]);
    expect(answers.map((answer) => hexOf(answer.subarray(-2)))).toEqual(['9000', '9000', '6982']);
    // opensc-tool resets the card when it goes: the token must be read again, and is not given a PIN before.
    const failure = await token.verify('PIN2', code(pins.PIN2)).then(
      () => undefined,
      (thrown: { code: string }) => thrown.code,
    );
    expect([undefined, 'card-changed']).toContain(failure);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('uses the same token again after ending transactions with a reset', async () => {
    const card = await inserted({ card: '2025' });
    const token = await open({ profiles: [] });
    const algorithm = { kind: 'ecdsa', hash: 'SHA-384' } as const;
    for (let round = 0; round < 3; round += 1) {
      const signature = await token.sign(
        idOf(token, 'signature'),
        algorithm,
        digestOf('sha384'),
        code(pins.PIN2),
      );
      expect(signature.length).toBe(96);
    }
    expect(card.commandLog).toMatchObject({ verifications: 3, triesSpent: 0 });
  });

  it.each(['before', 'during'] as const)(
    'names what happened when the card is pulled %s any command of a signature',
    async (pull) => {
      const card = await inserted({ card: 'esteid2018' });
      const run = (token: IdentityToken) =>
        token.sign(
          idOf(token, 'signature'),
          { kind: 'ecdsa', hash: 'SHA-384' },
          digestOf('sha384'),
          code(pins.PIN2),
        );
      // SELECT, counter, MSE, VERIFY, COMPUTE SIGNATURE; the sixth is the log-out.
      const outcomes = [
        'card-removed',
        'card-removed',
        'card-removed',
        'pin-outcome-unknown',
        'card-removed',
      ];
      for (const [at, expected] of outcomes.entries()) {
        reader.onApdu = undefined;
        if (reader.card === null) reader.insert(card);
        await reader.whenSettled();
        const token = await open();
        reader.resetApduCount();
        reader.onApdu = (index) => (index === at ? { pull } : undefined);
        expect([at, (await failureOf(run(token))).code]).toEqual([at, expected]);
        expect(card.tries('PIN2')).toBe(3);
        await token.close();
      }
      reader.onApdu = undefined;
      reader.insert(card);
      await reader.whenSettled();
      expect((await run(await open())).length).toBe(96);
      expect(card.commandLog.triesSpent).toBe(0);
    },
  );
});
