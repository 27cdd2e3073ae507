import { constants, createVerify, verify as verifySignature } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SignatureAlgorithm } from '../../../electron/engine/token/identity-token.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, idOf, openFresh, pins } from './desk.ts';

const named = { PIN1: pins.PIN1, PIN2: pins.PIN2 } as const;

describe('reading', () => {
  it('shows the electronic identity card with two certificates and their PINs', async () => {
    const { token, channel, card } = await openFresh({ card: 'eid' });
    expect(token.source).toBe('pkcs15');
    expect(token.simulated).toBe(true);
    expect(token.label).toContain('SIMULATED');
    expect(token.serial).toMatch(/^[0-9a-f]{16}$/);
    expect(
      token.certificates.map(({ id, role, label, pin, hasKey }) => ({ id, role, label, pin, hasKey })),
    ).toEqual([
      { id: '01', role: 'authentication', label: 'Autentificare (SIMULATED)', pin: 'PIN1', hasKey: true },
      { id: '02', role: 'signature', label: 'Semnătură (SIMULATED)', pin: 'PIN2', hasKey: true },
    ]);
    expect(channel.seen.length).toBeLessThanOrEqual(16);
    expect(card.commandLog).toMatchObject({ verifications: 0, queries: 0, changes: 0, unblockings: 0 });
    expect(await token.pins()).toEqual([
      { name: 'PIN1', role: 'authentication', length: { min: 4, max: 4 }, tries: 3, changeFirst: false },
      { name: 'PIN2', role: 'signature', length: { min: 6, max: 6 }, tries: 3, changeFirst: false },
      { name: 'PUK', role: 'unblock', length: { min: 8, max: 8 }, tries: 10, changeFirst: false },
    ]);
    expect(card.commandLog).toMatchObject({ verifications: 0, triesSpent: 0 });
  });

  it('shows the identity card of 2025 with one certificate, whose PIN is PIN2', async () => {
    const { token, channel } = await openFresh({ card: '2025' });
    expect(token.source).toBe('pkcs15');
    expect(token.certificates.map(({ role, pin }) => [role, pin])).toEqual([['signature', 'PIN2']]);
    expect((await token.pins()).map(({ name }) => name)).toEqual(['PIN2', 'PUK']);
    expect(channel.seen.length).toBeLessThanOrEqual(18);
    const failure = await failureOf(token.verify('PIN1', code('4271')));
    expect(failure.code).toBe('pin-unknown-name');
  });

  it('knows the certificates of the EstEID card after at most 14 APDUs', async () => {
    const { token, channel, card } = await openFresh({ card: 'esteid2018' });
    expect(channel.seen.length).toBeLessThanOrEqual(14);
    expect(token.source).toBe('profile:esteid2018');
    expect(token.simulated).toBe(true);
    expect(token.serial).toMatch(/^SIM\d{6}$/);
    expect(token.certificates.map(({ role, pin }) => [role, pin])).toEqual([
      ['authentication', 'PIN1'],
      ['signature', 'PIN2'],
    ]);
    expect(token.certificates.map(({ der }) => Buffer.from(der).toString('hex'))).toEqual(
      [card.certificates.authentication, card.certificates.signature].map((der) =>
        Buffer.from(der ?? []).toString('hex'),
      ),
    );
    expect(await token.pins()).toEqual([
      { name: 'PIN1', role: 'authentication', length: { min: 4, max: 12 }, tries: 3, changeFirst: false },
      { name: 'PIN2', role: 'signature', length: { min: 5, max: 12 }, tries: 3, changeFirst: false },
      { name: 'PUK', role: 'unblock', length: { min: 8, max: 12 }, tries: 3, changeFirst: false },
    ]);
    // The counters were read without VERIFY.
    expect(card.commandLog).toMatchObject({ verifications: 0, queries: 0 });
  });

  it.each(['eid', '2025', 'esteid2018'] as const)(
    'is one transaction of SELECT and READ BINARY (%s)',
    async (card) => {
      const { channel } = await openFresh({ card });
      expect(channel.marks.at(0)).toBe('begin');
      expect(channel.marks.at(-1)).toBe('end');
      expect(channel.marks.filter((mark) => !/^00(?:A4|B0)/.test(mark))).toEqual(['begin', 'end']);
    },
  );

  it.each([
    ['eid', 2],
    ['2025', 1],
    ['esteid2018', 2],
  ] as const)('works without certificates, with PINs named all the same (%s)', async (card, count) => {
    const { token } = await openFresh({ card, variant: 'no-certificate' });
    expect(token.certificates).toEqual([]);
    const holderPins = (await token.pins()).filter(({ name }) => name !== 'PUK');
    expect(holderPins.map(({ name }) => name)).toEqual(count === 2 ? ['PIN1', 'PIN2'] : ['PIN2']);
    await token.verify('PIN2', code(pins.PIN2));
    const failure = await failureOf(
      token.sign('01', { kind: 'ecdsa', hash: 'SHA-384' }, digestOf('SHA-384'), code(pins.PIN2)),
    );
    expect(failure.code).toBe('card-no-such-key');
  });

  it.each(['T=0', 'T=1'] as const)('and signing work over %s', async (transport) => {
    for (const card of ['2025', 'esteid2018'] as const) {
      const { token } = await openFresh({ card, transport });
      const id = idOf(token, 'signature');
      const signature = await token.sign(
        id,
        { kind: 'ecdsa', hash: 'SHA-384' },
        digestOf('SHA-384'),
        code(pins.PIN2),
      );
      expect(signature.length).toBe(96);
    }
  });
});

