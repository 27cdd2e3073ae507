import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { readService } from '../../../electron/engine/portal/data-services.ts';
import { abandonLogin, beginLogin, completeLogin, login } from '../../../electron/engine/portal/login.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana, natalia, sandboxPeople } from '../../../electron/sandbox/people.ts';
import { FakeToken } from './fake-token.ts';
import { failureOf, PortalRig, pinOf } from './signed-in.ts';

let rig: PortalRig;
/** What the sandbox believes the time to be. */
let portalTime = 0;
const sessions: PortalSession[] = [];

const keep = (session: PortalSession): PortalSession => {
  sessions.push(session);
  return session;
};

beforeAll(async () => {
  rig = await PortalRig.open({ clock: () => new Date(Date.now() + portalTime) });
});
afterAll(async () => {
  for (const session of sessions) session.end();
  await rig.close();
});

describe('signing in', () => {
  it('shows who asks for what, and signs the digest of the challenge', async () => {
    const challenge = Buffer.from('8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c6048fe99a62d537', 'hex');
    rig.portal.faults.next('challenge', { kind: 'challenge', challenge });
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    expect(pending).toMatchObject({
      description: 'SIMULARE: autentificare în portalul e-services',
      providerHost: new URL(rig.portal.providerUrl).host,
      label: 'e-services (SIMULAT)',
      simulated: true,
      userId: undefined,
    });
    expect(JSON.stringify(pending)).not.toContain('jzrB0nvg');
    const token = await rig.token();
    // The portal gave out another challenge, so it does not believe this signature.
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234')))).toEqual({
      code: 'login-refused',
      parameters: { host: pending.providerHost, reason: 'SignatureInvalid' },
    });
    expect(token.signed).toHaveLength(1);
    expect(Buffer.from(token.signed[0]?.digest ?? []).toString('hex')).toBe(
      '52631aeae805188b32a33514e994e0656933469185edd2f77fa86b9044f08796',
    );
  });

  it('leads to a session of the person on the card', async () => {
    const session = keep(await login(rig.portal.settings, await rig.token(natalia), '01', pinOf('1234')));
    expect(session.holder).toEqual({ name: 'Natalia Vymyshlennaya', idnp: '2500*******17' });
    expect(session).toMatchObject({ label: 'e-services (SIMULAT)', simulated: true, ended: false });
    expect(session.host).toBe(new URL(rig.portal.servicesUrl).host);
  });

  it('works with the one key of the card of 2025, EC P-384, whose signature is r‖s', async () => {
    const token = new FakeToken([await rig.key('p384', { role: 'signature' })]);
    const session = keep(await login(rig.portal.settings, token, '02', pinOf('1234')));
    expect(session.ended).toBe(false);
    expect(token.signed[0]).toMatchObject({ algorithm: { kind: 'ecdsa', hash: 'SHA-384' } });
    expect(token.signed[0]?.digest).toHaveLength(48);
  });

  it('works with a bare IDNP in the certificate', async () => {
    const token = new FakeToken([await rig.key('rsa', { bareIdnp: true })]);
    expect(keep(await login(rig.portal.settings, token, '01', pinOf('1234'))).ended).toBe(false);
  });

  it('gives a wrong PIN to the card once, and lets the person try another on the same sign-in', async () => {
    const token = await rig.token();
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('0000')))).toMatchObject({
      code: 'pin-wrong',
    });
    expect(token.signed).toHaveLength(1);
    const session = keep(await completeLogin(pending, token, '01', pinOf('1234')));
    expect(token.signed).toHaveLength(2);
    expect((await readService(session, 'documents')).answer.items).toHaveLength(4);
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234')))).toMatchObject({
      code: 'login-expired',
    });
    expect(token.signed).toHaveLength(2);
  });

  it('passes the word about the last try on, and only when it was given', async () => {
    const token = await rig.token();
    keep(await login(rig.portal.settings, token, '01', pinOf('1234')));
    keep(await login(rig.portal.settings, token, '01', pinOf('1234'), { acknowledgeLastTry: true }));
    expect(token.signed.map(({ options }) => options)).toEqual([
      { acknowledgeLastTry: false },
      { acknowledgeLastTry: true },
    ]);
  });

  it('leaves the PIN to its owner: neither destroyed nor kept', async () => {
    const pin = pinOf('1234');
    keep(await login(rig.portal.settings, await rig.token(), '01', pin));
    expect(Buffer.from(pin.expose()).toString()).toBe('1234');
    pin.destroy();
  });

  it('is not done twice at the same time', async () => {
    const token = await rig.token();
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    const first = completeLogin(pending, token, '01', pinOf('1234'));
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234')))).toMatchObject({
      code: 'agent-busy',
    });
    keep(await first);
    expect(token.signed).toHaveLength(1);
  });

  it('takes nothing for a pending login that it did not begin', async () => {
    const token = await rig.token();
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    expect(await failureOf(completeLogin({ ...pending }, token, '01', pinOf('1234')))).toMatchObject({
      code: 'internal',
    });
    expect(token.signed).toEqual([]);
  });

  it('asks the portal nothing when the card cannot sign in', async () => {
    rig.portal.faults.always('login-start', { kind: 'status', status: 500 });
    const token = new FakeToken([await rig.key('rsa', { notAfter: new Date(Date.now() - 1000) })]);
    expect(await failureOf(login(rig.portal.settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'certificate-expired',
    });
    expect(token.signed).toEqual([]);
    rig.portal.faults.clear();
  });

  it('turns to no other signature than the card made', async () => {
    const token = await rig.token();
    token.spoil = (signature) => signature.with(17, (signature[17] ?? 0) ^ 1);
    expect(await failureOf(login(rig.portal.settings, token, '01', pinOf('1234')))).toMatchObject({
      code: 'login-refused',
      parameters: { reason: 'SignatureInvalid' },
    });
    expect(token.signed).toHaveLength(1);
  });

  it('needs a person whom the portal knows', async () => {
    const other = await PortalRig.open({ people: sandboxPeople.filter(({ key }) => key !== 'ana') });
    expect(await failureOf(other.signIn(ana))).toMatchObject({
      code: 'login-refused',
      parameters: { reason: 'NotRegistered' },
    });
    await other.close();
  });

  it('needs a card of an authority that the portal knows', async () => {
    const stranger = await PortalRig.open();
    expect(
      await failureOf(login(rig.portal.settings, await stranger.token(), '01', pinOf('1234'))),
    ).toMatchObject({
      code: 'login-refused',
      parameters: { reason: 'CertificateNotTrusted' },
    });
    await stranger.close();
  });
});

