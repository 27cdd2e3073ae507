import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModuleHost } from '../../../electron/engine/modules/module-host.ts';
import type { IdentityToken, SignatureAlgorithm } from '../../../electron/engine/token/identity-token.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { verifiesDigest } from '../../rig/judges/openssl.ts';
import { sign as signWithOpensc } from '../../rig/judges/pkcs11-tool.ts';
import { SoftHsm } from '../../rig/softhsm.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf, idOf } from '../token/desk.ts';
import { cardsIn, ecdsaDer, ModuleDesk, openCard } from './module-desk.ts';

// RSA-4096 keys are made, and programs started by the dozen.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** SoftHSM as the module; openssl and pkcs11-tool judge. */
describe.skipIf(!needs('module-host') || !needs('softhsm') || !needs('opensc') || !needs('openssl'))(
  'cards of SoftHSM',
  () => {
    const pin = '824193';
    const puk = '51739264';
    const desk = new ModuleDesk();
    let hsm: SoftHsm;
    let host: ModuleHost;

    beforeAll(async () => {
      const authority = await SandboxAuthority.create();
      hsm = new SoftHsm();
      await hsm.addToken(
        'rsa',
        { pin, puk },
        [
          { id: '0a', shape: 'RSA-2048', role: 'authentication' },
          { id: '0b', shape: 'RSA-4096', role: 'signature' },
        ],
        authority,
      );
      await hsm.addToken(
        'ec',
        { pin, puk },
        [
          { id: '0a', shape: 'P-256', role: 'authentication' },
          { id: '0b', shape: 'P-384', role: 'signature' },
        ],
        authority,
      );
      await hsm.addToken(
        'qualified',
        { pin, puk },
        [{ id: '01', shape: 'P-256', role: 'signature' }],
        authority,
      );
      await hsm.addToken('bare', { pin, puk }, [], authority);
      host = desk.host({ path: hsm.module }, { environment: hsm.environment });
    });
    afterAll(async () => {
      await desk.close();
      hsm?.dispose();
    });

    it('are one for each token; one PIN guards both keys', async () => {
      const cards = await cardsIn(host);
      expect(cards.map(({ tokens }) => tokens.map(({ token }) => token.label)).sort()).toEqual([
        ['bare'],
        ['ec'],
        ['qualified'],
        ['rsa'],
      ]);
      const token = await openCard(host, 'rsa');
      expect(token).toMatchObject({ source: 'pkcs11:libsofthsm2.so', label: 'rsa', simulated: true });
      expect(token.certificates.map(({ id, role, pin, hasKey }) => [id, role, pin, hasKey]).sort()).toEqual([
        ['0a', 'authentication', 'PIN1', true],
        ['0b', 'signature', 'PIN1', true],
      ]);
      expect(await token.pins()).toEqual([
        {
          name: 'PIN1',
          role: 'authentication',
          length: { min: 4, max: 255 },
          tries: 'unknown',
          changeFirst: false,
        },
      ]);
    });

    it('have PIN2 when their only key is the signature key', async () => {
      const token = await openCard(host, 'qualified');
      expect((await token.pins()).map(({ name, role }) => [name, role])).toEqual([['PIN2', 'signature']]);
      expect((await failureOf(token.verify('PIN1', code(pin)))).code).toBe('pin-unknown-name');
      await token.verify('PIN2', code(pin));
    });

    const openssl = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const;
    const accepted = (
      token: IdentityToken,
      id: string,
      { kind, hash }: SignatureAlgorithm,
      digest: Uint8Array,
      signature: Uint8Array,
    ): Promise<boolean> => {
      const signer = token.certificates.find((one) => one.id === id)?.x509.toString() ?? '';
      const claim = {
        signer,
        digest: openssl[hash],
        signature: kind === 'ecdsa' ? ecdsaDer(signature) : signature,
      };
      return verifiesDigest(kind === 'rsa-pss' ? { ...claim, padding: 'pss' } : claim, digest);
    };

    it.each([
      ['rsa', 'authentication', 256, 6],
      ['rsa', 'signature', 512, 6],
      ['ec', 'authentication', 64, 3],
      ['ec', 'signature', 96, 3],
    ] as const)(
      'sign with every algorithm what openssl accepts: %s, %s',
      async (label, role, length, ways) => {
        const token = await openCard(host, label);
        const id = idOf(token, role);
        const algorithms = token.algorithms(id);
        expect(algorithms).toHaveLength(ways);
        for (const algorithm of algorithms) {
          const digest = digestOf(algorithm.hash);
          const signature = await token.sign(id, algorithm, digest, code(pin));
          expect(signature).toHaveLength(length);
          expect([algorithm, await accepted(token, id, algorithm, digest, signature)]).toEqual([
            algorithm,
            true,
          ]);
          expect(await accepted(token, id, algorithm, digestOf(algorithm.hash, 'other'), signature)).toBe(
            false,
          );
        }
      },
    );

    it('refuse what no key of theirs does, before the PIN', async () => {
      const token = await openCard(host, 'ec');
      const rsa = { kind: 'rsa-pkcs1', hash: 'SHA-256' } as const;
      const ecdsa = { kind: 'ecdsa', hash: 'SHA-256' } as const;
      const id = idOf(token, 'authentication');
      const spoilt = code('0000');
      expect((await failureOf(token.sign(id, rsa, digestOf('SHA-256'), spoilt))).code).toBe(
        'algorithm-unsupported',
      );
      expect((await failureOf(token.sign(id, ecdsa, digestOf('SHA-384'), spoilt))).code).toBe(
        'digest-length',
      );
      expect((await failureOf(token.sign('ff', ecdsa, digestOf('SHA-256'), spoilt))).code).toBe(
        'card-no-such-key',
      );
    });

    it('tell a wrong PIN, refuse an empty one unasked, and forget the right one', async () => {
      const token = await openCard(host, 'ec');
      const wrong = await failureOf(token.verify('PIN1', code('824194')));
      expect(wrong).toMatchObject({ code: 'pin-wrong', parameters: { pin: 'PIN1' } });
      expect((await failureOf(token.verify('PIN1', code('')))).code).toBe('pin-length');
      await token.verify('PIN1', code(pin));
      // A wrong PIN is wrong again: nothing stayed logged in.
      expect((await failureOf(token.verify('PIN1', code('824194')))).code).toBe('pin-wrong');
    });

    it('change the PIN so that pkcs11-tool signs with the new one, and back', async () => {
      const token = await openCard(host, 'qualified');
      await token.change('PIN2', code(pin), code('905317'));
      expect((await failureOf(token.verify('PIN2', code(pin)))).code).toBe('pin-wrong');
      const signature = await signWithOpensc({
        module: hsm.module,
        environment: hsm.environment,
        tokenLabel: 'qualified',
        pin: '905317',
        id: '01',
        mechanism: 'ECDSA',
        data: digestOf('SHA-256'),
      });
      const signer = token.certificates[0]?.x509.toString() ?? '';
      expect(await verifiesDigest({ signer, digest: 'sha256', signature }, digestOf('SHA-256'))).toBe(true);
      await token.change('PIN2', code('905317'), code(pin));
      expect((await failureOf(token.change('PIN2', code(pin), code('111111')))).code).toBe('pin-trivial');
    });

    it('unblock with the PUK where the settings say that it is the security officer’s', async () => {
      const without = await openCard(host, 'qualified');
      expect((await failureOf(without.unblock('PIN2', code(puk), code('905317')))).code).toBe(
        'pin-not-unblockable',
      );
      const other = desk.host(
        { path: hsm.module, puk: 'security-officer' },
        { environment: hsm.environment },
      );
      const token = await openCard(other, 'qualified');
      expect((await token.pins()).map(({ name }) => name)).toEqual(['PIN2', 'PUK']);
      expect(await failureOf(token.unblock('PIN2', code('51739265'), code('905317')))).toMatchObject({
        code: 'puk-wrong',
        parameters: { pin: 'PUK' },
      });
      await token.unblock('PIN2', code(puk), code('905317'));
      await token.verify('PIN2', code('905317'));
      await token.change('PIN2', code('905317'), code(pin));
    });
  },
);
