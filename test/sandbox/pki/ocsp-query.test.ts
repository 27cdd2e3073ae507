// @peculiar/x509 needs the Reflect metadata API before it is loaded.
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as x509 from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import type { PkiFaults } from '../../../electron/sandbox/pki/faults.ts';
import {
  type OcspOutcome,
  ocspAddress,
  ocspStatus,
  queryOcsp,
} from '../../../electron/sandbox/pki/ocsp-query.ts';
import { OcspResponder } from '../../../electron/sandbox/pki/ocsp-responder.ts';
import { answerSigner } from '../../../electron/sandbox/pki/responder-signing.ts';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { needs } from '../../run/needs.ts';
import { type Holder, issueHolder } from './desk.ts';
import {
  type ForeignProfile,
  ForeignResponder,
  type ForeignSigner,
  foreignCa,
  foreignCertificate,
  responderExtensions,
} from './foreign-ca.ts';

const unavailable = (problem: string): OcspOutcome => ({ status: 'unavailable', problem }) as OcspOutcome;
const timeoutMs = 5_000;

describe('the OCSP query at the sandbox', () => {
  let pki: SandboxPki;
  let holder: Holder;

  beforeAll(async () => {
    pki = await SandboxPki.start();
    holder = await issueHolder(pki.authority);
  });

  afterAll(() => pki.stop());

  const ask = (now = new Date()): Promise<OcspOutcome> =>
    queryOcsp(holder.der, pki.authority.issuing.der, { now, timeoutMs });

  it('follows a certificate through its life', async () => {
    const one = await issueHolder(pki.authority);
    const status = () => ocspStatus(one.der, pki.authority.issuing.der, { now: new Date(), timeoutMs });
    expect(await status()).toBe('good');
    pki.authority.register.suspend(one.serialNumber);
    expect(await status()).toBe('suspended');
    pki.authority.register.restore(one.serialNumber);
    expect(await status()).toBe('good');
    pki.authority.register.revoke(one.serialNumber, 'keyCompromise');
    expect(await status()).toBe('revoked');
  });

  it.each([
    ['normal', 'good'],
    ['suspended', 'suspended'],
    ['revoked', 'revoked'],
  ] as const)('finds the certificate of a card that is %s: %s', async (variant, status) => {
    const { authority } = pki;
    const { certificates } = await createSandboxCard({ card: '2025', variant }, authority);
    const der = certificates.signature ?? new Uint8Array();
    expect(await ocspStatus(der, authority.issuing.der, { now: new Date(), timeoutMs })).toBe(status);
  });

  it('asks about a CA too, and by name as by key', async () => {
    const byName = await SandboxPki.start({ responderNaming: 'byName' });
    try {
      const { root, issuing } = byName.authority;
      expect(await queryOcsp(issuing.der, root.der, { now: new Date(), timeoutMs })).toEqual({
        status: 'good',
      });
    } finally {
      await byName.stop();
    }
  });

  it('knows the address that a certificate names, if any', async () => {
    expect(ocspAddress(holder.der)).toBe(`${pki.url}/ocsp/issuing`);
    expect(ocspAddress(pki.authority.root.der)).toBeUndefined();
    const silent = await SandboxAuthority.create();
    const { der } = await issueHolder(silent);
    expect(await queryOcsp(der, silent.issuing.der, { now: new Date(), timeoutMs })).toEqual(
      unavailable('no-address'),
    );
  });

  it('asks nobody about a certificate that the issuer has not made', async () => {
    const stranger = await SandboxAuthority.create({ pkiUrl: pki.url });
    const { der } = await issueHolder(stranger);
    // The same name, another key.
    const outcome = await queryOcsp(der, pki.authority.issuing.der, { now: new Date(), timeoutMs });
    expect(outcome).toEqual(unavailable('not-issued'));
    const nonsense = Buffer.from('certificate');
    expect(await queryOcsp(nonsense, pki.authority.issuing.der, { now: new Date(), timeoutMs })).toEqual(
      unavailable('not-issued'),
    );
  });

  it.each<[PkiFaults['ocsp'], string]>([
    [{ kind: 'hang-up' }, 'unreachable'],
    [{ kind: 'status', status: 500 }, 'http'],
    [{ kind: 'status', status: 204 }, 'http'],
    [{ kind: 'redirect', location: 'http://127.0.0.1:9/ocsp' }, 'http'],
    [{ kind: 'html' }, 'http'],
    [{ kind: 'garbage' }, 'malformed'],
    [{ kind: 'huge-body', bytes: 64 * 1024 + 1 }, 'too-large'],
    [{ kind: 'huge-body', bytes: 64 * 1024 }, 'malformed'],
    [{ kind: 'refused', status: 'tryLater' }, 'refused'],
    [{ kind: 'refused', status: 'unauthorized' }, 'refused'],
    [{ kind: 'bad-signature' }, 'signature'],
    [{ kind: 'no-nonce' }, 'nonce'],
    [{ kind: 'other-nonce' }, 'nonce'],
    [{ kind: 'other-certificate' }, 'certificate'],
    [{ kind: 'critical-extension' }, 'malformed'],
    [{ kind: 'no-next-update' }, 'time'],
    // Good for ten minutes; a minute of difference between clocks is allowed.
    [{ kind: 'clock', shiftMs: -11 * 60_000 }, 'time'],
    [{ kind: 'clock', shiftMs: 2 * 60_000 }, 'time'],
  ])('does not believe %j: %s', async (fault, problem) => {
    pki.faults.next('ocsp', fault);
    expect(await ask()).toEqual(unavailable(problem));
    expect(await ask()).toEqual({ status: 'good' });
  });

  it('allows for clocks that differ a little, and for a responder that takes its time', async () => {
    pki.faults.next('ocsp', { kind: 'clock', shiftMs: 30_000 });
    expect(await ask()).toEqual({ status: 'good' });
    pki.faults.next('ocsp', { kind: 'clock', shiftMs: -9 * 60_000 });
    expect(await ask()).toEqual({ status: 'good' });
    pki.faults.next('ocsp', { kind: 'slow', delayMs: 50 });
    expect(await ask()).toEqual({ status: 'good' });
  });

  it('judges at the moment it is told', async () => {
    expect(await ask(new Date(Date.now() - 3_600_000))).toEqual(unavailable('time'));
    expect(await ask(new Date(Date.now() + 3_600_000))).toEqual(unavailable('time'));
  });

  it.each<PkiFaults['ocsp']>([
    { kind: 'silence' },
    { kind: 'stalled-body' },
    { kind: 'slow', delayMs: 60_000 },
  ])('gives up when its time is over: %j', async (fault) => {
    pki.faults.next('ocsp', fault);
    const { issuing } = pki.authority;
    const outcome = await queryOcsp(holder.der, issuing.der, { now: new Date(), timeoutMs: 200 });
    expect(outcome).toEqual(unavailable('timeout'));
  });

  it('leaves no connection open', async () => {
    await ask();
    await expect.poll(() => pki.connections).toBe(0);
  });

  it('believes no signer but one of this issuer', async () => {
    const stranger = await SandboxAuthority.create();
    const signers = await Promise.all([
      // The same name from another key; the responder of the other CA.
      answerSigner((publicKey) => stranger.issueOcspSigner({ ca: 'issuing', publicKey })),
      answerSigner((publicKey) => pki.authority.issueOcspSigner({ ca: 'root', publicKey })),
    ]);
    for (const signer of signers) {
      pki.faults.next('ocsp', { kind: 'signer', signer });
      expect(await ask()).toEqual(unavailable('responder'));
    }
  });

  it('says unavailable when nobody listens any more', async () => {
    const gone = await SandboxPki.start();
    const { der } = await issueHolder(gone.authority);
    await gone.stop();
    const outcome = await queryOcsp(der, gone.authority.issuing.der, { now: new Date(), timeoutMs });
    expect(outcome).toEqual(unavailable('unreachable'));
  });
});

