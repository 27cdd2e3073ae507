import { maskIdnp } from '../../contract/portal/holder.ts';
import type { AccessLogItem } from '../../contract/portal/items.ts';
import type { FieldWarning } from '../../contract/portal/warnings.ts';
import type { Text } from '../../contract/text/text.ts';
import { hanging } from './columns.ts';

const indent = ' '.repeat(10);

/** The access log by days, in its order: under each the time, the institution, and what it did and why. */
export function accessLogBlocks(
  items: readonly AccessLogItem[],
  warnings: readonly (readonly FieldWarning[])[],
  text: Text,
  remark: (warning: FieldWarning) => string,
): string[] {
  const lines: string[] = [];
  let lastDay = '';
  items.forEach((item, index) => {
    const [day = '', time = ''] = text.dateTime(item.time).split(', ');
    if (day !== lastDay) lines.push(...(lastDay === '' ? [] : ['']), ` ${day}`);
    lastDay = day;
    lines.push(...hanging(`    ${time.padEnd(6)}`, item.operator));
    const action = text.maybe(`access-log.action.${item.action}`) ?? item.action;
    lines.push(...hanging(indent, item.object === null ? action : `${action}: ${item.object}`));
    for (const field of ['reason', 'legal_basis', 'user'] as const) {
      const value = item[field];
      // An official's number is nobody's business but the institution's, whatever the portal sends.
      const shown = value !== null && field === 'user' && /^\d{13}$/.test(value) ? maskIdnp(value) : value;
      if (shown !== null) lines.push(...hanging(indent, `${text.t(`access-log.${field}`)}: ${shown}`));
    }
    for (const warning of warnings[index] ?? []) lines.push(...hanging(`${indent}* `, remark(warning)));
  });
  return [...lines, ''];
}
