import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ana, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';
import { createSamlKey, type SamlKey } from '../../../electron/sandbox/saml/index.ts';
import { needs } from '../../run/needs.ts';
import { Pysaml2Peer } from '../saml/pysaml2-peer.ts';
import { TestBrowser, type TestPage } from './test-browser.ts';

/** pysaml2 as a second service at our provider, and as the provider of our site, over HTTPS. */

interface Posted {
  readonly id: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const service = {
  entityId: 'https://registru.invalid/saml',
  acs: 'https://registru.invalid/acs',
  slo: 'https://registru.invalid/slo',
};
const provider = {
  entityId: 'https://idp.invalid/meta',
  sso: 'https://idp.invalid/sso',
  slo: 'https://idp.invalid/slo',
};
const success = 'urn:oasis:names:tc:SAML:2.0:status:Success';

let authority: SandboxAuthority;
let key: SamlKey;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  [authority, key] = await Promise.all([SandboxAuthority.create(), createSamlKey('A foreign party')]);
});
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

function newBrowser(): TestBrowser {
  const browser = new TestBrowser(authority.root.pem);
  closing.push(() => browser.close());
  return browser;
}

/** From the provider's choice of methods to its Response, with Ana's card. */
async function prove(browser: TestBrowser, choice: TestPage, providerUrl: string): Promise<TestPage> {
  const signIn = TestBrowser.forms(choice)[0]?.fields.signIn ?? '';
  const chosen = { signIn, method: 'nationalid' };
  const offer = JSON.parse(
    (await browser.post(`${providerUrl}/login/method`, chosen, 'application/json')).text,
  );
  const certificate = await authority.issueHolder({
    person: ana,
    publicKey: rsa.publicKey,
    role: 'authentication',
  });
  const answered = await browser.postJson(`${providerUrl}/authenticate/${offer.requestId}`, {
    status: 'Success',
    signerCertificate: Buffer.from(certificate).toString('base64'),
    signatureAlgorithm: 'rsa-sha256',
    challengeSignature: sign('sha256', Buffer.from(offer.challenge, 'base64'), rsa.privateKey).toString(
      'base64',
    ),
  });
  const { continuation } = JSON.parse(answered.text);
  return browser.post(`${providerUrl}/login/continue`, { continuation });
}

const judges = needs('python-judges') && needs('xmlsec1');

