import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { integer, objectIdentifier, octetString, sequence, tlv } from '../../../electron/sandbox/pki/der.ts';
import { answerSigner } from '../../../electron/sandbox/pki/responder-signing.ts';
import { SandboxPki } from '../../../electron/sandbox/pki/sandbox-pki.ts';
import { chainFault } from '../../rig/judges/openssl.ts';
import {
  asn1Text,
  certificatesIn,
  timestampFault,
  timestampQuery,
  timestampText,
  timestampToken,
} from '../../rig/judges/openssl-pki.ts';
import { needs } from '../../run/needs.ts';
import { hex, post } from './desk.ts';

const data = Buffer.from('Cerere de probă, SIMULATĂ');
let pki: SandboxPki;

beforeAll(async () => {
  pki = await SandboxPki.start();
});

afterAll(() => pki.stop());

/** The reply to a request, by HTTP. */
async function stamp(query: Uint8Array): Promise<Uint8Array> {
  const answer = await post(pki.timestampUrl, 'application/timestamp-query', query);
  expect(answer).toMatchObject({ status: 200, type: 'application/timestamp-reply' });
  return answer.bytes;
}

const roots = (): string[] => [pki.authority.root.pem];

describe.skipIf(!needs('openssl'))('time stamps, judged by openssl', () => {
  it.each(['sha256', 'sha384', 'sha512'])('over %s fit the data and the request', async (hash) => {
    const query = await timestampQuery(data, [`-${hash}`, '-cert']);
    const reply = await stamp(query);
    expect(await timestampFault({ reply, query, roots: roots() })).toBeUndefined();
    expect(await timestampFault({ reply, data, roots: roots() })).toBeUndefined();
    const text = await timestampText(reply);
    expect(text).toMatch(/Status: Granted\.\n/);
    expect(text).toMatch(/Policy OID: 1\.3\.6\.1\.4\.1\.32473\.498\.1\.4\n/);
    expect(text).toMatch(new RegExp(`Hash Algorithm: ${hash}\\n`));
    expect(text).toMatch(/Accuracy: 0x01 seconds/);
    expect(text).toMatch(/Ordering: no\n/);
    expect(text).toMatch(/Nonce: 0x[0-9A-F]+\n/);
    expect(text).toMatch(/TSA: DirName:.*CN=Buletin SIMULATED TSA/);
  });

  it('do not fit other data, another request or another root', async () => {
    const query = await timestampQuery(data);
    const reply = await stamp(query);
    const other = await timestampQuery(data);
    expect(await timestampFault({ reply, data: Buffer.from('altceva'), roots: roots() })).toMatch(/mismatch/);
    expect(await timestampFault({ reply, query: other, roots: roots() })).toMatch(/nonce mismatch/);
    const stranger = await SandboxAuthority.create();
    expect(await timestampFault({ reply, query, roots: [stranger.root.pem] })).toMatch(
      /certificate verify error/,
    );
  });

  it('tell the time in UTC, in whole seconds, and have numbers of their own', async () => {
    const now = new Date('2026-07-04T21:15:09.870Z');
    const fixed = await SandboxPki.start({ clock: () => now });
    try {
      const query = await timestampQuery(data);
      const replies = await Promise.all(
        [1, 2].map(() => post(fixed.timestampUrl, 'application/timestamp-query', query)),
      );
      const texts = await Promise.all(replies.map(({ bytes }) => timestampText(bytes)));
      for (const text of texts) expect(text).toMatch(/Time stamp: Jul {2}4 21:15:09 2026 GMT\n/);
      const serials = texts.map((text) => /Serial number: (0x\w+)/.exec(text)?.[1]);
      expect(new Set(serials).size).toBe(2);
      // GeneralizedTime in the form of DER: seconds, no fraction, Z.
      expect(hex(replies[0]?.bytes ?? data)).toContain(`180f${hex(Buffer.from('20260704211509Z'))}`);
    } finally {
      await fixed.stop();
    }
  });

  it('carry the certificate only when it was asked for', async () => {
    const [certificate, ...others] = await certificatesIn(
      await timestampToken(await stamp(await timestampQuery(data))),
    );
    expect(others).toEqual([]);
    const query = await timestampQuery(data, ['-sha256']);
    const reply = await stamp(query);
    expect(await certificatesIn(await timestampToken(reply))).toEqual([]);
    expect(await timestampFault({ reply, query, roots: roots() })).toMatch(/signer certificate not found/i);
    const untrusted = certificate ?? '';
    expect(await timestampFault({ reply, query, roots: roots(), untrusted })).toBeUndefined();
    const chain = { leaf: untrusted, roots: roots() };
    const strict = (purpose: string): string[] => ['-x509_strict', '-purpose', purpose];
    expect(await chainFault({ ...chain, options: strict('timestampsign') })).toBeUndefined();
    expect(await chainFault({ ...chain, options: strict('sslclient') })).toMatch(/purpose/);
  });

  it('are signed over attributes in the order of DER, with the certificate among them', async () => {
    const token = await timestampToken(await stamp(await timestampQuery(data)));
    const text = await asn1Text(token);
    const attributes = [...text.matchAll(/OBJECT\s+:(contentType|messageDigest|id-smime-aa-\S+)/g)];
    // By their encodings: 30 1A, 30 2F, 30 81.
    expect(attributes.map(([, name]) => name)).toEqual([
      'contentType',
      'messageDigest',
      'id-smime-aa-signingCertificateV2',
    ]);
    expect(text).toMatch(/:id-smime-ct-TSTInfo\n/);
  });

  it('need no nonce', async () => {
    const query = await timestampQuery(data, ['-sha256', '-cert', '-no_nonce']);
    const reply = await stamp(query);
    expect(await timestampFault({ reply, query, roots: roots() })).toBeUndefined();
    expect(await timestampText(reply)).toMatch(/Nonce: unspecified\n/);
  });

  it('are refused for SHA-1 and for other policies, given for ours', async () => {
    const failure = async (...options: string[]): Promise<string> =>
      timestampText(await stamp(await timestampQuery(data, options)));
    expect(await failure('-sha1')).toMatch(/Status: Rejected\.[\s\S]*unsupported algorithm identifier/);
    expect(await failure('-md5')).toMatch(/Status: Rejected\.[\s\S]*unsupported algorithm identifier/);
    expect(await failure('-sha256', '-tspolicy', '1.2.498.3.32.5')).toMatch(
      /Status: Rejected\.[\s\S]*policy is not supported/,
    );
    expect(await failure('-sha256', '-tspolicy', '1.3.6.1.4.1.32473.498.1.4')).toMatch(/Status: Granted\./);
  });

  it('can be made to fail, so that openssl notices', async () => {
    const stranger = await SandboxAuthority.create();
    const issue = stranger.issueTimestampSigner.bind(stranger);
    const foreign = await answerSigner((publicKey) => issue({ publicKey }));
    const otherPurpose = await answerSigner((publicKey) =>
      pki.authority.issueOcspSigner({ ca: 'root', publicKey }),
    );
    const query = await timestampQuery(data);
    const { faults } = pki;
    const fault = async (
      one: Parameters<typeof faults.next<'timestamp'>>[1],
    ): Promise<string | undefined> => {
      faults.next('timestamp', one);
      return timestampFault({ reply: await stamp(query), query, roots: roots() });
    };
    expect(await fault({ kind: 'other-imprint' })).toMatch(/message imprint mismatch/);
    expect(await fault({ kind: 'other-nonce' })).toMatch(/nonce mismatch/);
    expect(await fault({ kind: 'no-nonce' })).toMatch(/nonce not returned/);
    expect(await fault({ kind: 'bad-signature' })).toMatch(/signature failure/);
    expect(await fault({ kind: 'signer', signer: foreign })).toMatch(/certificate verify error/);
    expect(await fault({ kind: 'signer', signer: otherPurpose })).toMatch(/purpose|verify error/);
    expect(await fault({ kind: 'rejected', failure: 'timeNotAvailable' })).toMatch(/timeNotAvailable/);
    expect(await fault({ kind: 'rejected', failure: 'systemFailure' })).toMatch(/systemFailure/);
    faults.next('timestamp', { kind: 'clock', shiftMs: -86_400_000 });
    const time = /Time stamp: (.*)\n/.exec(await timestampText(await stamp(query)))?.[1] ?? '';
    expect(Date.now() - Date.parse(time)).toBeGreaterThan(86_400_000 - 1);
  });
});

