import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { certificateText, chainFault } from '../../rig/judges/openssl.ts';
import { revocationListPem, revocationListText } from '../../rig/judges/openssl-pki.ts';
import { needs } from '../../run/needs.ts';
import { type Holder, issueHolder } from './desk.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let pki: SandboxPki;

beforeAll(async () => {
  pki = await SandboxPki.start();
});

afterAll(() => pki.stop());

describe.skipIf(!needs('openssl'))('what certificates say about where to ask, read by openssl', () => {
  const access = (ca: string): RegExp =>
    new RegExp(
      [
        'Authority Information Access: ',
        `OCSP - URI:${pki.url}/ocsp/${ca}`,
        `CA Issuers - URI:${pki.url}/cer/${ca}.cer`,
        'X509v3 CRL Distribution Points: ',
        'Full Name:',
        `URI:${pki.url}/crl/${ca}.crl`,
      ].join('\\n\\s+'),
    );

  it('is the issuing CA for holders and servers, the root for CA and time stamps', async () => {
    expect(pki.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const server = await pki.authority.issueServer({ names: ['localhost'], publicKey });
    const tsa = await pki.authority.issueTimestampSigner({ publicKey });
    expect(await certificateText((await issueHolder(pki.authority)).der)).toMatch(access('issuing'));
    expect(await certificateText(server)).toMatch(access('issuing'));
    expect(await certificateText(pki.authority.issuing.der)).toMatch(access('root'));
    expect(await certificateText(tsa)).toMatch(access('root'));
  });

  it('is nothing on the root, on a responder that nobody checks further, and without an address', async () => {
    const responder = await pki.authority.issueOcspSigner({ ca: 'issuing', publicKey });
    const unpublished = await SandboxAuthority.create();
    for (const der of [
      pki.authority.root.der,
      responder,
      unpublished.issuing.der,
      (await issueHolder(unpublished)).der,
    ]) {
      expect(await certificateText(der)).not.toMatch(/URI:|Authority Information Access|CRL Distribution/);
    }
    expect(unpublished.pkiUrl).toBeUndefined();
  });

  it('is where the CA certificates are, which make the chain', async () => {
    const holder = await issueHolder(pki.authority);
    const fetched = async (ca: string): Promise<Uint8Array> => {
      const response = await fetch(`${pki.url}/cer/${ca}.cer`);
      expect(response.headers.get('content-type')).toBe('application/pkix-cert');
      return new Uint8Array(await response.arrayBuffer());
    };
    expect(await fetched('root')).toEqual(pki.authority.root.der);
    expect(await fetched('issuing')).toEqual(pki.authority.issuing.der);
    const fault = await chainFault({
      leaf: holder.pem,
      roots: [pki.authority.root.pem],
      intermediates: [pki.authority.issuing.pem],
      options: ['-x509_strict'],
    });
    expect(fault).toBeUndefined();
  });

  it('names responders and time stampers for their purpose, under names of their own', async () => {
    const ocsp = await certificateText(await pki.authority.issueOcspSigner({ ca: 'root', publicKey }));
    expect(ocsp).toMatch(/Key Usage: critical\s+Digital Signature\n/);
    expect(ocsp).toMatch(/Extended Key Usage: \s+OCSP Signing\n/);
    expect(ocsp).toMatch(/OCSP No Check: \s*\n/);
    expect(ocsp).toMatch(/Issuer: .*CN=Buletin SIMULATED Root CA/);
    expect(ocsp).toMatch(/Subject: CN=Buletin SIMULATED OCSP\\, Root CA,O=Buletin SIMULATED/);
    const tsa = await certificateText(await pki.authority.issueTimestampSigner({ publicKey }));
    expect(tsa).toMatch(/Extended Key Usage: critical\s+Time Stamping\n/);
    expect(tsa).toMatch(/Policy: 1\.3\.6\.1\.4\.1\.32473\.498\.1\.4\n/);
    expect(tsa).toMatch(/Issuer: .*CN=Buletin SIMULATED Root CA/);
    expect(tsa).toMatch(/Subject: CN=Buletin SIMULATED TSA,/);
  });
});

describe('the base address', () => {
  it.each([
    'https://127.0.0.1:1',
    'http://127.0.0.1:1/',
    'http://127.0.0.1:1/pki',
    'http://pki.md',
    'http://127.0.0.1.example:80',
    'http://user@127.0.0.1:1',
    'nonsense',
  ])('is refused: %s', async (pkiUrl) => {
    await expect(SandboxAuthority.create({ pkiUrl })).rejects.toThrow(RangeError);
  });
});

describe.skipIf(!needs('openssl'))('revocation lists, judged by openssl', () => {
  let good: Holder;
  let suspended: Holder;
  let revoked: Holder;
  let restored: Holder;
  let expired: Holder;

  beforeAll(async () => {
    const { authority } = pki;
    const day = 86_400_000;
    const past = {
      notBefore: new Date(Date.now() - 400 * day),
      notAfter: new Date(Date.now() - day),
    };
    good = await issueHolder(authority);
    suspended = await issueHolder(authority);
    revoked = await issueHolder(authority);
    restored = await issueHolder(authority);
    expired = await issueHolder(authority, past);
    authority.register.suspend(suspended.serialNumber);
    authority.register.suspend(restored.serialNumber);
    authority.register.revoke(revoked.serialNumber, 'cessationOfOperation');
  });

  async function list(ca: 'root' | 'issuing'): Promise<Uint8Array> {
    const response = await fetch(`${pki.url}/crl/${ca}.crl`);
    expect(response.headers.get('content-type')).toBe('application/pkix-crl');
    return new Uint8Array(await response.arrayBuffer());
  }

  /** What `openssl verify` finds wrong when it checks both lists. */
  async function fault(holder: Holder): Promise<string | undefined> {
    const lists = [await list('root'), await list('issuing')];
    return chainFault({
      leaf: holder.pem,
      roots: [pki.authority.root.pem],
      intermediates: [pki.authority.issuing.pem, ...(await Promise.all(lists.map(revocationListPem)))],
      options: ['-x509_strict', '-crl_check_all', '-CRLfile', 'intermediates'],
    });
  }

  it('decide over good, suspended, revoked, restored and expired', async () => {
    expect(await fault(good)).toBeUndefined();
    expect(await fault(suspended)).toMatch(/certificate revoked/);
    expect(await fault(revoked)).toMatch(/certificate revoked/);
    expect(await fault(restored)).toMatch(/certificate revoked/);
    pki.authority.register.restore(restored.serialNumber);
    expect(await fault(restored)).toBeUndefined();
    expect(await fault(expired)).toMatch(/certificate has expired/);
  });

  it('are version 2, numbered, signed by their CA and no other, with reasons', async () => {
    const der = await list('issuing');
    const { verified, text } = await revocationListText(der, pki.authority.issuing.pem);
    expect(verified).toBe(true);
    expect((await revocationListText(der, (await SandboxAuthority.create()).issuing.pem)).verified).toBe(
      false,
    );
    expect(text).toMatch(/Version 2 \(0x1\)/);
    expect(text).toMatch(/X509v3 CRL Number: \s+\d+\n/);
    expect(text).toMatch(/X509v3 Authority Key Identifier: \s+[0-9A-F]{2}:/);
    const entry = (serial: string, reason: string): RegExp =>
      new RegExp(`Serial Number: ${serial}\\n.*\\n.*\\n\\s+X509v3 CRL Reason Code: \\s+${reason}\\n`);
    expect(text).toMatch(entry(suspended.serialNumber, 'Certificate Hold'));
    expect(text).toMatch(entry(revoked.serialNumber, 'Cessation Of Operation'));
    expect(text).not.toContain(good.serialNumber);
  });

  it('last a day, and are signed anew with a higher number when a status changes', async () => {
    const number = async (): Promise<number> => {
      const { text } = await revocationListText(await list('issuing'), pki.authority.issuing.pem);
      const times = /Last Update: (.*)\n\s+Next Update: (.*)\n/.exec(text);
      expect(Date.parse(times?.[2] ?? '') - Date.parse(times?.[1] ?? '')).toBe(86_400_000);
      return Number(/X509v3 CRL Number: \s+(\d+)\n/.exec(text)?.[1]);
    };
    const before = await number();
    expect(await number()).toBe(before);
    const other = await issueHolder(pki.authority);
    pki.authority.register.revoke(other.serialNumber);
    expect(await number()).toBeGreaterThan(before);
  });

  it('have no entries and no extensions rather than empty ones', async () => {
    const authority = await SandboxAuthority.create();
    const empty = await revocationListText(await authority.revocationList('issuing'), authority.issuing.pem);
    expect(empty.verified).toBe(true);
    expect(empty.text).toMatch(/No Revoked Certificates/);
    const holder = await issueHolder(authority);
    authority.register.revoke(holder.serialNumber);
    const list = await authority.revocationList('issuing');
    const { text } = await revocationListText(list, authority.issuing.pem);
    expect(text).toMatch(new RegExp(`Serial Number: ${holder.serialNumber}\\n.*\\n\\s+Signature Algorithm`));
    // A SEQUENCE without contents, 30 00, after the date of revocation (UTCTime ends in "Z", 5A).
    expect(Buffer.from(list).toString('hex')).not.toContain('5a3000');
  });

  it('are signed anew after an hour', async () => {
    let now = new Date('2026-05-01T10:00:00Z');
    const authority = await SandboxAuthority.create({ clock: () => now });
    const first = await authority.revocationList('root');
    now = new Date('2026-05-01T10:59:00Z');
    expect(await authority.revocationList('root')).toEqual(first);
    now = new Date('2026-05-01T11:01:00Z');
    const { text } = await revocationListText(await authority.revocationList('root'), authority.root.pem);
    expect(text).toMatch(/Last Update: May {2}1 11:01:00 2026 GMT/);
  });
});
