import type { ServiceAnswer } from '../../contract/portal/services.ts';
import type { Text } from '../../contract/text/text.ts';
import { alignedRows } from './certificates.ts';

/** A portal's answer for people: each item a block of labelled lines, with its source and the time of reading. */
export function dataLines(answer: ServiceAnswer, text: Text): string[] {
  const { service, items } = answer;
  const lines = [text.maybe(`${service}.title`) ?? service, ''];
  if (items.length === 0) lines.push(text.t('data.none'), '');
  for (const item of items) {
    const rows = Object.entries(item).map(([key, value]): [string, string] => [
      text.maybe(`${service}.${key}`) ?? key,
      valueText(service, key, value, text),
    ]);
    lines.push(...alignedRows(rows), '');
  }
  lines.push(text.t('data.source', { source: answer.source, at: text.dateTime(answer.readAt) }));
  return lines;
}

function valueText(service: string, key: string, value: string | number | null, text: Text): string {
  if (value === null) {
    const unlimited =
      (service === 'documents' && key === 'expiry_date') || (service === 'domicile' && key === 'reg_expiry');
    return text.t(unlimited ? 'value.unlimited' : 'value.missing');
  }
  if (typeof value === 'number') return String(value);
  if (/_date$|_expiry$/.test(key)) return text.date(value);
  return text.maybe(`${service}.${key}.${value}`) ?? value;
}
