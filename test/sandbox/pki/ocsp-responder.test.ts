import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { integer, objectIdentifier, octetString, sequence, tlv } from '../../../electron/sandbox/pki/der.ts';
import { answerSigner } from '../../../electron/sandbox/pki/responder-signing.ts';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { asn1Text, type OcspClaim, ocspRequest, ocspVerdict } from '../../rig/judges/openssl-pki.ts';
import { needs } from '../../run/needs.ts';
import { type Holder, hex, issueHolder, post } from './desk.ts';

let pki: SandboxPki;
let good: Holder;
let suspended: Holder;
let revoked: Holder;

beforeAll(async () => {
  pki = await SandboxPki.start();
  good = await issueHolder(pki.authority);
  suspended = await issueHolder(pki.authority);
  revoked = await issueHolder(pki.authority);
  pki.authority.register.suspend(suspended.serialNumber);
  pki.authority.register.revoke(revoked.serialNumber, 'keyCompromise');
});

afterAll(() => pki.stop());

/** Asks the issuing CA's responder, trusting the root alone. */
function ask(claim: Partial<OcspClaim>, at: SandboxPki = pki) {
  return ocspVerdict({
    issuer: at.authority.issuing.pem,
    roots: [at.authority.root.pem],
    intermediates: [at.authority.issuing.pem],
    url: `${at.url}/ocsp/issuing`,
    ...claim,
  });
}

