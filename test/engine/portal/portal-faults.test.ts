import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PortalSettings } from '../../../electron/contract/portal/settings.ts';
import { readService } from '../../../electron/engine/portal/data-services.ts';
import { beginLogin, login } from '../../../electron/engine/portal/login.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import type { Fault, FaultPoint } from '../../../electron/sandbox/portal/faults.ts';
import type { FakeToken } from './fake-token.ts';
import { failureOf, PortalRig, pinOf } from './signed-in.ts';

let rig: PortalRig;
let settings: PortalSettings;
let session: PortalSession;
let token: FakeToken;

beforeAll(async () => {
  rig = await PortalRig.open();
  settings = rig.impatient;
  session = await rig.signIn(ana, settings);
  token = await rig.token();
});
afterAll(async () => {
  session.end();
  await rig.close();
});
beforeEach(() => {
  rig.portal.faults.clear();
  rig.portal.faults.struck = 0;
  token.signed = [];
});

interface Wrong {
  readonly what: string;
  readonly fault: Fault;
  readonly code: string;
  readonly parameters?: Record<string, unknown>;
}

const invalid = 'portal-answer-invalid';
const html: Wrong = {
  what: 'HTML in place of JSON',
  fault: { kind: 'html' },
  code: invalid,
  parameters: { field: 'content-type' },
};
const redirect: Wrong = {
  what: 'a redirect to a foreign host',
  fault: { kind: 'redirect', location: 'https://portal.invalid/x?y' },
  code: 'portal-redirect-refused',
  parameters: { target: 'portal.invalid' },
};
const huge: Wrong = {
  what: '100 MB, unannounced',
  fault: { kind: 'huge-body', bytes: 100e6, announced: false },
  code: 'portal-answer-too-large',
};
const silence: Wrong = { what: 'silence', fault: { kind: 'silence' }, code: 'portal-timeout' };
const halfClosed: Wrong = {
  what: 'a half-closed connection',
  fault: { kind: 'half-closed' },
  code: 'portal-disconnected',
};
const outOfService: Wrong = {
  what: 'a portal out of service',
  fault: { kind: 'status', status: 503 },
  code: 'portal-fault',
  parameters: { status: 503 },
};

/** What goes wrong anywhere on the way. */
const anywhere: readonly Wrong[] = [html, redirect, huge, halfClosed, outOfService];
/** And what is tried at one place, because nothing differs at the others. */
const faults: readonly Wrong[] = [
  ...anywhere,
  silence,
  {
    what: 'JSON that breaks off',
    fault: { kind: 'broken-json' },
    code: invalid,
    parameters: { field: 'json' },
  },
  {
    what: 'a redirect to nowhere',
    fault: { kind: 'redirect', location: '//[' },
    code: 'portal-redirect-refused',
    parameters: { target: '?' },
  },
  {
    what: 'a redirect within the site',
    fault: { kind: 'redirect', location: '/data/vehicles' },
    code: 'portal-redirect-refused',
  },
  {
    what: '100 MB, announced',
    fault: { kind: 'huge-body', bytes: 100e6, announced: true },
    code: 'portal-answer-too-large',
  },
  { what: 'an answer that stops', fault: { kind: 'stalled-body' }, code: 'portal-timeout' },
  { what: 'an answer that trickles', fault: { kind: 'trickle', intervalMs: 200 }, code: 'portal-timeout' },
  { what: 'a connection hung up', fault: { kind: 'hang-up' }, code: 'portal-disconnected' },
  {
    what: 'a fault of the portal',
    fault: { kind: 'status', status: 500 },
    code: 'portal-fault',
    parameters: { status: 500 },
  },
  {
    what: 'a refusal',
    fault: { kind: 'status', status: 403 },
    code: 'portal-refused',
    parameters: { status: 403 },
  },
];

describe('reading data', () => {
  it.each(faults)('names $what, asks once, and goes on', async ({ fault, code, parameters = {} }) => {
    rig.portal.faults.always('documents', fault);
    const failure = await failureOf(readService(session, 'documents'));
    expect(failure).toMatchObject({ code, parameters: { host: session.host, ...parameters } });
    expect(rig.portal.faults.struck).toBe(1);
    rig.portal.faults.clear();
    expect(session.ended).toBe(false);
    expect((await readService(session, 'documents')).answer.items).toHaveLength(4);
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    rig.portal.faults.next('documents', { kind: 'silence' });
    const reading = failureOf(readService(session, 'documents', controller.signal));
    await expect.poll(() => rig.portal.faults.struck).toBe(1);
    controller.abort();
    expect(await reading).toMatchObject({ code: 'cancelled' });
    expect((await readService(session, 'documents')).answer.items).toHaveLength(4);
  });

  it('answers one service while another is silent', async () => {
    rig.portal.faults.next('documents', { kind: 'silence' });
    const silent = failureOf(readService(session, 'documents'));
    await expect.poll(() => rig.portal.faults.struck).toBe(1);
    expect((await readService(session, 'documents')).answer.items).toHaveLength(4);
    expect(await silent).toMatchObject({ code: 'portal-timeout' });
  });
});

