import { describe, expect, it } from 'vitest';
import { maskIdnp } from '../../../electron/contract/portal/holder.ts';
import type {
  AccessLogItem,
  DocumentItem,
  DomicileItem,
  PersonalItem,
  VehicleItem,
} from '../../../electron/contract/portal/items.ts';
import {
  accessLogWarnings,
  answerWarnings,
  documentWarnings,
  domicileWarnings,
  isUsualPlate,
  personalWarnings,
  vehicleWarnings,
  vinCheckDigitHolds,
} from '../../../electron/contract/portal/warnings.ts';

const today = '2026-03-01';

const document: DocumentItem = {
  series: 'ZZ',
  number: '0000001',
  issue_date: '2025-01-01',
  issue_place: 'CM',
  status: 'valabil',
  expiry_date: '2035-01-01',
  doc_type: 'eCA',
};
const domicile: DomicileItem = {
  visa_type: 'reședință temporară',
  reg_date: '2025-01-01',
  reg_expiry: '2026-01-01',
  country: 'MDA',
  district: 'Exemplu',
  street: null,
  house: '1',
  block: null,
  flat: null,
};
const vehicle: VehicleItem = {
  idnv: '9500000000011',
  plate: 'ABC 123',
  make: 'a',
  model: 'b',
  year: 2020,
  // A published example of a right check digit.
  vin: '1M8GDM9AXKP042788',
};

const personal: PersonalItem = {
  idnp: '2500000000010',
  family_name: 'a',
  given_name: 'b',
  patronymic: null,
  sex: 'F',
  birth_date: '1990-01-31',
  birth_place: null,
  citizenship: 'MDA',
  blood_group: 'AB-',
  legal_capacity: 'full',
};
const access: AccessLogItem = {
  operator: 'a',
  time: '2026-03-01T10:00:00Z',
  action: 'Access',
  legal_basis: null,
  reason: null,
  user: '2500*******21',
  object: null,
};

describe('warnings about a person', () => {
  it.each<[Partial<PersonalItem>, unknown[]]>([
    [{}, []],
    [{ idnp: '2500014000776' }, []],
    [{ idnp: '2500000000011' }, [{ field: 'idnp', warning: 'idnp-check-digit' }]],
    // The official test values: shown, with a remark.
    [{ idnp: '2222222222222' }, [{ field: 'idnp', warning: 'idnp-check-digit' }]],
    [{ idnp: '2000000000000' }, [{ field: 'idnp', warning: 'idnp-check-digit' }]],
    // An organisation's number: its check digit is right.
    [{ idnp: '1003600096694' }, [{ field: 'idnp', warning: 'idnp-prefix' }]],
    [{ idnp: '250000000001' }, [{ field: 'idnp', warning: 'idnp-pattern' }]],
    [{ idnp: '２５０００００００００１０' }, [{ field: 'idnp', warning: 'idnp-pattern' }]],
    [{ family_name: 'ș'.repeat(64), given_name: 'ț'.repeat(64), patronymic: 'ă'.repeat(64) }, []],
    [{ family_name: 'ș'.repeat(65) }, [{ field: 'family_name', warning: 'too-long' }]],
    [{ given_name: 'ș'.repeat(65) }, [{ field: 'given_name', warning: 'too-long' }]],
    [{ patronymic: 'ș'.repeat(65) }, [{ field: 'patronymic', warning: 'too-long' }]],
    [{ sex: 'M' }, []],
    [{ sex: 'X' }, [{ field: 'sex', warning: 'value-unknown' }]],
    [{ sex: 'f' }, [{ field: 'sex', warning: 'value-unknown' }]],
    [{ birth_date: '2026-03-01' }, []],
    [{ birth_date: '2026-03-02' }, [{ field: 'birth_date', warning: 'date-in-future' }]],
    [{ citizenship: 'MD' }, []],
    [{ citizenship: null }, []],
    [{ citizenship: 'moldovenească' }, [{ field: 'citizenship', warning: 'value-unknown' }]],
    [{ blood_group: null }, []],
    [{ blood_group: 'O+' }, [{ field: 'blood_group', warning: 'value-unknown' }]],
    [{ legal_capacity: null }, []],
    [{ legal_capacity: 'limited' }, []],
    [{ legal_capacity: 'deplină' }, [{ field: 'legal_capacity', warning: 'value-unknown' }]],
  ])('%o', (change, expected) => {
    expect(personalWarnings({ ...personal, ...change }, today)).toEqual(expected);
  });
});

describe('warnings about an access', () => {
  const now = new Date('2026-03-01T10:00:00Z');
  it.each<[Partial<AccessLogItem>, unknown[]]>([
    [{}, []],
    [{ action: 'Export' }, []],
    [{ action: 'access' }, [{ field: 'action', warning: 'value-unknown' }]],
    // Two clocks never agree.
    [{ time: '2026-03-01T10:05:00Z' }, []],
    [{ time: '2026-03-01T10:05:01Z' }, [{ field: 'time', warning: 'date-in-future' }]],
  ])('%o', (change, expected) => {
    expect(accessLogWarnings({ ...access, ...change }, now)).toEqual(expected);
  });
});

