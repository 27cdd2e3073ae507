import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModuleHost } from '../../../electron/engine/modules/module-host.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { verifiesDigest } from '../../rig/judges/openssl.ts';
import { askPkcs11js } from '../../rig/judges/pkcs11js.ts';
import { SoftHsm } from '../../rig/softhsm.ts';
import { needs } from '../../run/needs.ts';
import { code, digestOf, idOf } from '../token/desk.ts';
import { cardsIn, ecdsaDer, ModuleDesk, openCard } from './module-desk.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** The same module asked by pkcs11js, which knows nothing of our host. */
describe.skipIf(
  !needs('module-host') || !needs('pkcs11js') || !needs('softhsm') || !needs('opensc') || !needs('openssl'),
)('the module host beside pkcs11js', () => {
  const pin = '824193';
  const desk = new ModuleDesk();
  let hsm: SoftHsm;
  let host: ModuleHost;

  beforeAll(async () => {
    const authority = await SandboxAuthority.create();
    hsm = new SoftHsm();
    const codes = { pin, puk: '51739264' };
    await hsm.addToken('rsa', codes, [{ id: '01', shape: 'RSA-2048', role: 'authentication' }], authority);
    await hsm.addToken('ec', codes, [{ id: '02', shape: 'P-256', role: 'authentication' }], authority);
    host = desk.host({ path: hsm.module }, { environment: hsm.environment });
  });
  afterAll(async () => {
    await desk.close();
    hsm?.dispose();
  });

  const place = () => ({ module: hsm.module, environment: hsm.environment });

  it('shows the same tokens and certificates', async () => {
    const theirs = await askPkcs11js(place());
    const ours = (await cardsIn(host)).flatMap(({ tokens }) =>
      tokens.map(({ token, certificates }) => ({
        label: token.label,
        serial: token.serial,
        certificates: certificates.map(({ id, der }) => ({ id, value: Buffer.from(der).toString('hex') })),
      })),
    );
    const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label);
    expect(ours.sort(byLabel)).toEqual(theirs.sort(byLabel));
    expect(ours).toHaveLength(2);
  });

  it('makes the same RSA signature', async () => {
    const digest = digestOf('SHA-256');
    // DigestInfo of SHA-256 (RFC 8017, 9.2, note 1).
    const data = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), digest]);
    const sign = { label: 'rsa', pin, id: '01', mechanism: 'CKM_RSA_PKCS', data } as const;
    const theirs = (await askPkcs11js({ ...place(), sign })).find(({ label }) => label === 'rsa');
    const token = await openCard(host, 'rsa');
    const algorithm = { kind: 'rsa-pkcs1', hash: 'SHA-256' } as const;
    const ours = await token.sign(idOf(token, 'authentication'), algorithm, digest, code(pin));
    expect(Buffer.from(ours).toString('hex')).toBe(theirs?.signature);
  });

  it('makes ECDSA signatures of the same form', async () => {
    const digest = digestOf('SHA-256');
    const sign = { label: 'ec', pin, id: '02', mechanism: 'CKM_ECDSA', data: digest } as const;
    const theirs = (await askPkcs11js({ ...place(), sign })).find(({ label }) => label === 'ec');
    const signature = Buffer.from(theirs?.signature ?? '', 'hex');
    expect(signature).toHaveLength(64);
    const signer = (await openCard(host, 'ec')).certificates[0]?.x509.toString() ?? '';
    expect(await verifiesDigest({ signer, digest: 'sha256', signature: ecdsaDer(signature) }, digest)).toBe(
      true,
    );
  });
});