describe('signing in', () => {
  const at = (points: readonly FaultPoint[], rows: readonly Wrong[]) =>
    points.flatMap((point) => rows.map((row) => ({ point, ...row })));

  it.each([...at(['login-start', 'sign-on', 'challenge'], anywhere), ...at(['challenge'], [silence])])(
    'before the PIN, at $point: $what',
    async ({ point, fault, code }) => {
      rig.portal.faults.always(point, fault);
      expect(await failureOf(beginLogin(settings, 'electronic-identity-card'))).toMatchObject({ code });
      expect(rig.portal.faults.struck).toBe(1);
    },
  );

  it.each([
    ...at(['answer', 'continue', 'session'], anywhere),
    ...at(['assertion-consumer'], [redirect, outOfService]),
    ...at(['answer'], [silence]),
  ])('after the PIN, at $point: $what; the card signs once', async ({ point, fault, code }) => {
    rig.portal.faults.always(point, fault);
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({ code });
    expect(token.signed).toHaveLength(1);
    expect(rig.portal.faults.struck).toBe(1);
  });

  it.each([
    ['challenge', 'requestId'],
    ['challenge', 'challenge'],
    ['challenge', 'description'],
    ['answer', 'status'],
    ['answer', 'continuation'],
    ['session', 'registered'],
    ['session', 'expiresAt'],
    ['session', 'holder.idnp'],
  ] as const)('misses a field at %s: %s', async (point, path) => {
    rig.portal.faults.next(point, { kind: 'missing-field', path });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'portal-answer-invalid',
      parameters: { field: path },
    });
  });

  it.each([
    ['a request id that climbs', 'challenge', 'requestId', '../../logout', 'requestId'],
    ['a description that acts on the screen', 'challenge', 'description', 'Sign in\u001b[2J', 'description'],
    ['an answer to another request', 'answer', 'requestId', 'another', 'requestId'],
  ] as const)('takes no %s', async (_what, point, path, value, field) => {
    rig.portal.faults.next(point, { kind: 'field', path, value });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'portal-answer-invalid',
      parameters: { field },
    });
  });

  it.each([
    ['too short', new Uint8Array(31).fill(7), 'length'],
    ['too long', new Uint8Array(33).fill(7), 'length'],
    ['SHA-1 long, as old signers had it', new Uint8Array(20).fill(7), 'length'],
    [
      'DER SignedAttributes',
      Buffer.from('311e301c06092a864886f70d010904310f040d8f3ac1d27be0459614f7aa5d0c', 'hex'),
      'asn1',
    ],
    ['a text', Buffer.from('Sunt de acord cu vanzarea casei.'), 'text'],
    ['zeros', new Uint8Array(32), 'pattern'],
    ['not base64', 'Sunt de acord, ștefan', 'encoding'],
  ])('signs nothing when the challenge is %s: 0 calls reach the card', async (_what, challenge, reason) => {
    rig.portal.faults.next('challenge', { kind: 'challenge', challenge });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toEqual({
      code: 'challenge-refused',
      parameters: { reason },
    });
    expect(token.signed).toEqual([]);
  });

  it.each([
    ['https://mpass.invalid/login/saml', 'mpass.invalid'],
    ['http://localhost/login/saml', 'localhost'],
    ['//localhost:1/login/saml', 'localhost:1'],
  ])('takes a form to no provider but the one of the settings: %s', async (action, host) => {
    const page = `<form method="post" action="${action}"><input name="SAMLRequest" value="PHg+"></form>`;
    rig.portal.faults.next('login-start', { kind: 'html', page });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toEqual({
      code: 'provider-not-trusted',
      parameters: { host, expected: new URL(settings.providerUrl).host },
    });
    expect(token.signed).toEqual([]);
  });

  it('brings the Response to no site but the one of the settings', async () => {
    const page =
      '<form method="post" action="https://shop.invalid/acs"><input name="SAMLResponse" value="PHg+"></form>';
    rig.portal.faults.next('continue', { kind: 'html', page });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toEqual({
      code: 'provider-not-trusted',
      parameters: { host: 'shop.invalid', expected: new URL(settings.servicesUrl).host },
    });
  });

  it('takes no identity that came without a signature of the card', async () => {
    const page = `<form method="post" action="${settings.servicesUrl}/mpass-login"><input name="SAMLResponse" value="PHg+"></form>`;
    rig.portal.faults.next('sign-on', { kind: 'html', page });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'portal-answer-invalid',
      parameters: { field: 'method=nationalid' },
    });
    expect(token.signed).toEqual([]);
  });

  it.each([
    ['no form', '<p>Bună ziua', 'SAMLRequest'],
    ['a form by GET', '<form action="https://localhost/x"><input name="SAMLRequest">', 'SAMLRequest'],
    [
      'a RelayState of 81 bytes',
      `<form method="post" action="PROVIDER/login/saml"><input name="SAMLRequest" value="PHg+"><input name="RelayState" value="${'ș'.repeat(40)}x"></form>`,
      'RelayState',
    ],
    ['a page of 30,000 elements', '<p>'.repeat(30_000), 'html'],
  ])('takes no page with %s', async (_what, page, field) => {
    rig.portal.faults.next('login-start', {
      kind: 'html',
      page: page.replace('PROVIDER', settings.providerUrl),
    });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'portal-answer-invalid',
      parameters: { field },
    });
  });

  it.each([
    ['unsigned', 'signature-missing'],
    ['wrong-key', 'wrong-key'],
    ['expired', 'expired'],
    ['too-new', 'too-new'],
    ['no-destination', 'destination'],
    ['no-in-response-to', 'in-response-to'],
    ['unknown-in-response-to', 'in-response-to'],
    ['wrong-destination', 'destination'],
    ['wrong-audience', 'audience'],
    ['wrong-recipient', 'recipient'],
    ['session-over', 'session-expired'],
    ['doctype', 'doctype'],
    ['changed-after-signing', 'signature-invalid'],
  ] as const)('says why the site refused a Response: %s', async (fault, reason) => {
    const open = rig.portal.openSessions;
    rig.portal.faults.nextResponse(fault);
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toEqual({
      code: 'saml-refused',
      parameters: { host: new URL(settings.servicesUrl).host, reason },
    });
    expect(token.signed).toHaveLength(1);
    expect(rig.portal.openSessions).toBe(open);
  });

  it("takes no session of somebody else's, and leaves none behind", async () => {
    const open = rig.portal.openSessions;
    const holder = { name: 'Altcineva', idnp: '2500*******21' };
    rig.portal.faults.next('session', { kind: 'field', path: 'holder', value: holder });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'login-refused',
      parameters: { reason: 'HolderMismatch' },
    });
    expect(rig.portal.openSessions).toBe(open);
  });
});

