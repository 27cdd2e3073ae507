import type { Element } from '@xmldom/xmldom';
import { demandAttribute } from './element.ts';
import { demand } from './refused.ts';

const utc = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/;

/** An xs:dateTime in UTC, as saml-core 1.3.3 wants it; fractions below a millisecond are dropped. */
export function readInstant(value: string): Date {
  const parts = utc.exec(value);
  demand(parts !== null, 'shape', 'no time in UTC');
  const date = new Date(`${parts[1]}.${(parts[2] ?? '').slice(0, 3).padEnd(3, '0')}Z`);
  // The 31st of February is a date to no one, not the 3rd of March.
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(parts[1] ?? '');
  demand(exists, 'shape', 'a time that does not exist');
  return date;
}

/** An attribute that has to be such a time. */
export function instantAttribute(element: Element, name: string): Date {
  return readInstant(demandAttribute(element, name));
}
