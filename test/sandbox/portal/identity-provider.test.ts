import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, ion, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { type HolderRequest, SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';

/** What the provider believes and what not, asked without our own client. */

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

let authority: SandboxAuthority;
let portal: SandboxPortal;
let agent: Agent;
let ahead = 0;

type Json = Record<string, unknown>;

async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; json: Json }> {
  const { origin, pathname } = new URL(url);
  const answer = await agent.request({
    origin,
    path: pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, json: text === '' ? {} : (JSON.parse(text) as Json) };
}

const start = async (userId?: string): Promise<Json> =>
  (await post(`${portal.servicesUrl}/login`, { userId })).json;
const authenticate = (request: unknown) => post(`${portal.providerUrl}/authenticate`, { request });
const answer = (requestId: unknown, body: Json) =>
  post(`${portal.providerUrl}/authenticate/${requestId}`, body);
const complete = (login: unknown, response: unknown) =>
  post(`${portal.servicesUrl}/login/complete`, { login, response });

async function offered(userId?: string): Promise<{ login: unknown; requestId: string; challenge: Buffer }> {
  const { login, request } = await start(userId);
  const { json } = await authenticate(request);
  return {
    login,
    requestId: json.requestId as string,
    challenge: Buffer.from(json.challenge as string, 'base64'),
  };
}

/** A right answer: PKCS#1 v1.5 with SHA-256 by Ana's authentication certificate. */
async function rightAnswer(
  challenge: Uint8Array,
  request: Partial<HolderRequest> = {},
  key: KeyObject = rsa.privateKey,
  by: SandboxAuthority = authority,
): Promise<Json> {
  const role = request.role ?? 'authentication';
  const der = await by.issueHolder({ person: ana, publicKey: rsa.publicKey, ...request, role });
  return {
    status: 'Success',
    signerCertificate: Buffer.from(der).toString('base64'),
    signatureAlgorithm: 'rsa-sha256',
    challengeSignature: sign('sha256', challenge, key).toString('base64'),
  };
}

beforeAll(async () => {
  authority = await SandboxAuthority.create();
  portal = await SandboxPortal.start({
    authority,
    people: sandboxPeople.filter(({ key }) => key !== 'ecaterina'),
    clock: () => new Date(Date.now() + ahead),
  });
  agent = new Agent({ connect: { ca: authority.root.pem } });
});
afterAll(async () => {
  await agent.destroy();
  await portal.stop();
});

describe('the identity provider', () => {
  it('challenges with 32 bytes, new each time, and says for what and for how long', async () => {
    const { request } = await start();
    const first = await authenticate(request);
    expect(first.json).toEqual({
      requestId: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      challenge: expect.any(String),
      description: 'SIMULARE: autentificare în portalul e-services',
      expiresIn: 120,
    });
    const { challenge } = await offered();
    expect(challenge).toHaveLength(32);
    expect(challenge.toString('base64')).not.toBe(first.json.challenge);
  });

  it('challenges once for each request, and for none it does not know', async () => {
    const { request } = await start();
    expect((await authenticate(request)).status).toBe(200);
    expect(await authenticate(request)).toEqual({ status: 403, json: { error: 'request-unknown' } });
    expect((await authenticate('made-up')).status).toBe(403);
  });

  it('accepts a right answer once', async () => {
    const { login, requestId, challenge } = await offered();
    const body = await rightAnswer(challenge);
    const { json } = await answer(requestId, body);
    expect(json).toEqual({ requestId, status: 'Success', response: expect.any(String) });
    expect(await answer(requestId, body)).toEqual({ status: 403, json: { error: 'challenge-unknown' } });
    expect((await complete(login, json.response)).json).toMatchObject({ holder: { idnp: '2500*******10' } });
  });

  it('lets nobody try again after a wrong answer', async () => {
    const { requestId, challenge } = await offered();
    const wrong = await rightAnswer(randomBytes(32));
    expect((await answer(requestId, wrong)).json).toEqual({
      requestId,
      status: 'Failure',
      failureReason: 'SignatureInvalid',
    });
    expect((await answer(requestId, await rightAnswer(challenge))).status).toBe(403);
  });

  it.each([
    'UserCancelled',
    'WrongPin',
    'NoActiveDevice',
    'DeviceBlocked',
    'CertificateExpired',
    'CertificateRevoked',
    'NotRegistered',
  ])('takes a failure for an answer: %s', async (failureReason) => {
    const { requestId, challenge } = await offered();
    const { json } = await answer(requestId, { status: 'Failure', failureReason });
    expect(json).toEqual({ requestId, status: 'Failure', failureReason });
    expect((await answer(requestId, await rightAnswer(challenge))).status).toBe(403);
  });

  it('accepts no answer after two minutes', async () => {
    const { requestId, challenge } = await offered();
    const body = await rightAnswer(challenge);
    ahead = 120_000;
    const { json } = await answer(requestId, body);
    ahead = 0;
    expect(json).toMatchObject({ status: 'Failure', failureReason: 'ChallengeExpired' });
  });

  it('compares the IDNP with the one that the user gave', async () => {
    const right = await offered(ana.idnp);
    expect((await answer(right.requestId, await rightAnswer(right.challenge))).json).toMatchObject({
      status: 'Success',
    });
    const wrong = await offered(ion.idnp);
    expect((await answer(wrong.requestId, await rightAnswer(wrong.challenge))).json).toMatchObject({
      failureReason: 'UserMismatch',
    });
  });

  it('tells whoever signs which IDNP is expected', async () => {
    const { request } = await start(ion.idnp);
    expect((await authenticate(request)).json).toMatchObject({ userId: '2500000000021' });
  });

  const day = 86_400_000;
  it.each([
    [
      'an expired certificate',
      { notBefore: new Date(Date.now() - 2 * day), notAfter: new Date(Date.now() - day) },
      'CertificateExpired',
    ],
    ['a certificate of tomorrow', { notBefore: new Date(Date.now() + day) }, 'CertificateExpired'],
    [
      'a number that is no IDNP',
      { person: { ...ana, idnp: 'PASMD-AA0000011' }, bareIdnp: true },
      'HolderNotIdentified',
    ],
    ['an IDNP of twelve digits', { person: { ...ana, idnp: '250000000001' } }, 'HolderNotIdentified'],
    ['a person nobody registered', { person: sandboxPeople[4] as typeof ana }, 'NotRegistered'],
  ] as const)('does not believe %s', async (_what, request, failureReason) => {
    const { requestId, challenge } = await offered();
    const { json } = await answer(requestId, await rightAnswer(challenge, request));
    expect(json).toEqual({ requestId, status: 'Failure', failureReason });
  });

  it('does not believe another authority of the same names', async () => {
    const stranger = await SandboxAuthority.create();
    const { requestId, challenge } = await offered();
    const body = await rightAnswer(challenge, {}, rsa.privateKey, stranger);
    expect((await answer(requestId, body)).json).toMatchObject({ failureReason: 'CertificateNotTrusted' });
  });

  it('does not believe a certificate that signs for servers or for authorities, nor weak keys, nor no certificate', async () => {
    const server = await authority.issueServer({ names: ['localhost'], publicKey: rsa.publicKey });
    const der = async (bytes: Uint8Array): Promise<Json> => {
      const { requestId, challenge } = await offered();
      const body = {
        ...(await rightAnswer(challenge)),
        signerCertificate: Buffer.from(bytes).toString('base64'),
      };
      return (await answer(requestId, body)).json;
    };
    // A server's certificate may sign, but names no person.
    expect(await der(server)).toMatchObject({ failureReason: 'HolderNotIdentified' });
    expect(await der(authority.issuing.der)).toMatchObject({ failureReason: 'CertificateInvalid' });
    expect(await der(authority.root.der)).toMatchObject({ failureReason: 'CertificateInvalid' });
    expect(await der(randomBytes(300))).toMatchObject({ failureReason: 'CertificateInvalid' });
    const good = await authority.issueHolder({
      person: ana,
      publicKey: rsa.publicKey,
      role: 'authentication',
    });
    expect(await der(Buffer.concat([good, Buffer.from([0])]))).toMatchObject({
      failureReason: 'CertificateInvalid',
    });
    expect(await der(Uint8Array.from(good).with(-20, (good.at(-20) ?? 0) ^ 1))).toMatchObject({
      status: 'Failure',
    });
    const short = await authority.issueHolder({
      person: ana,
      publicKey: weak.publicKey,
      role: 'authentication',
    });
    expect(await der(short)).toMatchObject({ failureReason: 'CertificateInvalid' });
  });

  it('does not believe a signature of another key, of another algorithm, or over anything else', async () => {
    const attempt = async (change: (challenge: Buffer) => Json): Promise<unknown> => {
      const { requestId, challenge } = await offered();
      const body = { ...(await rightAnswer(challenge)), ...change(challenge) };
      return (await answer(requestId, body)).json.failureReason;
    };
    const base64 = (bytes: Buffer): string => bytes.toString('base64');
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await attempt((c) => ({ challengeSignature: base64(sign('sha256', c, other)) }))).toBe(
      'SignatureInvalid',
    );
    expect(await attempt((c) => ({ challengeSignature: base64(sign('sha1', c, rsa.privateKey)) }))).toBe(
      'SignatureInvalid',
    );
    expect(await attempt((c) => ({ challengeSignature: base64(sign('sha384', c, rsa.privateKey)) }))).toBe(
      'SignatureInvalid',
    );
    expect(await attempt(() => ({ signatureAlgorithm: 'ecdsa-sha384' }))).toBe('SignatureInvalid');
    expect(await attempt(() => ({ signatureAlgorithm: 'sha256-rsa-MGF1' }))).toBe('SignatureInvalid');
    const base64Text = (c: Buffer): Buffer => Buffer.from(base64(c));
    expect(
      await attempt((c) => ({ challengeSignature: base64(sign('sha256', base64Text(c), rsa.privateKey)) })),
    ).toBe('SignatureInvalid');
    expect(
      await attempt((c) => ({ challengeSignature: base64(sign('sha256', c.subarray(1), rsa.privateKey)) })),
    ).toBe('SignatureInvalid');
  });

  it('takes ECDSA as r‖s and as DER', async () => {
    for (const dsaEncoding of ['ieee-p1363', 'der'] as const) {
      const { requestId, challenge } = await offered();
      const signature = sign('sha384', challenge, { key: p384.privateKey, dsaEncoding });
      const body = {
        ...(await rightAnswer(challenge, { publicKey: p384.publicKey, role: 'signature' })),
        signatureAlgorithm: 'ecdsa-sha384',
        challengeSignature: signature.toString('base64'),
      };
      expect((await answer(requestId, body)).json).toMatchObject({ status: 'Success' });
    }
  });

  it.each([
    ['no JSON', 'Success'],
    ['an unknown status', { status: 'Pending' }],
    ['an unknown reason', { status: 'Failure', failureReason: 'Whim' }],
    ['a key of its own', { status: 'Failure', failureReason: 'WrongPin', idnp: '2500000000010' }],
    [
      'SHA-1',
      {
        status: 'Success',
        signerCertificate: 'AA==',
        signatureAlgorithm: 'rsa-sha1',
        challengeSignature: 'AA==',
      },
    ],
    [
      'too much',
      {
        status: 'Success',
        signerCertificate: 'A'.repeat(60_000),
        signatureAlgorithm: 'rsa-sha256',
        challengeSignature: 'AA==',
      },
    ],
  ])('turns nonsense away without using the challenge up: %s', async (_what, body) => {
    const { requestId, challenge } = await offered();
    expect((await answer(requestId, body as Json)).status).toBe(400);
    expect((await answer(requestId, await rightAnswer(challenge))).json).toMatchObject({ status: 'Success' });
  });
});