describe('the connection', () => {
  it('is to nobody whose certificate does not lead to the trust of the settings', async () => {
    const stranger = await SandboxAuthority.create();
    const distrustful = { ...settings, trust: [stranger.root.pem] };
    expect(await failureOf(beginLogin(distrustful, 'electronic-identity-card'))).toMatchObject({
      code: 'portal-tls',
    });
  });

  it('is to nobody under another name than the certificate’s', async () => {
    const renamed = { ...settings, servicesUrl: settings.servicesUrl.replace('127.0.0.1', 'localhost') };
    expect(await failureOf(beginLogin(renamed, 'electronic-identity-card'))).toMatchObject({
      code: 'portal-tls',
    });
  });

  it('is refused by a portal that has gone', async () => {
    const gone = await PortalRig.open();
    const there = await gone.signIn();
    await gone.close();
    expect(await failureOf(beginLogin(gone.portal.settings, 'electronic-identity-card'))).toMatchObject({
      code: 'portal-unreachable',
    });
    expect(await failureOf(readService(there, 'documents'))).toMatchObject({
      code: expect.stringMatching(/^portal-(?:unreachable|disconnected)$/),
    });
    there.end();
  });

  it('is not for a name that nobody has', async () => {
    const nameless = { ...settings, servicesUrl: 'https://nobody.localhost.invalid' };
    expect(await failureOf(beginLogin(nameless, 'electronic-identity-card'))).toMatchObject({
      code: 'portal-unreachable',
    });
  });
});
