/** Failures of signing in and of the portal. */
import { Failure } from '../../../../contract/failures/failure.ts';
import type { PortalSettings } from '../../../../contract/portal/settings.ts';
import type { Fault, FaultPoint } from '../../../../sandbox/portal/faults.ts';
import { choosePortal } from '../../../portal/settings.ts';
import type { Scene, Scenes } from './scenes.ts';
import type { Stage } from './stage.ts';

const portalCard = 'esteid2018';

async function signIn(stage: Stage, change: (settings: PortalSettings) => PortalSettings = (same) => same) {
  const { settings } = await stage.portal();
  const access = stage.access(async () => change(settings));
  stage.did('sign-in');
  await access.login(stage.context, undefined);
  return access;
}

/** Signing in meets this. */
const atSignIn =
  (point: FaultPoint, fault: Fault): Scene =>
  async (stage) => {
    await stage.insert(portalCard);
    (await stage.portal()).faults.always(point, fault);
    stage.did('portal-fails');
    return signIn(stage);
  };

/** Reading data, once signed in, meets this. */
const atData =
  (fault: Fault): Scene =>
  async (stage) => {
    await stage.insert(portalCard);
    const access = await signIn(stage);
    (await stage.portal()).faults.always('documents', fault);
    stage.did('portal-fails', 'read-data');
    return access.read('documents', stage.context.signal);
  };

const withCard =
  (card: string): Scene =>
  async (stage) => {
    await stage.insert(card);
    return signIn(stage);
  };

const withSettings =
  (change: (settings: PortalSettings) => PortalSettings): Scene =>
  async (stage) => {
    await stage.insert(portalCard);
    return signIn(stage, change);
  };

const dead = 'https://127.0.0.1:1';

export const portalScenes: Scenes = {
  'challenge-refused': atSignIn('challenge', { kind: 'challenge', challenge: new Uint8Array(20).fill(7) }),
  'portal-unreachable': withSettings((settings) => ({ ...settings, providerUrl: dead, servicesUrl: dead })),
  'portal-timeout': async (stage) => {
    await stage.insert(portalCard);
    (await stage.portal()).faults.always('login-start', { kind: 'silence' });
    stage.did('portal-fails');
    // A person would wait longer.
    const timeouts = { connectMs: 1_000, silenceMs: 1_000, totalMs: 1_000 };
    return signIn(stage, (settings) => ({ ...settings, timeouts }));
  },
  'portal-disconnected': atSignIn('login-start', { kind: 'hang-up' }),
  'portal-fault': atSignIn('login-start', { kind: 'status', status: 503 }),
  'portal-refused': atSignIn('login-start', { kind: 'status', status: 403 }),
  'portal-tls': withSettings((settings) => ({ ...settings, trust: [] })),
  'portal-answer-invalid': atData({ kind: 'broken-json' }),
  'portal-answer-too-large': atData({ kind: 'huge-body', bytes: 64 * 1024 * 1024, announced: true }),
  'portal-redirect-refused': atData({ kind: 'redirect', location: 'https://example.org/' }),
  'portal-not-configured': async (stage) => {
    await stage.insert(portalCard);
    stage.did('sign-in');
    const access = stage.access(async () => {
      throw new Failure('portal-not-configured');
    });
    return access.login(stage.context, undefined);
  },
  'portal-unknown': async (stage) => {
    stage.did('settings-read');
    return choosePortal({}, 'https://portal.example');
  },
  'login-no-certificate': withCard('2025:no-certificate'),
  'certificate-expired': withCard(`${portalCard}:expired`),
  'certificate-not-yet-valid': withCard(`${portalCard}:not-yet-valid`),
  'certificate-revoked': withCard(`${portalCard}:revoked`),
  'certificate-suspended': withCard(`${portalCard}:suspended`),
  'saml-refused': async (stage) => {
    await stage.insert(portalCard);
    (await stage.portal()).faults.nextResponse('expired');
    stage.did('portal-fails');
    return signIn(stage);
  },
  'session-none': async (stage) => {
    await stage.insert(portalCard);
    stage.did('read-data');
    return stage.access().read('documents', stage.context.signal);
  },
  'session-ended': async (stage) => {
    await stage.insert(portalCard);
    const access = await signIn(stage);
    (await stage.portal()).endAllSessions();
    stage.did('portal-fails', 'read-data');
    return access.read('documents', stage.context.signal);
  },
};
