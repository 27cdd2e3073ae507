import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readService } from '../../../electron/engine/portal/data-services.ts';
import { register } from '../../../electron/engine/portal/registration.ts';
import type { PortalSession } from '../../../electron/engine/portal/session.ts';
import { ana, ecaterina, ion, piotr, serghei, vasile } from '../../../electron/sandbox/people.ts';
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
  it("return Ana's main personal data, with ten fields", async () => {
    const { answer, remarks } = await readService(await signedIn(ana), 'personal');
    expect(remarks).toEqual([]);
    expect(answer).toStrictEqual({
      service: 'personal',
      readAt: isUtc,
      source: population,
      items: [
        {
          idnp: '2500000000010',
          family_name: 'Specimen-Țurcanu',
          given_name: 'Ana-Măriuța',
          patronymic: 'Ștefan',
          sex: 'F',
          birth_date: '1990-01-31',
          birth_place: 'or. Închipuiți, r-nul Exemplu',
          citizenship: 'MDA',
          blood_group: 'A+',
          legal_capacity: 'full',
        },
      ],
    });
  });

  it("return who looked at Ion's data, with seven fields, our own reading first", async () => {
    const session = await signedIn(ion);
    await readService(session, 'vehicles');
    const { answer, remarks } = await readService(session, 'access-log');
    expect(remarks).toEqual([]);
    const ours = (object: string) => ({
      operator: 'Portalul e-services (SIMULAT)',
      time: isUtc,
      action: 'Access',
      legal_basis: expect.any(String),
      reason: 'Vizualizarea datelor proprii',
      user: '2500*******21',
      object: expect.stringContaining(object),
    });
    expect(answer).toStrictEqual({
      service: 'access-log',
      readAt: isUtc,
      source: expect.stringContaining('(SIMULAT)'),
      items: [
        ours('access-log'),
        ours('vehicles'),
        {
          operator: 'Biroul Imaginar de Statistică',
          time: '2026-01-15T22:00:00Z',
          action: 'Export',
          legal_basis: 'Programul-specimen de lucrări statistice, tema 5',
          reason: 'Cercetarea parcului de vehicule agricole',
          user: null,
          object: '9500000000022',
        },
        {
          operator: 'Serviciul Fiscal al Țării Visurilor',
          time: '2025-12-30T16:48:30Z',
          action: 'Transfer',
          legal_basis: 'Acordul-specimen privind schimbul de informații, art. 8 alin. (2)',
          reason:
            'Impozitul pe bunuri imobiliare pentru perioada fiscală precedentă, recalculat la cererea contribuabilului',
          user: '2500*******66',
          object: 'Domiciliu',
        },
      ],
    });
    // Somebody else's readings are nobody's business.
    const others = (await readService(await signedIn(serghei), 'access-log')).answer.items;
    expect(others.map(({ user }) => user)).toEqual(['2500*******28', '2500*******70']);
  });

  it('return a value that is written in no usual way as it came', async () => {
    const session = await signedIn(piotr);
    const { answer } = await readService(session, 'personal');
    expect(answer.items[0]?.blood_group).toBe('II (A) Rh+');
    const { answer: vehicles } = await readService(session, 'vehicles');
    expect(vehicles.items.map(({ vin, plate }) => [vin, plate])).toEqual([
      ['SMPTRUCKO00000122', 'QPT 122'],
      ['SMPBUS00000000039', 'H 1234'],
    ]);
  });

  it('return empty lists for somebody of whom there is nothing', async () => {
    const session = await signedIn(vasile);
    const lists = await Promise.all(
      (['documents', 'domicile', 'vehicles'] as const).map((service) => readService(session, service)),
    );
    expect(lists.map(({ answer }) => answer.items)).toEqual([[], [], []]);
    const { answer } = await readService(session, 'personal');
    expect(answer.items[0]).toMatchObject({ family_name: 'Exemplescu', patronymic: null, blood_group: null });
  });

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
