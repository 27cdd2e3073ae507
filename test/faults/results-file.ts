/** RESULTS.md: two tests write it, each its own part. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const file = path.join(import.meta.dirname, 'RESULTS.md');
const actsTitle = '## In the middle of an act';

/** A value as it may stand in a table. */
export const cell = (value: string): string =>
  value.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 160);

/** Replaces the parts that are given, and keeps the other. @param parts.acts without its title */
export function writeResults(parts: { readonly faults?: string; readonly acts?: string }): void {
  const present = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = present.indexOf(actsTitle);
  const faults = parts.faults ?? (at < 0 ? present : present.slice(0, at));
  const acts = parts.acts === undefined ? (at < 0 ? '' : present.slice(at)) : `${actsTitle}\n\n${parts.acts}`;
  writeFileSync(file, `${faults.trimEnd()}\n${acts === '' ? '' : `\n${acts.trimEnd()}\n`}`);
}
