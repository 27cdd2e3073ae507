import { describe, expect, it } from 'vitest';
import { maskIdnp } from '../../../electron/contract/portal/holder.ts';
import type { DocumentItem, DomicileItem, VehicleItem } from '../../../electron/contract/portal/items.ts';
import {
  documentWarnings,
  domicileWarnings,
  isUsualPlate,
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