describe.skipIf(!judges)('a foreign service at the provider', { timeout: 60_000 }, () => {
  let portal: SandboxPortal;
  let peer: Pysaml2Peer;

  const ask = async (job: Record<string, unknown> & { step: string }): Promise<Posted> =>
    (await peer.ask(job)) as Posted;
  const request = (options: Record<string, boolean> = {}): Promise<Posted> =>
    ask({ step: 'request', peer: portal.parties.provider.entityId, relayState: 'r-1', ...options });
  const response = (page: TestPage, { id }: Posted): Promise<unknown> => {
    const form = TestBrowser.forms(page)[0];
    expect(form?.action).toBe(service.acs);
    expect(form?.fields.RelayState).toBe('r-1');
    return peer.ask({
      step: 'response',
      message: form?.fields.SAMLResponse,
      outstanding: { [id]: '/' },
    });
  };
  const isChoice = (page: TestPage): boolean => page.text.includes('Buletin de identitate electronic');

  beforeAll(async () => {
    portal = await SandboxPortal.start({
      authority,
      people: sandboxPeople,
      services: [
        {
          entityId: service.entityId,
          name: 'un registru străin',
          assertionConsumerServiceUrls: [service.acs],
          singleLogoutUrl: service.slo,
          certificates: [key.certificate],
        },
      ],
    });
    closing.push(() => portal.stop());
    const metadata = await newBrowser().get(`${portal.providerUrl}/meta/saml`);
    expect(metadata.headers['content-type']).toMatch(/samlmetadata\+xml/);
    peer = new Pysaml2Peer({
      role: 'sp',
      entity: service.entityId,
      endpoints: { acs: service.acs, slo: service.slo },
      key,
      peerMetadata: metadata.text,
    });
    closing.push(() => peer.stop());
  });

  it('gets who signed in, with the attributes of MPass', async () => {
    const browser = newBrowser();
    const asked = await request();
    const choice = await browser.post(asked.url, asked.fields);
    expect(isChoice(choice)).toBe(true);
    expect(await response(await prove(browser, choice, portal.providerUrl), asked)).toMatchObject({
      name: '2500000000010',
      issuer: portal.parties.provider.entityId,
      inResponseTo: asked.id,
      attributes: {
        NameIdentifier: ['2500000000010'],
        FirstName: ['Ana-Măriuța'],
        LastName: ['Specimen-Țurcanu'],
        BirthDate: ['1990-01-31'],
        Gender: ['2'],
        IsResident: ['true'],
        Language: ['ro'],
      },
    });
  });

  it('needs no second proof after our site had one (single sign-on), unless it insists (ForceAuthn)', async () => {
    const browser = newBrowser();
    const choice = await browser.submit(await browser.get(`${portal.servicesUrl}/login`));
    expect((await browser.submit(await prove(browser, choice, portal.providerUrl))).status).toBe(303);
    const asked = await request();
    const known = await browser.post(asked.url, asked.fields);
    expect(await response(known, asked)).toMatchObject({ name: '2500000000010' });
    const passive = await request({ passive: true });
    expect(await response(await browser.post(passive.url, passive.fields), passive)).toMatchObject({
      name: '2500000000010',
    });
    const forced = await request({ force: true });
    expect(isChoice(await browser.post(forced.url, forced.fields))).toBe(true);
  });

  it('is told so when nobody is signed in and nobody may be asked (IsPassive)', async () => {
    const asked = await request({ passive: true });
    const page = await newBrowser().post(asked.url, asked.fields);
    expect(await response(page, asked)).toEqual({ refused: expect.stringMatching(/^StatusNoPassive/) });
  });

  it('is told that the person cancelled', async () => {
    const browser = newBrowser();
    const asked = await request();
    const choice = await browser.post(asked.url, asked.fields);
    const signIn = TestBrowser.forms(choice)[0]?.fields.signIn ?? '';
    const offer = JSON.parse(
      (
        await browser.post(
          `${portal.providerUrl}/login/method`,
          { signIn, method: 'identitycard' },
          'application/json',
        )
      ).text,
    );
    const answered = await browser.postJson(`${portal.providerUrl}/authenticate/${offer.requestId}`, {
      status: 'Failure',
      failureReason: 'UserCancelled',
    });
    const { continuation } = JSON.parse(answered.text);
    const page = await browser.post(`${portal.providerUrl}/login/continue`, { continuation });
    expect(await response(page, asked)).toEqual({
      refused: expect.stringMatching(/^StatusAuthnFailed[\s\S]*UserCancelled/),
    });
  });

  it('signs out of everything: our site is told before it gets its answer', async () => {
    const browser = newBrowser();
    const choice = await browser.submit(await browser.get(`${portal.servicesUrl}/login`));
    await browser.submit(await prove(browser, choice, portal.providerUrl));
    const asked = await request();
    const said = (await response(await browser.post(asked.url, asked.fields), asked)) as {
      sessionIndex: string;
    };
    expect((await browser.json(`${portal.servicesUrl}/session`)).status).toBe(200);
    const open = portal.openProviderSessions;

    const leaving = await ask({
      step: 'logout-request',
      peer: portal.parties.provider.entityId,
      url: portal.parties.provider.singleLogoutUrl,
      name: '2500000000010',
      session: said.sessionIndex,
    });
    const toSite = await browser.post(leaving.url, leaving.fields);
    expect(TestBrowser.forms(toSite)[0]?.action).toBe(portal.parties.site.singleLogoutUrl);
    const toProvider = await browser.submit(toSite);
    expect((await browser.json(`${portal.servicesUrl}/session`)).status).toBe(401);
    const toService = await browser.submit(toProvider);
    const form = TestBrowser.forms(toService)[0];
    expect(form?.action).toBe(service.slo);
    expect(await peer.ask({ step: 'logout-response', message: form?.fields.SAMLResponse })).toEqual({
      inResponseTo: leaving.id,
      issuer: portal.parties.provider.entityId,
      status: success,
    });
    expect(portal.openProviderSessions).toBe(open - 1);
    // The same request again is a replay.
    expect((await browser.post(leaving.url, leaving.fields)).text).toBe(
      '{"error":"saml-refused","reason":"replayed"}',
    );
  });

  it('is signed out by the person at the provider', async () => {
    const browser = newBrowser();
    const asked = await request();
    const choice = await browser.post(asked.url, asked.fields);
    await prove(browser, choice, portal.providerUrl);
    const page = await browser.submit(await browser.get(`${portal.providerUrl}/`));
    const form = TestBrowser.forms(page)[0];
    expect(form?.action).toBe(service.slo);
    const answered = await ask({ step: 'logout-answer', message: form?.fields.SAMLRequest });
    const end = await browser.post(answered.url, answered.fields);
    expect([end.status, end.text]).toEqual([200, expect.stringContaining('Ați ieșit din toate serviciile.')]);
  });
});