describe('the e-services site', () => {
  async function response(): Promise<{ login: unknown; response: unknown }> {
    const { login, requestId, challenge } = await offered();
    const { json } = await answer(requestId, await rightAnswer(challenge));
    return { login, response: json.response };
  }

  it('takes a response once, and only for the sign-in that asked for it', async () => {
    const one = await response();
    const two = await response();
    expect(await complete(one.login, two.response)).toEqual({
      status: 403,
      json: { error: 'response-unknown' },
    });
    const three = await response();
    expect((await complete(three.login, three.response)).status).toBe(200);
    expect((await complete(three.login, three.response)).status).toBe(403);
    expect((await complete((await start()).login, three.response)).status).toBe(403);
  });

  it('takes no response that has waited for two minutes', async () => {
    const { login, response: late } = await response();
    ahead = 120_000;
    const { status } = await complete(login, late);
    ahead = 0;
    expect(status).toBe(403);
  });

  it('ends a session by itself', async () => {
    const { login, response: code } = await response();
    const { json } = await complete(login, code);
    expect(Date.parse(json.expiresAt as string) - Date.now()).toBeGreaterThan(800_000);
    const read = async (): Promise<number> => {
      const { origin } = new URL(portal.servicesUrl);
      const headers = { authorization: `Bearer ${json.token}` };
      const got = await agent.request({ origin, path: '/data/documents', method: 'GET', headers });
      await got.body.dump();
      return got.statusCode;
    };
    expect(await read()).toBe(200);
    ahead = 900_000;
    const late = await read();
    ahead = 0;
    expect(late).toBe(401);
  });

  it.each(['', 'Bearer', 'Bearer x', 'Basic YTpi', `Bearer ${'A'.repeat(43)}`])(
    'shows nothing to "%s"',
    async (authorization) => {
      for (const service of ['documents', 'domicile', 'vehicles']) {
        const { origin } = new URL(portal.servicesUrl);
        const got = await agent.request({
          origin,
          path: `/data/${service}`,
          method: 'GET',
          headers: { authorization },
        });
        expect(got.statusCode).toBe(401);
        expect(await got.body.json()).toEqual({ error: 'session-unknown' });
      }
    },
  );

  it('says nothing of its inside when something is missing or wrong', async () => {
    const { origin } = new URL(portal.servicesUrl);
    const missing = await agent.request({ origin, path: '/data/photo', method: 'GET' });
    expect([missing.statusCode, await missing.body.json()]).toEqual([404, { error: 'not-found' }]);
    expect(await post(`${origin}/login`, '{"userId":')).toEqual({
      status: 400,
      json: { error: 'bad-request' },
    });
    expect(missing.headers['cache-control']).toBe('no-store');
  });
});
