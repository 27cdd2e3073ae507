import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../electron/contract/failures/catalogue.ts';
import { languages } from '../../electron/contract/text/languages.ts';
import { root, sourceFiles, textOf } from './source-files.ts';

/** What only speaks about codes: the catalogue itself, what the doctor calls causes, training that shows them all. */
const speaking =
  /^electron\/(contract\/(failures\/catalogue|diagnostics\/causes)|engine\/agent\/(composition\/training\/[a-z-]+|training\/exercises))\.ts$/;

/** Codes that nothing raises yet, each with the reason why the catalogue keeps them. */
const reserved: Readonly<Record<string, string>> = {};

describe('failure codes', () => {
  const sources = sourceFiles('electron')
    .filter((file) => !speaking.test(file))
    .map(textOf)
    .join('\n');
  const raised = failureCodes.filter((code) => sources.includes(`'${code}'`));

  it('are raised somewhere, or reserved with a reason', () => {
    expect(failureCodes.filter((code) => !raised.includes(code) && !(code in reserved))).toEqual([]);
  });

  it('are not reserved once they are raised', () => {
    expect(Object.keys(reserved).filter((code) => raised.some((one) => one === code))).toEqual([]);
    expect(Object.keys(reserved).filter((code) => !failureCodes.some((one) => one === code))).toEqual([]);
  });

  it('are all known where they are raised', () => {
    const everywhere = sourceFiles('electron', 'renderer').map(textOf).join('\n');
    const named = [...everywhere.matchAll(/new Failure\(\s*'([^']*)'/g)].map((match) => match[1] as string);
    expect(named.length).toBeGreaterThan(100);
    expect([...new Set(named)].filter((code) => !failureCodes.some((known) => known === code))).toEqual([]);
  });

  it.each(languages)('have message, cause and steps in each language: %s', (language) => {
    const file = path.join(root, 'renderer', 'locales', language, 'failures.json');
    const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>;
    const said = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '';
    const lacking = failureCodes.filter((code) => {
      const { message, cause, fix } = texts[code] ?? {};
      return !said(message) || !said(cause) || !Array.isArray(fix) || fix.length === 0 || !fix.every(said);
    });
    expect(lacking).toEqual([]);
    expect(Object.keys(texts).filter((code) => !failureCodes.some((known) => known === code))).toEqual([]);
  });
});