describe.skipIf(!judges)('a foreign provider of our site', { timeout: 60_000 }, () => {
  let portal: SandboxPortal;
  let peer: Pysaml2Peer;
  const ask = async (job: Record<string, unknown> & { step: string }): Promise<Posted> =>
    (await peer.ask(job)) as Posted;

  beforeAll(async () => {
    portal = await SandboxPortal.start({
      authority,
      people: sandboxPeople,
      foreignProvider: {
        entityId: provider.entityId,
        singleSignOnUrl: provider.sso,
        singleLogoutUrl: provider.slo,
        certificates: [key.certificate],
      },
    });
    closing.push(() => portal.stop());
    peer = new Pysaml2Peer({
      role: 'idp',
      entity: provider.entityId,
      endpoints: { sso: provider.sso, slo: provider.slo },
      key,
      peerMetadata: (await newBrowser().get(`${portal.servicesUrl}/meta/saml`)).text,
    });
    closing.push(() => peer.stop());
  });

  async function signedIn(browser: TestBrowser): Promise<void> {
    const page = await browser.get(`${portal.servicesUrl}/login`);
    const form = TestBrowser.forms(page)[0];
    expect(form?.action).toBe(provider.sso);
    const answered = await ask({
      step: 'answer',
      message: form?.fields.SAMLRequest,
      relayState: form?.fields.RelayState,
      name: '2500000000010',
      attributes: { FirstName: ['Ana-Măriuța'], LastName: ['Specimen-Țurcanu'] },
      until: '2099-01-01T00:00:00Z',
      context: 'urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI',
    });
    expect(answered.url).toBe(portal.parties.site.assertionConsumerServiceUrls[0]);
    expect((await browser.post(answered.url, answered.fields)).status).toBe(303);
  }

  it('signs a person in, who then sees their data and signs out at both', async () => {
    const browser = newBrowser();
    await signedIn(browser);
    const session = JSON.parse((await browser.json(`${portal.servicesUrl}/session`)).text);
    expect(session.holder).toEqual({ name: 'Ana-Măriuța Specimen-Țurcanu', idnp: '2500*******10' });
    expect((await browser.json(`${portal.servicesUrl}/data/documents`)).status).toBe(200);

    const page = await browser.post(`${portal.servicesUrl}/logout`, {});
    const form = TestBrowser.forms(page)[0];
    expect(form?.action).toBe(provider.slo);
    const answered = await ask({
      step: 'logout-answer',
      message: form?.fields.SAMLRequest,
      relayState: form?.fields.RelayState,
    });
    const fields = { ...answered.fields, RelayState: form?.fields.RelayState ?? '' };
    expect((await browser.post(answered.url, fields)).status).toBe(303);
    expect((await browser.json(`${portal.servicesUrl}/session`)).status).toBe(401);
  });

  it('says no, and the site says that nobody is signed in', async () => {
    const browser = newBrowser();
    const form = TestBrowser.forms(await browser.get(`${portal.servicesUrl}/login`))[0];
    const answered = await ask({
      step: 'refuse',
      message: form?.fields.SAMLRequest,
      subcode: 'urn:oasis:names:tc:SAML:2.0:status:RequestDenied',
    });
    const fields = { ...answered.fields, RelayState: form?.fields.RelayState ?? '' };
    const page = await browser.post(answered.url, fields);
    expect([page.status, JSON.parse(page.text).error]).toEqual([403, 'login-failed']);
    expect((await browser.json(`${portal.servicesUrl}/session`)).status).toBe(401);
  });
});
