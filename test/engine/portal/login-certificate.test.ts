import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { chooseLoginCertificate } from '../../../electron/engine/portal/login-certificate.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { type FakeKey, FakeToken } from './fake-token.ts';

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const now = new Date('2026-03-01T12:00:00Z');

let authority: SandboxAuthority;
let authentication: FakeKey;
let signature: FakeKey;
let expired: FakeKey;
let future: FakeKey;

async function key(
  id: string,
  role: 'authentication' | 'signature',
  from: string,
  to: string,
): Promise<FakeKey> {
  const notBefore = new Date(from);
  const notAfter = new Date(to);
  const der = await authority.issueHolder({ person: ana, publicKey, role, notBefore, notAfter });
  return { id, role, der, privateKey };
}

beforeAll(async () => {
  authority = await SandboxAuthority.create({ now });
  authentication = await key('A1', 'authentication', '2026-01-01', '2027-01-01');
  signature = await key('B1', 'signature', '2026-01-01', '2027-01-01');
  expired = await key('A0', 'authentication', '2025-01-01', '2026-01-01');
  future = await key('A2', 'authentication', '2026-04-01', '2027-04-01');
});

const choose = (keys: FakeKey[], options = {}) =>
  chooseLoginCertificate(new FakeToken(keys), { now, ...options });
function refused(keys: FakeKey[], options = {}): unknown {
  try {
    return choose(keys, options);
  } catch (thrown) {
    return thrown instanceof Failure ? [thrown.code, thrown.parameters] : thrown;
  }
}

describe('the certificate for signing in', () => {
  it('is the authentication certificate where there is one', () => {
    expect(choose([signature, authentication])).toMatchObject({
      certificate: { id: 'A1' },
      pin: 'PIN1',
      legal: 'authentication',
      idnp: '2500000000010',
      algorithm: { kind: 'ecdsa', hash: 'SHA-384' },
    });
  });

  it('is the signature certificate where there is no other, and the act is then called a signature', () => {
    expect(choose([signature])).toMatchObject({ certificate: { id: 'B1' }, pin: 'PIN2', legal: 'signature' });
  });

  it('is the valid one among several', () => {
    expect(choose([expired, authentication])).toMatchObject({ certificate: { id: 'A1' } });
    expect(choose([future, authentication])).toMatchObject({ certificate: { id: 'A1' } });
  });

  it('is the one that is named', () => {
    expect(choose([authentication, signature], { certificateId: 'B1' })).toMatchObject({
      legal: 'signature',
    });
    expect(refused([authentication], { certificateId: 'B1' })).toEqual(['card-no-such-key', {}]);
  });

  it('is never a signature certificate in place of an expired authentication certificate', () => {
    expect(refused([expired, signature])).toEqual(['certificate-expired', { date: '2026-01-01' }]);
  });

  it('is valid today', () => {
    expect(refused([future])).toEqual(['certificate-not-yet-valid', { date: '2026-04-01' }]);
    expect(refused([expired], { certificateId: 'A0' })).toEqual([
      'certificate-expired',
      { date: '2026-01-01' },
    ]);
  });

  it('has a key on the card, and a purpose', () => {
    expect(refused([])).toEqual(['login-no-certificate', {}]);
    expect(refused([{ ...authentication, hasKey: false }])).toEqual(['login-no-certificate', {}]);
    expect(refused([{ ...authentication, role: 'other' }])).toEqual(['login-no-certificate', {}]);
  });

  it('has a key that can sign', () => {
    const token = new FakeToken([authentication]);
    token.algorithms = () => [];
    expect(() => chooseLoginCertificate(token, { now })).toThrow('algorithm-unsupported');
  });

  it('belongs to whom the provider expects', () => {
    expect(choose([authentication], { userId: '2500000000010' })).toMatchObject({ idnp: '2500000000010' });
    expect(refused([authentication], { userId: '2500000000021' })).toEqual([
      'login-refused',
      { reason: 'UserMismatch' },
    ]);
  });

  it('names a person by IDNP and not by another number', async () => {
    // A passport number in the place of the IDNP (ETSI EN 319 412-1 clause 5.1.3).
    const person = { ...ana, idnp: 'PASMD-AA0000011' };
    const der = await authority.issueHolder({ person, publicKey, role: 'authentication', bareIdnp: true });
    expect(refused([{ ...authentication, der }])).toEqual([
      'login-refused',
      { reason: 'HolderNotIdentified' },
    ]);
  });
});