describe('time-stamp requests that are not as they should be', () => {
  const sha256 = objectIdentifier('2.16.840.1.101.3.4.2.1');
  const imprint = (digest: Uint8Array, ...parameters: readonly Uint8Array[]): Uint8Array =>
    sequence(sequence(sha256, ...parameters), octetString(digest));
  const right = imprint(createHash('sha256').update(data).digest(), Uint8Array.of(5, 0));
  const nonce = (length: number): Uint8Array => tlv(0x02, new Uint8Array(length).fill(0x11));
  const extensions = tlv(0xa0, sequence(objectIdentifier('1.3.6.1.4.1.32473.1'), octetString()));
  /** A rejection: PKIStatus 2 and one bit of PKIFailureInfo, as X.690 writes named bits. */
  const rejected = { badAlg: '0302' + '0780', badRequest: '0302' + '0520', badDataFormat: '0302' + '0204' };
  const reply = (failure: string): string => {
    const info = `020102${failure}`;
    const status = `30${(info.length / 2).toString(16).padStart(2, '0')}${info}`;
    return `30${(status.length / 2).toString(16).padStart(2, '0')}${status}`;
  };

  it.each([
    ['nothing', new Uint8Array(), reply(rejected.badDataFormat)],
    ['text', Buffer.from('what time is it?'), reply(rejected.badDataFormat)],
    [
      'bytes after it',
      Buffer.concat([sequence(integer(1), right), Buffer.alloc(1)]),
      reply(rejected.badDataFormat),
    ],
    ['a cut one', sequence(integer(1), right).subarray(0, -1), reply(rejected.badDataFormat)],
    ['a short digest', sequence(integer(1), imprint(Buffer.alloc(31))), reply(rejected.badDataFormat)],
    ['a long digest', sequence(integer(1), imprint(Buffer.alloc(64))), reply(rejected.badDataFormat)],
    ['version 2', sequence(integer(2), right), reply(rejected.badRequest)],
    ['a nonce of 65 bytes', sequence(integer(1), right, nonce(65)), reply(rejected.badRequest)],
    [
      'a digest with parameters',
      sequence(integer(1), imprint(Buffer.alloc(32), integer(7))),
      reply(rejected.badAlg),
    ],
    // unacceptedExtension is bit 16, so that three octets are written: 00 00 80.
    ['an extension', sequence(integer(1), right, extensions), reply('030407000080')],
  ])('are rejected: %s', async (_, query, expected) => {
    expect(hex(await stamp(query))).toBe(expected);
  });

  it('are taken with a digest without parameters and a nonce of 64 bytes', async () => {
    const bare = imprint(createHash('sha256').update(data).digest());
    // PKIStatusInfo with status 0 comes first.
    expect(hex(await stamp(sequence(integer(1), bare)))).toMatch(/^3082....3003020100/);
    expect(hex(await stamp(sequence(integer(1), right, nonce(64))))).toMatch(/^3082....3003020100/);
  });

  it('give a nonce back octet for octet', async () => {
    for (const value of ['00ff01', '7f', '00', '80', 'ff00ff00ff00ff00ff']) {
      const octets = Buffer.from(value, 'hex');
      const answer = hex(await stamp(sequence(integer(1), right, tlv(0x02, octets))));
      expect(answer).toContain(`${hex(tlv(0x02, octets))}a0`);
    }
  });

  it('never fail inside: each is answered, however it was changed', async () => {
    const whole = sequence(integer(1), right, nonce(8), tlv(0x01, Uint8Array.of(0xff)));
    for (let index = 0; index < whole.length; index += 1) {
      const changed = Uint8Array.from(whole);
      changed[index] = (changed[index] ?? 0) ^ (1 << (index % 8));
      expect(hex(await stamp(changed))).toMatch(/^(?:3082....3003020100|30..30..020102)/);
    }
  });
});