describe('signing', () => {
  const algorithms = (kind: SignatureAlgorithm['kind']): SignatureAlgorithm[] =>
    (['SHA-256', 'SHA-384', 'SHA-512'] as const).map((hash) => ({ kind, hash }));
  const hashName = (hash: SignatureAlgorithm['hash']): string => hash.replace('-', '').toLowerCase();

  it('makes RSA signatures that OpenSSL verifies, PKCS#1 and PSS, with at most 8 APDUs', async () => {
    const { token, channel, card } = await openFresh({ card: 'eid' });
    for (const { id, pin, x509 } of token.certificates) {
      expect(token.algorithms(id)).toEqual([...algorithms('rsa-pkcs1'), ...algorithms('rsa-pss')]);
      for (const algorithm of token.algorithms(id)) {
        channel.take();
        const signature = await token.sign(
          id,
          algorithm,
          digestOf(algorithm.hash),
          code(named[pin as 'PIN1']),
        );
        expect(channel.seen.length).toBeLessThanOrEqual(8);
        const verifier = createVerify(hashName(algorithm.hash)).update('message');
        const padding =
          algorithm.kind === 'rsa-pss' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
        const saltLength = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 }[algorithm.hash];
        const key = {
          key: x509.publicKey,
          padding,
          ...(algorithm.kind === 'rsa-pss' ? { saltLength } : {}),
        };
        expect(verifier.verify(key, signature)).toBe(true);
      }
    }
    expect(card.commandLog).toMatchObject({ verifications: 12, triesSpent: 0 });
  });

  it.each(['2025', 'esteid2018'] as const)(
    'makes ECDSA signatures that OpenSSL verifies, with at most 8 APDUs (%s)',
    async (card) => {
      const { token, channel } = await openFresh({ card });
      for (const { id, pin, x509 } of token.certificates) {
        // P-384: the hash of the same length is the best.
        expect(token.algorithms(id).map(({ hash }) => hash)).toEqual(['SHA-384', 'SHA-256', 'SHA-512']);
        for (const algorithm of token.algorithms(id)) {
          channel.take();
          const signature = await token.sign(
            id,
            algorithm,
            digestOf(algorithm.hash),
            code(named[pin as 'PIN1']),
          );
          expect(channel.seen.length).toBeLessThanOrEqual(8);
          expect(signature.length).toBe(96);
          const key = { key: x509.publicKey, dsaEncoding: 'ieee-p1363' } as const;
          expect(verifySignature(hashName(algorithm.hash), Buffer.from('message'), key, signature)).toBe(
            true,
          );
        }
      }
    },
  );

  it('takes the DER that some cards answer and returns r‖s', async () => {
    const { token } = await openFresh({ card: '2025', face: 'oseid' });
    const [certificate] = token.certificates;
    const signature = await token.sign(
      certificate?.id ?? '',
      { kind: 'ecdsa', hash: 'SHA-384' },
      digestOf('SHA-384'),
      code(pins.PIN2),
    );
    expect(signature.length).toBe(96);
  });

  it('refuses what cannot be signed before anything is sent', async () => {
    const { token, channel } = await openFresh({ card: '2025' });
    const id = idOf(token, 'signature');
    channel.take();
    const sign = (algorithm: SignatureAlgorithm, digest: Uint8Array, key = id) =>
      failureOf(token.sign(key, algorithm, digest, code(pins.PIN2)));
    const sha384 = { kind: 'ecdsa', hash: 'SHA-384' } as const;
    expect((await sign(sha384, digestOf('SHA-256'))).code).toBe('digest-length');
    expect((await sign(sha384, new Uint8Array(0))).code).toBe('digest-length');
    expect((await sign({ kind: 'rsa-pkcs1', hash: 'SHA-256' }, digestOf('SHA-256'))).code).toBe(
      'algorithm-unsupported',
    );
    expect((await sign(sha384, digestOf('SHA-384'), 'ff')).code).toBe('card-no-such-key');
    expect(channel.seen).toEqual([]);
  });
});