describe.skipIf(!needs('openssl'))('the OCSP query at a foreign responder', () => {
  let ca: ForeignSigner;
  let responder: ForeignResponder;
  let delegate: ForeignSigner;
  let good: Uint8Array;

  beforeAll(async () => {
    ca = await foreignCa();
    responder = new ForeignResponder(ca);
    await responder.start();
    delegate = await foreignCertificate(ca, {});
    good = await responder.holder('V');
  });

  afterAll(() => responder.stop());

  async function ask(der: Uint8Array, signer: ForeignSigner, ...options: string[]): Promise<OcspOutcome> {
    responder.signer = signer;
    responder.options = options;
    const issuer = new Uint8Array(ca.certificate.rawData);
    return queryOcsp(der, issuer, { now: new Date(), timeoutMs });
  }

  const signedBy = async (profile: ForeignProfile): Promise<OcspOutcome> =>
    ask(good, await foreignCertificate(ca, profile));

  it('reads every status', async () => {
    expect(await ask(good, delegate)).toEqual({ status: 'good' });
    expect(await ask(await responder.holder('R'), delegate)).toEqual({ status: 'revoked' });
    expect(await ask(await responder.holder('R,superseded'), delegate)).toEqual({ status: 'revoked' });
    expect(await ask(await responder.holder('R,certificateHold'), delegate)).toEqual({ status: 'suspended' });
    expect(await ask(await responder.holder('none'), delegate)).toEqual({ status: 'unknown' });
  });

  it('knows responders by name and by key, RSA and EC, and the CA itself', async () => {
    expect(await ask(good, delegate, '-resp_key_id')).toEqual({ status: 'good' });
    expect(await ask(good, ca)).toEqual({ status: 'good' });
    expect(await signedBy({ rsa: true })).toEqual({ status: 'good' });
    expect(await ask(good, delegate, '-rmd', 'sha384')).toEqual({ status: 'good' });
  });

  it('does not take SHA-1 signatures', async () => {
    expect(await ask(good, delegate, '-rmd', 'sha1')).toEqual(unavailable('signature'));
  });

  const [keyUsage, purpose, noCheck] = responderExtensions as [
    x509.Extension,
    x509.Extension,
    x509.Extension,
  ];
  const past = { notBefore: new Date(Date.now() - 9e8), notAfter: new Date(Date.now() - 1e6) };
  const future = { notBefore: new Date(Date.now() + 1e6), notAfter: new Date(Date.now() + 9e8) };
  const otherPurpose = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]);
  const anyPurpose = new x509.ExtendedKeyUsageExtension(['2.5.29.37.0']);
  const otherUsage = new x509.KeyUsagesExtension(x509.KeyUsageFlags.nonRepudiation, true);
  const unheardOf = new x509.Extension('1.3.6.1.4.1.32473.1', true, Uint8Array.of(5, 0));

  it.each<[string, ForeignProfile]>([
    ['that may not sign OCSP', { extensions: [keyUsage, noCheck] }],
    ['for another purpose', { extensions: [keyUsage, otherPurpose, noCheck] }],
    ['for any purpose', { extensions: [keyUsage, anyPurpose, noCheck] }],
    ['whose key may not sign', { extensions: [otherUsage, purpose, noCheck] }],
    ['that would have to be checked elsewhere', { extensions: [keyUsage, purpose] }],
    ['with a critical extension nobody knows', { extensions: [...responderExtensions, unheardOf] }],
    ['that has expired', past],
    ['that is not yet valid', future],
  ])('does not believe a certificate %s', async (_, profile) => {
    expect(await signedBy(profile)).toEqual(unavailable('responder'));
  });

  it('does not believe a responder of another CA, or one without its certificate', async () => {
    const stranger = await foreignCa();
    expect(await signedBy({ issuer: stranger })).toEqual(unavailable('responder'));
    // Below a responder instead of the CA.
    expect(await signedBy({ issuer: delegate })).toEqual(unavailable('responder'));
    expect(await ask(good, delegate, '-resp_no_certs')).toEqual(unavailable('responder'));
  });
});

describe('an OCSP answer that was changed on the way', () => {
  it('never says another status than the responder, whichever octet was changed', async () => {
    let position = 0;
    let length = 0;
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      const answer = await responder.respond(Buffer.concat(parts));
      length = answer.length;
      answer[position] = (answer[position] ?? 0) ^ (1 << (position % 8));
      response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(answer);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const authority = await SandboxAuthority.create({ pkiUrl: `http://127.0.0.1:${port}` });
    const responder = new OcspResponder(authority, 'issuing', 'byKey');
    const holder = await issueHolder(authority);
    authority.register.revoke(holder.serialNumber);
    const seen = new Set<string>();
    try {
      do {
        const outcome = await queryOcsp(holder.der, authority.issuing.der, { now: new Date(), timeoutMs });
        expect(outcome.status, `octet ${position}`).toMatch(/^(?:revoked|unavailable)$/);
        seen.add(outcome.problem ?? outcome.status);
        position += 7;
      } while (position < length);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    expect([...seen]).toEqual(expect.arrayContaining(['malformed', 'signature', 'responder']));
  });
});
