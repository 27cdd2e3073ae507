/**
 * What looks odd about an item. Pure, and never a reason to withhold anything: the registers are right about
 * what they hold, and several of these patterns are not officially published.
 */
import { type IdnpWarning, idnpWarnings } from '../idnp.ts';
import {
  type AccessLogItem,
  accessActions,
  bloodGroups,
  type DocumentItem,
  type DomicileItem,
  documentStatuses,
  documentTypes,
  legalCapacities,
  type PersonalItem,
  registrationTypes,
  sexes,
  type VehicleItem,
} from './items.ts';
import type { ServiceAnswer } from './services.ts';

export type WarningCode =
  /** A past event lies in the future. */
  | 'date-in-future'
  /** An end before its beginning. */
  | 'date-order'
  /** Not one of the values known; shown as it came. */
  | 'value-unknown'
  /** Not 13 digits. */
  | 'idnp-pattern'
  /** 13 digits whose last is not their check digit. */
  | 'idnp-check-digit'
  /** 13 digits that begin with neither 2 nor 0. */
  | 'idnp-prefix'
  /** Series or number not of the form that this type of document has. */
  | 'number-pattern'
  /** No plate pattern in use since 1992; special plates also end up here. */
  | 'plate-pattern'
  /** The vehicle's register number is not 13 digits. */
  | 'idnv-pattern'
  /** Not 17 of A–Z and 0–9 without I, O and Q. */
  | 'vin-pattern'
  /** Position 9 is no check digit; European makers need not give one. */
  | 'vin-check-digit'
  /** Before 1900 or after next year. */
  | 'year-range'
  /** Longer than the paper form has room for. */
  | 'too-long';

export interface FieldWarning {
  /** Key of the field. */
  readonly field: string;
  readonly warning: WarningCode;
}

type Found = FieldWarning[];

/** ISO dates compare as text. */
function note(found: Found, field: string, warning: WarningCode, when: boolean): void {
  if (when) found.push({ field, warning });
}

/**
 * Warnings about each item of an answer, in its order.
 * @param now the moment of looking; its day is taken in UTC
 */
export function answerWarnings(answer: ServiceAnswer, now: Date): readonly (readonly FieldWarning[])[] {
  const today = now.toISOString().slice(0, 10);
  switch (answer.service) {
    case 'personal':
      return answer.items.map((item) => personalWarnings(item, today));
    case 'documents':
      return answer.items.map((item) => documentWarnings(item, today));
    case 'domicile':
      return answer.items.map((item) => domicileWarnings(item, today));
    case 'vehicles':
      return answer.items.map((item) => vehicleWarnings(item, today));
    case 'access-log':
      return answer.items.map((item) => accessLogWarnings(item, now));
  }
}

const idnpCodes: Readonly<Record<IdnpWarning, WarningCode>> = {
  'check-digit': 'idnp-check-digit',
  prefix: 'idnp-prefix',
};

/**
 * Warnings about a person's main data.
 * @param today `YYYY-MM-DD`
 */
export function personalWarnings(item: PersonalItem, today: string): readonly FieldWarning[] {
  const found: Found = [];
  if (!/^[0-9]{13}$/.test(item.idnp)) note(found, 'idnp', 'idnp-pattern', true);
  else for (const oddity of idnpWarnings(item.idnp)) note(found, 'idnp', idnpCodes[oddity], true);
  for (const field of ['family_name', 'given_name', 'patronymic'] as const) {
    note(found, field, 'too-long', (item[field]?.length ?? 0) > 64);
  }
  note(found, 'sex', 'value-unknown', !isOneOf(sexes, item.sex));
  note(found, 'birth_date', 'date-in-future', item.birth_date > today);
  const { citizenship, blood_group: blood, legal_capacity: capacity } = item;
  note(found, 'citizenship', 'value-unknown', citizenship !== null && !/^[A-Z]{2,3}$/.test(citizenship));
  note(found, 'blood_group', 'value-unknown', blood !== null && !isOneOf(bloodGroups, blood));
  note(found, 'legal_capacity', 'value-unknown', capacity !== null && !isOneOf(legalCapacities, capacity));
  return found;
}

/** How far the portal's clock may be ahead of ours before an access seems to lie in the future. */
const clockToleranceMs = 5 * 60_000;

/** Warnings about an entry of the access log. */
export function accessLogWarnings(item: AccessLogItem, now: Date): readonly FieldWarning[] {
  const found: Found = [];
  note(found, 'time', 'date-in-future', Date.parse(item.time) > now.getTime() + clockToleranceMs);
  note(found, 'action', 'value-unknown', !isOneOf(accessActions, item.action));
  return found;
}

