import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, ion, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { type HolderRequest, SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { TestBrowser, type TestPage } from './test-browser.ts';

/** What the provider believes and what not, asked without our own client. */

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

let authority: SandboxAuthority;
let portal: SandboxPortal;
let ahead = 0;
const browsers: TestBrowser[] = [];

type Json = Record<string, unknown>;

const jsonOf = (page: TestPage): Json => (page.text === '' ? {} : (JSON.parse(page.text) as Json));

function newBrowser(): TestBrowser {
  const browser = new TestBrowser(authority.root.pem);
  browsers.push(browser);
  return browser;
}

/** From the site to the provider's choice of methods. */
async function start(browser = newBrowser()): Promise<{ browser: TestBrowser; signIn: string }> {
  const choice = await browser.submit(await browser.get(`${portal.servicesUrl}/login`));
  const forms = TestBrowser.forms(choice);
  expect(forms.map(({ action }) => action)).toEqual(Array(2).fill(`${portal.providerUrl}/login/method`));
  return { browser, signIn: forms[0]?.fields.signIn as string };
}

async function choose(browser: TestBrowser, fields: Record<string, string>): Promise<Answered> {
  const page = await browser.post(
    `${portal.providerUrl}/login/method`,
    { method: 'nationalid', ...fields },
    'application/json',
  );
  return { status: page.status, json: jsonOf(page) };
}

interface Answered {
  readonly status: number;
  readonly json: Json;
}

/** Answers a challenge. */
async function answer(requestId: unknown, body: Json | string): Promise<Answered> {
  const page = await newBrowser().postJson(`${portal.providerUrl}/authenticate/${requestId}`, body);
  return { status: page.status, json: jsonOf(page) };
}

/** Takes the provider's outcome back to the site; the site's answer. */
async function complete(browser: TestBrowser, continuation: unknown): Promise<TestPage> {
  const page = await browser.post(`${portal.providerUrl}/login/continue`, {
    continuation: continuation as string,
  });
  return page.status === 200 ? browser.submit(page) : page;
}

interface Offered {
  readonly browser: TestBrowser;
  readonly requestId: string;
  readonly challenge: Buffer;
}

async function offered(userId = ''): Promise<Offered> {
  const { browser, signIn } = await start();
  const { json } = await choose(browser, { signIn, userId });
  return {
    browser,
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
});
afterAll(async () => {
  for (const browser of browsers) await browser.close();
  await portal.stop();
});

describe('the identity provider', () => {
  it('challenges with 32 bytes, new each time, and says for what and for how long', async () => {
    const { browser, signIn } = await start();
    const first = await choose(browser, { signIn });
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
    const { browser, signIn } = await start();
    expect((await choose(browser, { signIn })).status).toBe(200);
    expect(await choose(browser, { signIn })).toEqual({ status: 403, json: { error: 'request-unknown' } });
    expect((await choose(browser, { signIn: 'made-up' })).status).toBe(403);
    expect((await choose(browser, { signIn, method: 'whim' })).status).toBe(400);
  });

  it('accepts a right answer once', async () => {
    const { browser, requestId, challenge } = await offered();
    const body = await rightAnswer(challenge);
    const { json } = await answer(requestId, body);
    expect(json).toEqual({ requestId, status: 'Success', continuation: expect.any(String) });
    expect(await answer(requestId, body)).toEqual({ status: 403, json: { error: 'challenge-unknown' } });
    expect((await complete(browser, json.continuation)).status).toBe(303);
    const session = await browser.json(`${portal.servicesUrl}/session`);
    expect(jsonOf(session)).toMatchObject({ holder: { idnp: '2500*******10' } });
  });

  it('lets nobody try again after a wrong answer', async () => {
    const { requestId, challenge } = await offered();
    const wrong = await rightAnswer(randomBytes(32));
    expect((await answer(requestId, wrong)).json).toEqual({
      requestId,
      status: 'Failure',
      failureReason: 'SignatureInvalid',
      continuation: expect.any(String),
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
    expect(json).toEqual({
      requestId,
      status: 'Failure',
      failureReason,
      continuation: expect.any(String),
    });
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
    const { browser, signIn } = await start();
    const { json } = await choose(browser, { signIn, userId: ion.idnp });
    expect(json).toMatchObject({ userId: '2500000000021' });
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
    expect(json).toEqual({
      requestId,
      status: 'Failure',
      failureReason,
      continuation: expect.any(String),
    });
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
    expect((await answer(requestId, body)).status).toBe(400);
    expect((await answer(requestId, await rightAnswer(challenge))).json).toMatchObject({ status: 'Success' });
  });
});

describe('the e-services site', () => {
  async function continuation(): Promise<{ browser: TestBrowser; continuation: unknown }> {
    const { browser, requestId, challenge } = await offered();
    const { json } = await answer(requestId, await rightAnswer(challenge));
    return { browser, continuation: json.continuation };
  }

  const read = async (browser: TestBrowser, path: string): Promise<number> =>
    (await browser.json(`${portal.servicesUrl}${path}`)).status;

  it('takes a Response once, and only for the sign-in that asked for it', async () => {
    const one = await continuation();
    const two = await continuation();
    const foreign = await complete(one.browser, two.continuation);
    expect([foreign.status, jsonOf(foreign)]).toEqual([403, { error: 'login-unknown' }]);
    const page = await one.browser.post(`${portal.providerUrl}/login/continue`, {
      continuation: one.continuation as string,
    });
    expect((await one.browser.submit(page)).status).toBe(303);
    expect((await one.browser.submit(page)).status).toBe(403);
    expect((await newBrowser().submit(page)).status).toBe(403);
  });

  it('takes nothing that has waited too long', async () => {
    const { browser, continuation: late } = await continuation();
    ahead = 300_000;
    const { status } = await complete(browser, late);
    ahead = 0;
    expect(status).toBe(403);
  });

  it('ends a session by itself', async () => {
    const { browser, continuation: good } = await continuation();
    await complete(browser, good);
    const { expiresAt } = jsonOf(await browser.json(`${portal.servicesUrl}/session`));
    expect(Date.parse(expiresAt as string) - Date.now()).toBeGreaterThan(800_000);
    expect(await read(browser, '/data/documents')).toBe(200);
    ahead = 900_000;
    const late = await read(browser, '/data/documents');
    ahead = 0;
    expect(late).toBe(401);
  });

  it.each(['personal', 'documents', 'domicile', 'vehicles', 'access-log'])(
    'shows no %s to who is not signed in',
    async (service) => {
      const page = await newBrowser().json(`${portal.servicesUrl}/data/${service}`);
      expect([page.status, jsonOf(page)]).toEqual([401, { error: 'session-unknown' }]);
    },
  );

  it('says nothing of its inside when something is missing or wrong', async () => {
    const browser = newBrowser();
    const missing = await browser.json(`${portal.servicesUrl}/data/photo`);
    expect([missing.status, jsonOf(missing)]).toEqual([404, { error: 'not-found' }]);
    const wrong = await browser.postJson(`${portal.servicesUrl}/mpass-login`, '{"SAMLResponse":');
    expect([wrong.status, jsonOf(wrong)]).toEqual([400, { error: 'bad-request' }]);
    expect(missing.headers['cache-control']).toBe('no-store');
  });
});
