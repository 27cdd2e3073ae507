import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { ana, ecaterina, serghei } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { askJudgeToAccept } from '../../rig/judges/judge.ts';
import { certificateText, chainFault } from '../../rig/judges/openssl.ts';
import { needs } from '../../run/needs.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

let authority: SandboxAuthority;

beforeAll(async () => {
  authority = await SandboxAuthority.create();
});

const pem = (der: Uint8Array): string => new X509Certificate(der).toString();

/** What `openssl verify` finds wrong with a certificate below the sandbox root; undefined when nothing. */
function fault(der: Uint8Array, ...options: string[]): Promise<string | undefined> {
  return chainFault({
    leaf: pem(der),
    roots: [authority.root.pem],
    intermediates: [authority.issuing.pem],
    options: ['-x509_strict', ...options],
  });
}

describe.skipIf(!needs('openssl'))('certificates of the sandbox authority, judged by openssl', () => {
  it('issues an authentication certificate that is good for client authentication and for nothing else', async () => {
    const der = await authority.issueHolder({
      person: ana,
      publicKey: rsa.publicKey,
      role: 'authentication',
    });
    expect(await fault(der, '-purpose', 'sslclient')).toBeUndefined();
    expect(await fault(der, '-purpose', 'sslserver')).toMatch(/unsuitable certificate purpose/);
    const text = await certificateText(der);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature\n/);
    expect(text).toMatch(/Extended Key Usage: \s+TLS Web Client Authentication\n/);
    expect(text).toMatch(/Policy: 1\.3\.6\.1\.4\.1\.32473\.498\.1\.1\n/);
    expect(text).not.toMatch(/qcStatements/);
  });

  it('issues a signature certificate with non-repudiation alone and the three QC statements', async () => {
    const der = await authority.issueHolder({ person: ana, publicKey: p384.publicKey, role: 'signature' });
    expect(await fault(der)).toBeUndefined();
    const text = await certificateText(der);
    expect(text).toMatch(/Key Usage: critical\s+Non Repudiation\n/);
    expect(text).not.toMatch(/Extended Key Usage/);
    expect(text).toMatch(/Policy: 1\.3\.6\.1\.4\.1\.32473\.498\.1\.2\n/);
    // QcCompliance, QcSSCD, QcType { esign }, as ETSI EN 319 412-5 writes them, byte for byte.
    const statements = [
      '3029',
      '3008060604008e460101',
      '3008060604008e460104',
      '3013060604008e4601063009060704008e46010601',
    ];
    expect(Buffer.from(der).toString('hex')).toContain(statements.join(''));
  });

  it('names the holder as the facts say: serialNumber PNOMD-IDNP, country MD, names in UTF-8', async () => {
    const der = await authority.issueHolder({ person: ana, publicKey: rsa.publicKey, role: 'signature' });
    const subject = new X509Certificate(der).subject.split('\n');
    expect(subject).toEqual([
      'C=MD',
      'SN=Specimen-Țurcanu',
      'GN=Ana-Măriuța',
      'serialNumber=PNOMD-2500000000010',
      'CN=Specimen-Țurcanu Ana-Măriuța',
    ]);
  });

  it('writes the bare IDNP when asked, as a PrintableString', async () => {
    const der = await authority.issueHolder({
      person: serghei,
      publicKey: rsa.publicKey,
      role: 'authentication',
      bareIdnp: true,
    });
    const verdict = await askJudgeToAccept('openssl', ['asn1parse', '-inform', 'DER', '-in', 'bare'], {
      files: { bare: der },
    });
    const parsed = verdict.text;
    expect(parsed).toMatch(/:serialNumber\n.*PRINTABLESTRING\s+:2500001000028\n/);
    expect(parsed).toMatch(/:commonName\n.*UTF8STRING\s+:Примеров Сергей\n/);
  });

  it('shortens the common name of a very long name to 64 characters, and only that', async () => {
    const der = await authority.issueHolder({
      person: ecaterina,
      publicKey: rsa.publicKey,
      role: 'signature',
    });
    const subject = new X509Certificate(der).subject;
    expect(subject).toContain('CN=Exemplescu-Nemaiîntâlnită-Ciobănițeanu Ecaterina-Alexandrina');
    expect(subject).toContain('GN=Ecaterina-Alexandrina-Smărăndița Maria-Magdalena');
    expect(await fault(der)).toBeUndefined();
  });

  it('respects the validity asked for, so that openssl finds the certificate expired or not yet valid', async () => {
    const day = 86_400_000;
    const at = (days: number): Date => new Date(Date.now() + days * day);
    const request = { person: ana, publicKey: rsa.publicKey, role: 'signature' } as const;
    const expired = await authority.issueHolder({ ...request, notBefore: at(-400), notAfter: at(-1) });
    expect(await fault(expired)).toMatch(/certificate has expired/);
    const future = await authority.issueHolder({ ...request, notBefore: at(1), notAfter: at(400) });
    expect(await fault(future)).toMatch(/certificate is not yet valid/);
  });

  it('issues for twelve months unless told otherwise', async () => {
    const fixed = await SandboxAuthority.create({ now: new Date('2026-03-31T12:00:00.750Z') });
    const request = { person: ana, publicKey: rsa.publicKey, role: 'signature' } as const;
    const certificate = new X509Certificate(
      await fixed.issueHolder({ ...request, notBefore: new Date('2026-02-01T08:00:00Z') }),
    );
    expect(certificate.validFromDate.toISOString()).toBe('2026-02-01T08:00:00.000Z');
    expect(certificate.validToDate.toISOString()).toBe('2027-02-01T08:00:00.000Z');
    expect(certificate.checkIssued(new X509Certificate(fixed.issuing.der))).toBe(true);
  });

  it('issues a server certificate for names and addresses', async () => {
    const der = await authority.issueServer({
      names: ['localhost', 'mpass.sandbox', '127.0.0.1', '::1'],
      publicKey: p384.publicKey,
    });
    expect(await fault(der, '-purpose', 'sslserver', '-verify_hostname', 'mpass.sandbox')).toBeUndefined();
    expect(await fault(der, '-verify_ip', '127.0.0.1')).toBeUndefined();
    expect(await fault(der, '-verify_ip', '::1')).toBeUndefined();
    expect(await fault(der, '-verify_ip', '127.0.0.2')).toMatch(/IP address mismatch/);
    expect(await fault(der, '-purpose', 'sslclient')).toMatch(/unsuitable certificate purpose/);
  });

  it('keeps the issuing CA below the root and from making further CAs', async () => {
    const text = await certificateText(authority.issuing.der);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(await fault(authority.issuing.der)).toBeUndefined();
  });

  it('says SIMULATED in every name of an authority', () => {
    for (const der of [authority.root.der, authority.issuing.der]) {
      const certificate = new X509Certificate(der);
      expect(certificate.subject).toMatch(/O=Buletin SIMULATED\nCN=Buletin SIMULATED /);
      expect(certificate.issuer).toContain('CN=Buletin SIMULATED Root CA');
    }
  });

  it('gives every certificate a serial number of its own', async () => {
    const request = { person: ana, publicKey: p384.publicKey, role: 'signature' } as const;
    const issued = await Promise.all(Array.from({ length: 5 }, () => authority.issueHolder(request)));
    const serials = issued.map((der) => new X509Certificate(der).serialNumber);
    expect(new Set(serials).size).toBe(5);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });
});