/** Number patterns by type of document (series and number read together). */
const numberPatterns: Readonly<Record<string, RegExp>> = {
  CA: /^[A-Z]{1,2}\d{7,9}$/,
  eCA: /^[A-Z]{1,2}\d{7,9}$/,
  ID: /^[A-Z]{1,2}\d{7,9}$/,
  PA: /^A{1,2}\d{7}$/,
};

/**
 * Warnings about a document.
 * @param today `YYYY-MM-DD`
 */
export function documentWarnings(item: DocumentItem, today: string): readonly FieldWarning[] {
  const found: Found = [];
  const { series, number, expiry_date: expiry } = item;
  note(found, 'series', 'number-pattern', series !== null && !/^[A-Z0-9]{1,4}$/.test(series));
  const pattern = Object.hasOwn(numberPatterns, item.doc_type) ? numberPatterns[item.doc_type] : undefined;
  const numberFits =
    /^[A-Za-z0-9]{1,12}$/.test(number) && (pattern?.test(`${series ?? ''}${number}`) ?? true);
  note(found, 'number', 'number-pattern', !numberFits);
  note(found, 'issue_date', 'date-in-future', item.issue_date > today);
  note(found, 'status', 'value-unknown', !isOneOf(documentStatuses, item.status));
  note(found, 'expiry_date', 'date-order', expiry !== null && expiry <= item.issue_date);
  note(found, 'doc_type', 'value-unknown', !isOneOf(documentTypes, item.doc_type));
  return found;
}

/**
 * Warnings about a registration of residence.
 * @param today `YYYY-MM-DD`
 */
export function domicileWarnings(item: DomicileItem, today: string): readonly FieldWarning[] {
  const found: Found = [];
  note(found, 'visa_type', 'value-unknown', !isOneOf(registrationTypes, item.visa_type));
  note(found, 'reg_date', 'date-in-future', item.reg_date > today);
  note(found, 'reg_expiry', 'date-order', item.reg_expiry !== null && item.reg_expiry < item.reg_date);
  for (const field of ['house', 'block', 'flat'] as const) {
    note(found, field, 'too-long', (item[field]?.length ?? 0) > 10);
  }
  return found;
}

/**
 * Warnings about a vehicle.
 * @param today `YYYY-MM-DD`
 */
export function vehicleWarnings(item: VehicleItem, today: string): readonly FieldWarning[] {
  const found: Found = [];
  note(found, 'idnv', 'idnv-pattern', !/^\d{13}$/.test(item.idnv));
  note(found, 'plate', 'plate-pattern', !isUsualPlate(item.plate));
  note(found, 'year', 'year-range', item.year < 1900 || item.year > Number(today.slice(0, 4)) + 1);
  if (item.vin !== null) {
    const wellFormed = /^[A-HJ-NPR-Z0-9]{17}$/.test(item.vin);
    note(found, 'vin', 'vin-pattern', !wellFormed);
    note(found, 'vin', 'vin-check-digit', wellFormed && !vinCheckDigitHolds(item.vin));
  }
  return found;
}

/** Whether a plate is of the pattern since 2015 (ABC 123) or of 1992–2015 (C AB 123, AB CD 12). */
export function isUsualPlate(plate: string): boolean {
  return /^[A-Z]{3} ?\d{3}$/.test(plate) || /^(?:C|K|[A-Z]{2}) ?[A-Z]{2} ?\d{1,3}$/.test(plate);
}

/** Values of the letters in a VIN (49 CFR 565.15, table III); I, O and Q do not occur. */
const vinLetters: Readonly<Record<string, number>> = {
  ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8 },
  ...{ J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
  ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
};
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/**
 * Whether position 9 of a VIN is the check digit of the other sixteen (49 CFR 565.15(c)): the weighted sum
 * modulo 11, 10 written X. Mandatory in North America only.
 * @param vin 17 characters without I, O, Q
 */
export function vinCheckDigitHolds(vin: string): boolean {
  let sum = 0;
  for (let index = 0; index < 17; index += 1) {
    const character = vin[index] ?? '';
    sum += (vinLetters[character] ?? Number(character)) * (vinWeights[index] ?? 0);
  }
  return vin[8] === (sum % 11 === 10 ? 'X' : String(sum % 11));
}

function isOneOf(known: readonly string[], value: string): boolean {
  return known.includes(value);
}
