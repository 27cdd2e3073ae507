import {
  type DataService,
  type ServiceAnswer,
  type ServiceAnswers,
  sensitiveFields,
} from '../../contract/portal/services.ts';
import { answerWarnings, type FieldWarning } from '../../contract/portal/warnings.ts';
import type { Text } from '../../contract/text/text.ts';
import { accessLogBlocks } from './access-log.ts';
import { spacedIdnp } from './certificates.ts';
import { displayWidth, fieldRows, hanging, pageWidth, type Row } from './columns.ts';

export interface DataLinesOptions {
  /** The data come from a simulated portal, and are called so. */
  readonly simulated?: boolean;
  /** Also what others should not read over one's shoulder: the blood group. */
  readonly showSensitive?: boolean;
  /** The moment of looking, for the remarks; default now. */
  readonly now?: Date;
}

type Values = Readonly<Record<string, string | number | null>>;

/** Which fields of an item stand beside each other. */
const rows: { readonly [S in Exclude<DataService, 'access-log'>]: readonly (readonly string[])[] } = {
  personal: [
    ['family_name'],
    ['given_name'],
    ['patronymic'],
    ['idnp'],
    ['sex'],
    ['birth_date'],
    ['birth_place'],
    ['citizenship'],
    ['legal_capacity'],
    ['blood_group'],
  ],
  documents: [['series', 'number'], ['issue_date', 'expiry_date'], ['issue_place'], ['status']],
  domicile: [
    ['reg_date', 'reg_expiry'],
    ['country', 'district'],
    ['street', 'house'],
    ['block', 'flat'],
  ],
  vehicles: [
    ['make', 'model'],
    ['plate', 'year'],
    ['idnv', 'vin'],
  ],
};

/** What an item is called; a person is called nothing. */
const headings: { readonly [S in Exclude<DataService, 'access-log'>]: readonly string[] } = {
  personal: [],
  documents: ['doc_type'],
  domicile: ['visa_type'],
  vehicles: ['make', 'model'],
};

/**
 * A portal's answer for people, on a page of 80 columns: title, each item a numbered block of labelled fields with
 * remarks about what looks odd, then source and time of reading. Says of simulated data that they are.
 */
export function dataLines(answer: ServiceAnswer, text: Text, options: DataLinesOptions = {}): string[] {
  const { simulated = false, now = new Date() } = options;
  const title = text.t(`${answer.service}.title`);
  const label = simulated ? `[${text.t('simulated')}]` : '';
  const gap = pageWidth - displayWidth(title) - displayWidth(label);
  const lines = [
    simulated ? `${title}${' '.repeat(Math.max(1, gap))}${label}` : title,
    '─'.repeat(pageWidth),
  ];
  const warnings = answerWarnings(answer, now);
  if (answer.items.length === 0) lines.push(`  ${text.t('data.none')}`, '');
  else if (answer.service === 'access-log') {
    lines.push(
      ...accessLogBlocks(answer.items, warnings, text, (warning) => remark('access-log', warning, text)),
    );
  } else lines.push(...blocks(answer, warnings, text, options));
  const { length: count } = answer.items;
  if (count > 1) lines.push(text.t('data.count', { count }));
  const source = { source: answer.source, at: text.dateTime(answer.readAt) };
  lines.push(...hanging('', text.t('data.source', source)));
  if (simulated) lines.push(...hanging('', text.t('data.simulated')));
  return lines;
}

function blocks<Service extends Exclude<DataService, 'access-log'>>(
  answer: ServiceAnswers[Service],
  warnings: readonly (readonly FieldWarning[])[],
  text: Text,
  options: DataLinesOptions,
): string[] {
  const { service } = answer;
  return answer.items.flatMap((item, index) => {
    const values: Values = item;
    const show = (field: string): string => valueText(service, field, values[field] ?? null, text, options);
    const row = (field: string): Row => [text.maybe(`${service}.${field}`) ?? field, show(field)];
    const heading = headings[service].map(show).join(' ');
    return [
      ...(heading === '' ? [] : hanging(` ${index + 1}. `, heading)),
      ...fieldRows(
        rows[service].map((fields) => fields.map(row)),
        4,
      ),
      ...(warnings[index] ?? [])
        .filter(({ field }) => !isHidden(service, field, options))
        .flatMap((warning) => hanging('    * ', remark(service, warning, text))),
      '',
    ];
  });
}

/** A soft remark about what looks odd. */
function remark(service: DataService, { field, warning }: FieldWarning, text: Text): string {
  const label = text.maybe(`${service}.${field}`) ?? field;
  return `${label}: ${text.maybe(`warning.${warning}`) ?? warning}`;
}

function isHidden(service: DataService, field: string, { showSensitive = false }: DataLinesOptions): boolean {
  return !showSensitive && (sensitiveFields[service]?.includes(field) ?? false);
}

/** A field's value as people read it: dates as dd.mm.yyyy, known codes in words, unknown ones as they came. */
function valueText(
  service: DataService,
  field: string,
  value: string | number | null,
  text: Text,
  options: DataLinesOptions,
): string {
  if (value === null) {
    const unlimited = field === 'reg_expiry' || (service === 'documents' && field === 'expiry_date');
    return text.t(unlimited ? 'value.unlimited' : 'value.missing');
  }
  if (isHidden(service, field, options)) return text.t('value.hidden');
  if (typeof value === 'number') return String(value);
  if (/_date$|_expiry$/.test(field)) return text.date(value);
  if (field === 'idnp') return spacedIdnp(value);
  return text.maybe(`${service}.${field}.${value}`) ?? value;
}
