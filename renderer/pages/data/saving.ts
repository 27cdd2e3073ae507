import type { DataService, ServiceAnswer } from '../../../electron/contract/portal/services.ts';
import type { WindowText } from '../../app/text.tsx';
import { type FieldValue, fieldLabel, fieldOrder, isSensitive, valueText } from './values.ts';

export interface SavingOptions {
  /** Also what is hidden until asked for. */
  readonly sensitive: boolean;
  /** The data are invented, and the file says so. */
  readonly simulated: boolean;
}

const fieldsOf = (service: DataService, { sensitive }: SavingOptions): readonly string[] =>
  fieldOrder[service].filter((field) => sensitive || !isSensitive(service, field));

/** Each item as the words on the screen. */
function rowsInWords(answer: ServiceAnswer, text: WindowText, options: SavingOptions): string[][] {
  const fields = fieldsOf(answer.service, options);
  return answer.items.map((item) =>
    fields.map((field) => {
      const value = (item as Readonly<Record<string, FieldValue>>)[field] ?? null;
      return value === null ? '' : valueText(answer.service, field, value, text);
    }),
  );
}

const heads = (answer: ServiceAnswer, text: WindowText, options: SavingOptions): string[] =>
  fieldsOf(answer.service, options).map((field) => fieldLabel(answer.service, field, text));

/** A cell of RFC 4180. What a spreadsheet would take for a formula becomes text by an apostrophe. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The answer as comma-separated values, with a byte order mark so that spreadsheets see UTF-8. */
export function asCsv(answer: ServiceAnswer, text: WindowText, options: SavingOptions): string {
  const mark = options.simulated ? [text.t('simulated.mark')] : [];
  const rows = [
    [...heads(answer, text, options), ...mark],
    ...rowsInWords(answer, text, options).map((row) => [...row, ...mark]),
  ];
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** The answer as the portal gave it, for programs. */
export function asJson(answer: ServiceAnswer, options: SavingOptions): string {
  const fields = new Set(fieldsOf(answer.service, options));
  const items = answer.items.map((item) =>
    Object.fromEntries(Object.entries(item).filter(([field]) => fields.has(field))),
  );
  return `${JSON.stringify({ ...answer, items, ...(options.simulated ? { simulated: true } : {}) }, null, 2)}\n`;
}

/** The answer as lines with tabs, for the clipboard. */
export const asText = (answer: ServiceAnswer, text: WindowText, options: SavingOptions): string =>
  [heads(answer, text, options), ...rowsInWords(answer, text, options)]
    .map((row) => row.join('\t').replaceAll('\n', ' '))
    .join('\n');

/** Name of a saved file, without folders. */
export const fileName = (service: DataService, kind: string, now: Date, simulated: boolean): string =>
  `${simulated ? 'SIMULAT-' : ''}buletin-${service}-${now.toISOString().slice(0, 10)}.${kind}`;
