import { type DataService, sensitiveFields } from '../../../electron/contract/portal/services.ts';
import { clean } from '../../app/clean-text.ts';
import type { WindowText } from '../../app/text.tsx';

export type FieldValue = string | number | null;

/** Fields of each service in the order in which they are shown and saved. */
export const fieldOrder = {
  personal: [
    'family_name',
    'given_name',
    'patronymic',
    'idnp',
    'sex',
    'birth_date',
    'birth_place',
    'citizenship',
    'legal_capacity',
    'blood_group',
  ],
  documents: ['doc_type', 'series', 'number', 'issue_date', 'issue_place', 'status', 'expiry_date'],
  domicile: [
    'visa_type',
    'reg_date',
    'reg_expiry',
    'country',
    'district',
    'street',
    'house',
    'block',
    'flat',
  ],
  vehicles: ['make', 'model', 'year', 'plate', 'idnv', 'vin'],
  'access-log': ['operator', 'time', 'action', 'reason', 'legal_basis', 'object', 'user'],
} as const satisfies Record<DataService, readonly string[]>;

export const fieldLabel = (service: DataService, field: string, text: WindowText): string =>
  text.maybe(`${service}.${field}`) ?? field;

/** A value in words: dates as people write them, known codes translated, unknown ones as they came. */
export function valueText(service: DataService, field: string, value: FieldValue, text: WindowText): string {
  if (value === null) {
    const unlimited = field === 'reg_expiry' || (service === 'documents' && field === 'expiry_date');
    return text.t(unlimited ? 'value.unlimited' : 'value.missing');
  }
  if (typeof value === 'number') return String(value);
  if (/_date$|_expiry$/.test(field)) return text.date(value);
  if (field === 'time') return text.dateTime(value);
  return text.maybe(`${service}.${field}.${value}`) ?? clean(value);
}

/** Whether a field is shown only when asked for. */
export const isSensitive = (service: DataService, field: string): boolean =>
  sensitiveFields[service]?.includes(field) ?? false;

/** Text as people search for it: without case, without marks on letters. */
export const searchable = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
