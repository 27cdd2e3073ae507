import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readService } from '../../../electron/engine/portal/data-services.ts';
import { register } from '../../../electron/engine/portal/registration.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana, ecaterina, serghei } from '../../../electron/sandbox/people.ts';
import { failureOf, PortalRig } from './signed-in.ts';

/** What each service returns, typed by hand from the field dictionary and the register of the invented people. */

const population = 'Registrul de stat al populației (SIMULAT)';
const transport = 'Registrul de stat al transporturilor (SIMULAT)';
const isUtc = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

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

describe('the data services', () => {
  it("return Ana's documents, with the seven fields of the dictionary", async () => {
    const { answer, remarks } = await readService(await signedIn(ana), 'documents');
    expect(remarks).toEqual([]);
    expect(answer).toStrictEqual({
      service: 'documents',
      readAt: isUtc,
      source: population,
      items: [
        {
          series: 'ZZ',
          number: '000000011',
          issue_date: '2025-04-14',
          issue_place: 'CM Închipuiți',
          status: 'valabil',
          expiry_date: '2035-04-14',
          doc_type: 'eCA',
        },
        {
          series: 'AA',
          number: '0000011',
          issue_date: '2024-07-09',
          issue_place: 'CM Închipuiți',
          status: 'valabil',
          expiry_date: '2034-07-09',
          doc_type: 'PA',
        },
        {
          series: 'ZA',
          number: '00000101',
          issue_date: '2015-03-02',
          issue_place: 'SEDP Exemplu',
          status: 'expirat',
          expiry_date: '2025-03-02',
          doc_type: 'CA',
        },
        {
          series: 'ZA',
          number: '00000042',
          issue_date: '2006-02-20',
          issue_place: 'SEDP Exemplu',
          status: 'restituit titularului',
          expiry_date: '2015-01-31',
          doc_type: 'CA',
        },
      ],
    });
  });

  it("return Ana's domicile and temporary residence, with nine fields", async () => {
    const { answer } = await readService(await signedIn(ana), 'domicile');
    expect(answer).toStrictEqual({
      service: 'domicile',
      readAt: isUtc,
      source: population,
      items: [
        {
          visa_type: 'domiciliu',
          reg_date: '2018-03-12',
          reg_expiry: null,
          country: 'Republica Moldova',
          district: 'Exemplu',
          street: 'str. Închipuirii',
          house: '12',
          block: 'A',
          flat: '34',
        },
        {
          visa_type: 'reședință temporară',
          reg_date: '2026-09-01',
          reg_expiry: '2031-08-31',
          country: 'Republica Moldova',
          district: 'mun. Modelești',
          street: 'bd. Ștefan Născocitul',
          house: '5/2',
          block: null,
          flat: '118',
        },
      ],
    });
  });

  it("return Ana's vehicles, with six fields, one without VIN", async () => {
    const { answer } = await readService(await signedIn(ana), 'vehicles');
    expect(answer).toStrictEqual({
      service: 'vehicles',
      readAt: isUtc,
      source: transport,
      items: [
        {
          idnv: '9500000000011',
          plate: 'QQQ 011',
          make: 'SPECIMEN',
          model: 'Rândunica 1.6',
          year: 2019,
          vin: 'SMPCMN0030TEST011',
        },
        {
          idnv: '9500000000012',
          plate: 'C QQ 12',
          make: 'NĂSCOCIT',
          model: '1300',
          year: 1987,
          vin: null,
        },
      ],
    });
  });

  it("return Serghei's data in the alphabet they are kept in", async () => {
    const session = await signedIn(serghei);
    expect(session.holder).toEqual({ name: 'Сергей Примеров', idnp: '2500*******28' });
    const [documents, domicile, vehicles] = await Promise.all([
      readService(session, 'documents'),
      readService(session, 'domicile'),
      readService(session, 'vehicles'),
    ]);
    expect(documents.answer.items).toStrictEqual([
      {
        series: 'ZZ',
        number: '000000044',
        issue_date: '2024-03-10',
        issue_place: 'CM Obrazțovsk',
        status: 'valabil',
        expiry_date: '2034-03-10',
        doc_type: 'CA',
      },
      {
        series: 'AA',
        number: '0000444',
        issue_date: '2026-02-27',
        issue_place: 'CM Obrazțovsk',
        status: 'neridicat',
        expiry_date: '2036-02-27',
        doc_type: 'PA',
      },
      {
        series: 'ZA',
        number: '00000404',
        issue_date: '2014-02-24',
        issue_place: 'г. Образцовск',
        status: 'expirat',
        expiry_date: '2024-02-24',
        doc_type: 'CA',
      },
    ]);
    expect(domicile.answer.items).toStrictEqual([
      {
        visa_type: 'domiciliu',
        reg_date: '1988-06-02',
        reg_expiry: null,
        country: 'Республика Молдова',
        district: 'г. Образцовск',
        street: 'ул. Вымышленная',
        house: '17',
        block: 'Б',
        flat: '60',
      },
    ]);
    expect(vehicles.answer.items).toStrictEqual([
      {
        idnv: '9500001000041',
        plate: 'K QQ 44',
        make: 'Образец',
        model: '412 «Жар-птица»',
        year: 1975,
        vin: null,
      },
    ]);
  });

  it('ask for registration first, return values that no list knows as they came, and an empty list where there is nothing', async () => {
    const session = await signedIn(ecaterina);
    expect(session.registered).toBe(false);
    expect(await failureOf(readService(session, 'documents'))).toEqual({
      code: 'registration-needed',
      parameters: { host: session.host },
    });
    await register(session, { email: 'e@example.invalid', mobilePhone: '+37360000055', language: 'ro' });
    expect(session.registered).toBe(true);
    const { answer } = await readService(session, 'documents');
    expect(answer.items[2]).toMatchObject({
      status: 'în verificare',
      doc_type: 'adeverință',
      expiry_date: null,
    });
    expect((await readService(session, 'vehicles')).answer.items).toEqual([]);
  });
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
  ] as const)('is named by its field and not by its value: %s %o', async (service, fault, field) => {
    const session = await signedIn();
    rig.portal.faults.next(service, fault);
    expect(await failureOf(readService(session, service))).toEqual({
      code: 'portal-answer-invalid',
      parameters: { host: session.host, field },
    });
    expect((await readService(session, service)).answer.items).toHaveLength(
      { documents: 4, domicile: 2, vehicles: 2 }[service],
    );
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