describe.skipIf(!needs('openssl'))('the OCSP responder, asked by openssl', () => {
  it.each(['sha1', 'sha256', 'sha384', 'sha512'] as const)(
    'tells good, suspended, revoked and never issued apart, by CertIDs with %s',
    async (hash) => {
      const verdict = await ask({
        hash,
        certificates: [good.pem, suspended.pem, revoked.pem],
        serials: ['41000000000000000000000000000001'],
      });
      expect(verdict.text).not.toMatch(/WARNING/);
      expect(verdict.statuses).toEqual([
        'good',
        'revoked: certificateHold',
        'revoked: keyCompromise',
        'unknown',
      ]);
      expect(verdict.accepted).toBe(true);
    },
  );

  it('tells of a restored certificate that it is good', async () => {
    const holder = await issueHolder(pki.authority);
    pki.authority.register.suspend(holder.serialNumber);
    expect((await ask({ certificates: [holder.pem] })).statuses).toEqual(['revoked: certificateHold']);
    pki.authority.register.restore(holder.serialNumber);
    expect((await ask({ certificates: [holder.pem] })).statuses).toEqual(['good']);
    pki.authority.register.revoke(holder.serialNumber);
    // The reason "unspecified" is not written (RFC 5280 clause 5.3.1).
    expect((await ask({ certificates: [holder.pem] })).statuses).toEqual(['revoked']);
  });

  it('answers for the root too, by a responder of the root', async () => {
    const { authority, url } = pki;
    const claim = { issuer: authority.root.pem, certificates: [authority.issuing.pem] };
    const verdict = await ask({ ...claim, intermediates: [], url: `${url}/ocsp/root` });
    expect(verdict).toMatchObject({ accepted: true, statuses: ['good'] });
  });

  it('is trusted by who trusts the root, and by nobody else', async () => {
    const stranger = await SandboxAuthority.create();
    const verdict = await ask({ certificates: [good.pem], roots: [stranger.root.pem] });
    expect(verdict.accepted).toBe(false);
    expect(verdict.text).toMatch(/Response Verify Failure/);
  });

  it('does not answer for another CA: unauthorized', async () => {
    const stranger = await SandboxAuthority.create();
    const verdict = await ask({ issuer: stranger.issuing.pem, certificates: [good.pem] });
    expect(verdict.text).toMatch(/Responder Error: unauthorized \(6\)/);
    const root = await ask({ certificates: [good.pem], url: `${pki.url}/ocsp/root` });
    expect(root.text).toMatch(/Responder Error: unauthorized \(6\)/);
  });

  it('answers without a nonce when none was sent, and by GET as by POST', async () => {
    const request = await ocspRequest({
      issuer: pki.authority.issuing.pem,
      certificates: [revoked.pem],
      nonce: false,
    });
    const base64 = Buffer.from(request).toString('base64');
    const plain = await fetch(`${pki.url}/ocsp/issuing/${encodeURIComponent(base64)}`);
    expect(plain.status).toBe(200);
    expect(plain.headers.get('content-type')).toBe('application/ocsp-response');
    const response = new Uint8Array(await plain.arrayBuffer());
    const claim = { certificates: [revoked.pem], url: '', response, options: ['-no_nonce'] };
    expect(await ask(claim)).toMatchObject({ accepted: true, statuses: ['revoked: keyCompromise'] });
    expect(await asn1Text(response)).not.toMatch(/Nonce/);
    const posted = await post(`${pki.url}/ocsp/issuing`, 'application/ocsp-request', request);
    expect(await ask({ ...claim, response: posted.bytes })).toMatchObject({ accepted: true });
  });

  it('names itself by key or by name, as it is told', async () => {
    const byName = await SandboxPki.start({ responderNaming: 'byName' });
    try {
      const holder = await issueHolder(byName.authority);
      const named = await ask({ certificates: [holder.pem], options: ['-resp_text'] }, byName);
      expect(named).toMatchObject({ accepted: true, statuses: ['good'] });
      expect(named.text).toMatch(/Responder Id: .*Buletin SIMULATED OCSP, Issuing CA/);
    } finally {
      await byName.stop();
    }
    const keyed = await ask({ certificates: [good.pem], options: ['-resp_text'] });
    expect(keyed.text).toMatch(/Responder Id: [0-9A-F]{40}\n/);
    expect(keyed.text).toMatch(/OCSP No Check/);
  });

  it('can be made to fail, so that openssl notices', async () => {
    const stranger = await SandboxAuthority.create();
    const foreign = await answerSigner((publicKey) => stranger.issueOcspSigner({ ca: 'issuing', publicKey }));
    const noResponder = await answerSigner((publicKey) =>
      pki.authority.issueServer({ names: ['localhost'], publicKey }),
    );
    const { faults } = pki;
    const text = async (fault: Parameters<typeof faults.next<'ocsp'>>[1]): Promise<string> => {
      faults.next('ocsp', fault);
      const verdict = await ask({ certificates: [good.pem] });
      expect(verdict.accepted).toBe(false);
      return verdict.text;
    };
    expect(await text({ kind: 'bad-signature' })).toMatch(/Response Verify Failure/);
    expect(await text({ kind: 'signer', signer: foreign })).toMatch(/Response Verify Failure/);
    expect(await text({ kind: 'signer', signer: noResponder })).toMatch(/missing ocspsigning usage/);
    expect(await text({ kind: 'clock', shiftMs: -3_600_000 })).toMatch(/status expired/);
    expect(await text({ kind: 'clock', shiftMs: 3_600_000 })).toMatch(/status not yet valid/);
    expect(await text({ kind: 'other-nonce' })).toMatch(/Nonce Verify error/);
    expect(await text({ kind: 'no-nonce' })).toMatch(/no nonce in response/);
    expect(await text({ kind: 'other-certificate' })).toMatch(/No Status found/);
    expect(await text({ kind: 'refused', status: 'tryLater' })).toMatch(/Responder Error: trylater \(3\)/);
    expect((await ask({ certificates: [good.pem] })).accepted).toBe(true);
  });

  it('replaces its key before the certificate ends', async () => {
    let now = new Date();
    const aging = await SandboxPki.start({ clock: () => now });
    try {
      const holder = await issueHolder(aging.authority);
      expect((await ask({ certificates: [holder.pem] }, aging)).accepted).toBe(true);
      now = new Date(now.getTime() + 40 * 86_400_000);
      const at = ['-attime', String(Math.floor(now.getTime() / 1000)), '-resp_text'];
      const { text } = await ask({ certificates: [holder.pem], options: at }, aging);
      const until = /Not After : (.*)\n/.exec(text)?.[1] ?? '';
      expect(Date.parse(until)).toBeGreaterThan(now.getTime());
    } finally {
      await aging.stop();
    }
  });
});