describe('time', () => {
  it('runs out on a challenge before the card is asked', async () => {
    const token = await rig.token();
    rig.portal.faults.next('challenge', { kind: 'field', path: 'expiresIn', value: 1 });
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    await expect.poll(() => Date.now() >= (pending.expiresAt?.getTime() ?? 0), { timeout: 5_000 }).toBe(true);
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234')))).toMatchObject({
      code: 'login-expired',
    });
    expect(token.signed).toEqual([]);
  });

  it('runs out at the portal too, whatever our clock says', async () => {
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    portalTime = 120_000;
    const failure = await failureOf(completeLogin(pending, await rig.token(), '01', pinOf('1234')));
    portalTime = 0;
    expect(failure).toMatchObject({ code: 'login-expired' });
  });

  it('is a person’s: no connection is held while they think', async () => {
    const other = await PortalRig.open();
    const pending = await beginLogin(other.portal.settings, 'electronic-identity-card');
    await expect.poll(() => other.portal.connections).toBe(0);
    const session = await completeLogin(pending, await other.token(), '01', pinOf('1234'));
    expect(session.ended).toBe(false);
    session.end();
    await expect.poll(() => other.portal.connections).toBe(0);
    await other.close();
  });
});

describe('giving up', () => {
  it('is possible before the card is asked', async () => {
    const token = await rig.token();
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    const options = { signal: AbortSignal.abort() };
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234'), options))).toMatchObject({
      code: 'cancelled',
    });
    expect(token.signed).toEqual([]);
    expect(
      await failureOf(beginLogin(rig.portal.settings, 'electronic-identity-card', AbortSignal.abort())),
    ).toMatchObject({
      code: 'cancelled',
    });
  });

  it('uses the challenge up, so that nobody can answer it any more', async () => {
    const token = await rig.token();
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    await abandonLogin(pending, new Failure('pin-cancelled'));
    expect(await failureOf(completeLogin(pending, token, '01', pinOf('1234')))).toMatchObject({
      code: 'login-expired',
    });
    expect(token.signed).toEqual([]);
  });

  it('never fails itself', async () => {
    const pending = await beginLogin(rig.portal.settings, 'electronic-identity-card');
    rig.portal.faults.next('answer', { kind: 'hang-up' });
    await expect(abandonLogin(pending, new Failure('pin-blocked'))).resolves.toBeUndefined();
    await expect(abandonLogin(pending, 'again')).resolves.toBeUndefined();
  });
});

describe('two sign-ins', () => {
  it('get challenges that have nothing in common', async () => {
    const tokens = [await rig.token(), await rig.token()];
    for (const token of tokens) keep(await login(rig.portal.settings, token, '01', pinOf('1234')));
    const [one, two] = tokens.map((token) =>
      createHash('sha256')
        .update(token.signed[0]?.digest ?? '')
        .digest('hex'),
    );
    expect(one).not.toBe(two);
  });
});
