import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PortalSettings } from '../../../electron/contract/portal/settings.ts';
import { readDocuments } from '../../../electron/engine/portal/data-services.ts';
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
    const failure = await failureOf(readDocuments(session));
    expect(failure).toMatchObject({ code, parameters: { host: session.host, ...parameters } });
    expect(rig.portal.faults.struck).toBe(1);
    rig.portal.faults.clear();
    expect(session.ended).toBe(false);
    expect((await readDocuments(session)).answer.items).toHaveLength(4);
  });

  it('can be called off', async () => {
    const controller = new AbortController();
    rig.portal.faults.next('documents', { kind: 'silence' });
    const reading = failureOf(readDocuments(session, controller.signal));
    await expect.poll(() => rig.portal.faults.struck).toBe(1);
    controller.abort();
    expect(await reading).toMatchObject({ code: 'cancelled' });
    expect((await readDocuments(session)).answer.items).toHaveLength(4);
  });

  it('answers one service while another is silent', async () => {
    rig.portal.faults.next('documents', { kind: 'silence' });
    const silent = failureOf(readDocuments(session));
    await expect.poll(() => rig.portal.faults.struck).toBe(1);
    expect((await readDocuments(session)).answer.items).toHaveLength(4);
    expect(await silent).toMatchObject({ code: 'portal-timeout' });
  });
});

describe('signing in', () => {
  const at = (points: readonly FaultPoint[], rows: readonly Wrong[]) =>
    points.flatMap((point) => rows.map((row) => ({ point, ...row })));

  it.each([...at(['login-start', 'challenge'], anywhere), ...at(['challenge'], [silence])])(
    'before the PIN, at $point: $what',
    async ({ point, fault, code }) => {
      rig.portal.faults.always(point, fault);
      expect(await failureOf(beginLogin(settings))).toMatchObject({ code });
      expect(rig.portal.faults.struck).toBe(1);
    },
  );

  it.each([...at(['answer', 'login-complete'], anywhere), ...at(['answer'], [silence])])(
    'after the PIN, at $point: $what; the card signs once',
    async ({ point, fault, code }) => {
      rig.portal.faults.always(point, fault);
      expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toMatchObject({ code });
      expect(token.signed).toHaveLength(1);
      expect(rig.portal.faults.struck).toBe(1);
    },
  );

  it.each([
    ['login-start', 'login'],
    ['login-start', 'request'],
    ['login-start', 'provider'],
    ['challenge', 'requestId'],
    ['challenge', 'challenge'],
    ['challenge', 'description'],
    ['answer', 'status'],
    ['answer', 'response'],
    ['login-complete', 'token'],
    ['login-complete', 'expiresAt'],
    ['login-complete', 'holder.idnp'],
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
    [
      'a token that would break out of its header',
      'login-complete',
      'token',
      'a\r\nX: y'.padEnd(64),
      'token',
    ],
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

  it('goes to no provider but the one of the settings', async () => {
    rig.portal.faults.next('login-start', {
      kind: 'field',
      path: 'provider',
      value: 'https://mpass.invalid',
    });
    expect(await failureOf(login(settings, token, '01', pinOf('1234')))).toEqual({
      code: 'provider-not-trusted',
      parameters: { host: 'mpass.invalid', expected: new URL(settings.providerUrl).host },
    });
    expect(token.signed).toEqual([]);
  });

  it("takes no session of somebody else's, and leaves none behind", async () => {
    const open = rig.portal.openSessions;
    const holder = { name: 'Altcineva', idnp: '2500*******21' };
    rig.portal.faults.next('login-complete', { kind: 'field', path: 'holder', value: holder });
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
    expect(await failureOf(beginLogin(distrustful))).toMatchObject({ code: 'portal-tls' });
  });

  it('is to nobody under another name than the certificate’s', async () => {
    const renamed = { ...settings, servicesUrl: settings.servicesUrl.replace('127.0.0.1', 'localhost') };
    expect(await failureOf(beginLogin(renamed))).toMatchObject({ code: 'portal-tls' });
  });

  it('is refused by a portal that has gone', async () => {
    const gone = await PortalRig.open();
    const there = await gone.signIn();
    await gone.close();
    expect(await failureOf(beginLogin(gone.portal.settings))).toMatchObject({ code: 'portal-unreachable' });
    expect(await failureOf(readDocuments(there))).toMatchObject({
      code: expect.stringMatching(/^portal-(?:unreachable|disconnected)$/),
    });
    there.end();
  });

  it('is not for a name that nobody has', async () => {
    const nameless = { ...settings, servicesUrl: 'https://nobody.localhost.invalid' };
    expect(await failureOf(beginLogin(nameless))).toMatchObject({ code: 'portal-unreachable' });
  });
});