describe('warnings about an answer', () => {
  it('are given for each item, in its order', () => {
    const now = new Date('2026-03-01T00:00:00Z');
    const head = { readAt: '2026-03-01T00:00:00Z', source: 'a' };
    const oddities = [
      answerWarnings({ ...head, service: 'personal', items: [{ ...personal, sex: '?' }] }, now),
      answerWarnings({ ...head, service: 'documents', items: [document, { ...document, status: '?' }] }, now),
      answerWarnings({ ...head, service: 'domicile', items: [{ ...domicile, visa_type: '?' }] }, now),
      answerWarnings({ ...head, service: 'vehicles', items: [{ ...vehicle, plate: '?' }, vehicle] }, now),
      answerWarnings({ ...head, service: 'access-log', items: [{ ...access, action: '?' }] }, now),
      answerWarnings({ ...head, service: 'vehicles', items: [] }, now),
    ];
    expect(oddities.map((items) => items.map((found) => found.map(({ field }) => field)))).toEqual([
      [['sex']],
      [[], ['status']],
      [['visa_type']],
      [['plate'], []],
      [['time', 'action']],
      [],
    ]);
  });
});

describe('warnings about a document', () => {
  it.each<[Partial<DocumentItem>, unknown[]]>([
    [{}, []],
    [{ series: null, number: '12', doc_type: 'BP' }, []],
    [{ series: 'AA', number: '1234567', doc_type: 'PA' }, []],
    [{ series: 'A', number: '1234567', doc_type: 'PA' }, []],
    [{ expiry_date: null }, []],
    [{ expiry_date: '2025-06-01', status: 'expirat' }, []],
    [{ series: 'BA', number: '1234567', doc_type: 'PA' }, [{ field: 'number', warning: 'number-pattern' }]],
    [{ number: '123456' }, [{ field: 'number', warning: 'number-pattern' }]],
    [{ number: '12 34', doc_type: 'BP' }, [{ field: 'number', warning: 'number-pattern' }]],
    [{ series: 'abcde', doc_type: 'BP' }, [{ field: 'series', warning: 'number-pattern' }]],
    [{ issue_date: '2026-03-02' }, [{ field: 'issue_date', warning: 'date-in-future' }]],
    [{ issue_date: '2026-03-01' }, []],
    [{ expiry_date: '2025-01-01' }, [{ field: 'expiry_date', warning: 'date-order' }]],
    [{ status: 'Valabil' }, [{ field: 'status', warning: 'value-unknown' }]],
    [{ doc_type: 'constructor' }, [{ field: 'doc_type', warning: 'value-unknown' }]],
  ])('%o', (change, expected) => {
    expect(documentWarnings({ ...document, ...change }, today)).toEqual(expected);
  });
});

describe('warnings about a residence', () => {
  it.each<[Partial<DomicileItem>, unknown[]]>([
    [{}, []],
    [{ visa_type: 'domiciliu', reg_expiry: null }, []],
    [{ reg_expiry: '2025-01-01' }, []],
    [{ reg_expiry: '2024-12-31' }, [{ field: 'reg_expiry', warning: 'date-order' }]],
    [{ reg_date: '2026-03-02', reg_expiry: null }, [{ field: 'reg_date', warning: 'date-in-future' }]],
    [{ visa_type: 'reşedinţă temporară' }, [{ field: 'visa_type', warning: 'value-unknown' }]],
    [{ house: '12345678901' }, [{ field: 'house', warning: 'too-long' }]],
    [{ flat: '1234567890' }, []],
  ])('%o', (change, expected) => {
    expect(domicileWarnings({ ...domicile, ...change }, today)).toEqual(expected);
  });
});

describe('warnings about a vehicle', () => {
  it.each<[Partial<VehicleItem>, unknown[]]>([
    [{}, []],
    [{ vin: null }, []],
    [{ year: 1900 }, []],
    [{ year: 2027 }, []],
    [{ year: 1899 }, [{ field: 'year', warning: 'year-range' }]],
    [{ year: 2028 }, [{ field: 'year', warning: 'year-range' }]],
    [{ idnv: '950000000001' }, [{ field: 'idnv', warning: 'idnv-pattern' }]],
    [{ plate: 'CD 1234' }, [{ field: 'plate', warning: 'plate-pattern' }]],
    [{ vin: '1M8GDM9AXKP04278' }, [{ field: 'vin', warning: 'vin-pattern' }]],
    [{ vin: '1M8GDM9AXKP04278O' }, [{ field: 'vin', warning: 'vin-pattern' }]],
    [{ vin: '1M8GDM9A1KP042788' }, [{ field: 'vin', warning: 'vin-check-digit' }]],
  ])('%o', (change, expected) => {
    expect(vehicleWarnings({ ...vehicle, ...change }, today)).toEqual(expected);
  });

  it.each(['ABC 123', 'ABC123', 'C AB 123', 'K AB 1', 'CAB12', 'AN AB 12', 'ANAB123'])(
    '%s is a usual plate',
    (plate) => {
      expect(isUsualPlate(plate)).toBe(true);
    },
  );

  it.each(['', 'AB 123', 'ABC 12', 'ABC-123', 'abc 123', 'АВС 123', 'ABC 1234', 'H 1234', 'AN AB 1234'])(
    '%s is not',
    (plate) => {
      expect(isUsualPlate(plate)).toBe(false);
    },
  );

  it.each([
    ['11111111111111111', true],
    ['1M8GDM9AXKP042788', true],
    // By hand: 223 mod 11 = 3.
    ['SMPCMN0030TEST011', true],
    ['SMPCMN0040TEST011', false],
  ])('the check digit of %s: %s', (vin, holds) => {
    expect(vinCheckDigitHolds(vin)).toBe(holds);
  });
});

describe('a masked IDNP', () => {
  it('keeps four and two digits', () => {
    expect(maskIdnp('2500000000010')).toBe('2500*******10');
  });

  it('keeps nothing of what is no IDNP', () => {
    expect(maskIdnp('250000000001')).toBe('*************');
    expect(maskIdnp('AA12345678901')).toBe('*************');
  });
});
