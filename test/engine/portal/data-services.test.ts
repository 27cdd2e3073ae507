import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readService } from '../../../electron/engine/portal/data-services.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { failureOf, PortalRig } from './signed-in.ts';

let rig: PortalRig;
const sessions: PortalSession[] = [];

async function signedIn(...parameters: Parameters<PortalRig['signIn']>): Promise<PortalSession> {
  const session = await rig.signIn(...parameters);
  sessions.push(session);
  return session;
}

beforeAll(async () => {
  rig = await PortalRig.open();
});
afterAll(async () => {
  for (const session of sessions) session.end();
  await rig.close();
});

describe('an answer that is not quite the dictionary’s', () => {
  it('loses what nobody knows, and says so', async () => {
    const session = await signedIn();
    rig.portal.faults.next('documents', { kind: 'field', path: 'items.1.blood_group', value: 'AB' });
    const { answer, remarks } = await readService(session, 'documents');
    expect(answer.items[1]).not.toHaveProperty('blood_group');
    expect(remarks).toEqual([{ field: 'items.blood_group', remark: 'unknown-field' }]);
    rig.portal.faults.next('documents', { kind: 'field', path: '\u001b[2Jevil', value: 1 });
    expect((await readService(session, 'documents')).remarks).toEqual([
      { field: '??2Jevil', remark: 'unknown-field' },
    ]);
  });

  it('has no value where a text is empty', async () => {
    const session = await signedIn();
    rig.portal.faults.next('domicile', { kind: 'field', path: 'items.0.block', value: '' });
    const { answer } = await readService(session, 'domicile');
    expect(answer.items[0]?.block).toBeNull();
  });

  it.each([
    ['documents', { kind: 'missing-field', path: 'items.0.status' }, 'items.0.status'],
    ['documents', { kind: 'missing-field', path: 'items.3.expiry_date' }, 'items.3.expiry_date'],
    ['documents', { kind: 'missing-field', path: 'items' }, 'items'],
    ['documents', { kind: 'field', path: 'items.0.issue_date', value: '14.04.2025' }, 'items.0.issue_date'],
    ['documents', { kind: 'field', path: 'items.0.issue_date', value: '2025-02-30' }, 'items.0.issue_date'],
    ['documents', { kind: 'field', path: 'items.0.number', value: 11 }, 'items.0.number'],
    ['documents', { kind: 'field', path: 'items.0.number', value: '' }, 'items.0.number'],
    ['documents', { kind: 'field', path: 'items.0.number', value: 'x'.repeat(257) }, 'items.0.number'],
    [
      'documents',
      { kind: 'field', path: 'items.0.issue_place', value: 'CM\u001b[31m' },
      'items.0.issue_place',
    ],
    ['documents', { kind: 'field', path: 'items.0.issue_place', value: 'a\u202eb' }, 'items.0.issue_place'],
    ['documents', { kind: 'field', path: 'items.0', value: null }, 'items.0'],
    ['documents', { kind: 'field', path: 'items', value: {} }, 'items'],
    ['documents', { kind: 'field', path: 'service', value: 'vehicles' }, 'service'],
    ['documents', { kind: 'field', path: 'readAt', value: 'today' }, 'readAt'],
    ['vehicles', { kind: 'field', path: 'items.0.year', value: '2019' }, 'items.0.year'],
    ['vehicles', { kind: 'field', path: 'items.0.year', value: 2019.5 }, 'items.0.year'],
    ['domicile', { kind: 'field', path: 'items.1.street', value: ['a'] }, 'items.1.street'],
    ['personal', { kind: 'missing-field', path: 'items.0.blood_group' }, 'items.0.blood_group'],
    ['personal', { kind: 'field', path: 'items.0.idnp', value: 2500000000010 }, 'items.0.idnp'],
    ['personal', { kind: 'field', path: 'items.0.birth_date', value: null }, 'items.0.birth_date'],
    ['personal', { kind: 'field', path: 'items.0.family_name', value: 'A\u2066na' }, 'items.0.family_name'],
    ['access-log', { kind: 'field', path: 'items.0.time', value: '11.02.2026 10:00' }, 'items.0.time'],
    ['access-log', { kind: 'field', path: 'items.0.operator', value: null }, 'items.0.operator'],
  ] as const)('is named by its field and not by its value: %s %o', async (service, fault, field) => {
    const session = await signedIn();
    rig.portal.faults.next(service, fault);
    expect(await failureOf(readService(session, service))).toEqual({
      code: 'portal-answer-invalid',
      parameters: { host: session.host, field },
    });
    // The session is as good as before.
    const { answer } = await readService(session, service);
    if (service === 'access-log') expect(answer.items.length).toBeGreaterThan(4);
    else expect(answer.items).toHaveLength({ personal: 1, documents: 4, domicile: 2, vehicles: 2 }[service]);
  });

  it('has at most a thousand items', async () => {
    const session = await signedIn();
    const item = { idnv: '1', plate: 'a', make: 'b', model: 'c', year: 2000, vin: null };
    rig.portal.faults.next('vehicles', { kind: 'field', path: 'items', value: Array(1000).fill(item) });
    expect((await readService(session, 'vehicles')).answer.items).toHaveLength(1000);
    rig.portal.faults.next('vehicles', { kind: 'field', path: 'items', value: Array(1001).fill(item) });
    expect(await failureOf(readService(session, 'vehicles'))).toMatchObject({
      code: 'portal-answer-invalid',
    });
  });
});

