import diagnostics from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { PortalRig } from './signed-in.ts';

/** How often the portal is asked, as the HTTP library counts it. */

let rig: PortalRig;
const asked: string[] = [];
const note = (message: unknown): void => {
  const { method, path } = (message as { request: { method: string; path: string } }).request;
  asked.push(`${method} ${path.replace(/[A-Za-z0-9_-]{43}/, 'ID')}`);
};

beforeAll(async () => {
  rig = await PortalRig.open();
  diagnostics.subscribe('undici:request:create', note);
});
afterAll(async () => {
  diagnostics.unsubscribe('undici:request:create', note);
  await rig.close();
});

describe('round trips', () => {
  let session: PortalSession;

  it('of a sign-in are three for SAML and four more: method, answer, outcome, session', async () => {
    session = await rig.signIn(ana);
    expect(asked).toEqual([
      'GET /login',
      'POST /login/saml',
      'POST /login/method',
      'POST /authenticate/ID',
      'POST /login/continue',
      'POST /mpass-login',
      'GET /session',
    ]);
  });

  it('of a sign-out are three', async () => {
    asked.length = 0;
    await session.signOut();
    expect(asked).toEqual(['POST /logout', 'POST /logout/saml', 'POST /mpass-slo']);
  });
});