describe.skipIf(!needs('openssl'))('OCSP requests that are not as they should be', () => {
  const url = (): string => `${pki.url}/ocsp/issuing`;
  const malformed = '30030a0101';
  let certId: Uint8Array;

  beforeAll(async () => {
    const request = await ocspRequest({
      issuer: pki.authority.issuing.pem,
      certificates: [good.pem],
      nonce: false,
    });
    // OCSPRequest, TBSRequest, requestList, Request: four headers of two bytes before the CertID.
    certId = request.subarray(8);
  });

  const extension = (id: string, critical: boolean, value: Uint8Array): Uint8Array =>
    sequence(objectIdentifier(id), ...(critical ? [tlv(0x01, Uint8Array.of(0xff))] : []), octetString(value));
  const unknownExtension = (critical: boolean): Uint8Array =>
    extension('1.3.6.1.4.1.32473.1', critical, octetString());
  const nonce = (length: number): Uint8Array =>
    extension('1.3.6.1.5.5.7.48.1.2', false, octetString(new Uint8Array(length)));
  /** An OCSPRequest of parts: requests, requestExtensions. */
  const request = (requests: readonly Uint8Array[], ...extensions: readonly Uint8Array[]): Uint8Array =>
    sequence(
      sequence(
        sequence(...requests),
        ...(extensions.length === 0 ? [] : [tlv(0xa2, sequence(...extensions))]),
      ),
    );
  const single = (...extensions: readonly Uint8Array[]): Uint8Array =>
    sequence(certId, ...(extensions.length === 0 ? [] : [tlv(0xa0, sequence(...extensions))]));
  const answer = async (body: Uint8Array): Promise<string> =>
    hex((await post(url(), 'application/ocsp-request', body)).bytes);
  /** First octets of a response with status successful. */
  const successful = /^3082....0a0100/;

  it.each([
    ['nothing', () => new Uint8Array()],
    ['text', () => Buffer.from('status of 1?')],
    ['an empty SEQUENCE', () => Uint8Array.of(0x30, 0)],
    ['no certificate asked about', () => request([])],
    ['more than it carries', () => request([single()]).subarray(0, -1)],
    ['bytes after the request', () => Buffer.concat([request([single()]), Uint8Array.of(0)])],
    [
      'indefinite length',
      () => Buffer.concat([Uint8Array.of(0x30, 0x80), request([single()]), Buffer.alloc(2)]),
    ],
    ['more certificates than 32', () => request(Array.from({ length: 33 }, () => single()))],
    ['an empty nonce', () => request([single()], nonce(0))],
    ['a nonce of 129 bytes', () => request([single()], nonce(129))],
    ['two nonces', () => request([single()], nonce(8), nonce(8))],
    ['a critical extension', () => request([single()], unknownExtension(true))],
    ['a critical extension of one request', () => request([single(unknownExtension(true))])],
    ['version 2', () => sequence(sequence(tlv(0xa0, integer(1)), sequence(single())))],
    ['5000 levels', () => Uint8Array.from({ length: 10_000 }, (_, index) => (index % 2 ? 0x80 : 0x30))],
    ['a long list of nothing', () => sequence(sequence(sequence(new Uint8Array(15_000))))],
  ])('are malformed: %s', async (_, body) => {
    expect(await answer(body())).toBe(malformed);
  });

  it.each([
    ['32 certificates', () => request(Array.from({ length: 32 }, () => single()))],
    ['a nonce of 1 byte', () => request([single()], nonce(1))],
    ['a nonce of 128 bytes', () => request([single()], nonce(128))],
    ['an extension that may be passed over', () => request([single()], unknownExtension(false))],
    ['an extension of one request that may be', () => request([single(unknownExtension(false))])],
    ['version 1, said aloud', () => sequence(sequence(tlv(0xa0, integer(0)), sequence(single())))],
  ])('are answered: %s', async (_, body) => {
    expect(await answer(body())).toMatch(successful);
  });

  it('gives a nonce back as it came', async () => {
    const value = octetString(Buffer.from('00ff00112233445566778899aabbccdd', 'hex'));
    const sent = request([single()], extension('1.3.6.1.5.5.7.48.1.2', false, value));
    expect(await answer(sent)).toContain('0410' + '00ff00112233445566778899aabbccdd');
  });

  it('never fail inside: each is answered, however it was cut or changed', async () => {
    const whole = request([single()], nonce(16));
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Uint8Array.from(whole);
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8));
      expect(await answer(changed)).toMatch(/^(?:30030a010[16]|3082....0a0100)/);
      if (index % 5 === 0) expect(await answer(whole.subarray(0, index))).toBe(malformed);
    }
  });

  it('are malformed by GET too', async () => {
    for (const path of ['/AAAA', '/%', '/', '/not base64', `/${'A'.repeat(3000)}`]) {
      const response = await fetch(url() + path);
      expect(response.status).toBe(200);
      expect(hex(new Uint8Array(await response.arrayBuffer()))).toBe(malformed);
    }
  });
});