describe('a session', () => {
  it('shows nothing that could be used', async () => {
    const session = await signedIn();
    const shown = `${JSON.stringify(session)} ${Object.values(session).join(' ')}`;
    expect(shown).not.toMatch(/[A-Za-z0-9_-]{43}/);
    expect(shown).not.toContain('2500000000010');
  });

  it('is over on both sides after signing out', async () => {
    const session = await signedIn();
    const before = rig.portal.openSessions;
    await session.signOut();
    expect(rig.portal.openSessions).toBe(before - 1);
    expect(session.ended).toBe(true);
    expect(await failureOf(readService(session, 'documents'))).toMatchObject({ code: 'session-ended' });
    await expect(session.signOut()).resolves.toBeUndefined();
  });

  it('is over here even when the portal cannot be told', async () => {
    const session = await signedIn();
    rig.portal.faults.next('logout', { kind: 'hang-up' });
    expect(await failureOf(session.signOut())).toMatchObject({ code: 'portal-disconnected' });
    expect(session.ended).toBe(true);
    expect(await failureOf(readService(session, 'documents'))).toMatchObject({ code: 'session-ended' });
  });

  it('is over when the portal says so, and signing out is then no failure', async () => {
    const session = await signedIn();
    const other = await signedIn();
    rig.portal.endAllSessions();
    expect(await failureOf(readService(session, 'domicile'))).toMatchObject({ code: 'session-ended' });
    expect(session.ended).toBe(true);
    await expect(other.signOut()).resolves.toBeUndefined();
  });

  it('is over when its time is, without asking the portal', async () => {
    const session = await signedIn();
    Object.defineProperty(session, 'expiresAt', { value: new Date(Date.now() - 1) });
    rig.portal.faults.always('documents', { kind: 'status', status: 500 });
    const struck = rig.portal.faults.struck;
    expect(await failureOf(readService(session, 'documents'))).toMatchObject({ code: 'session-ended' });
    expect(rig.portal.faults.struck).toBe(struck);
    rig.portal.faults.clear();
  });

  it('drops what is under way when it is ended from outside', async () => {
    const session = await signedIn();
    rig.portal.faults.next('documents', { kind: 'silence' });
    const reading = failureOf(readService(session, 'documents'));
    await expect.poll(() => rig.portal.faults.struck).toBeGreaterThan(0);
    session.end();
    expect(await reading).toMatchObject({ code: 'session-ended' });
  });
});
