import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../electron/contract/failures/catalogue.ts';
import { sourceFiles, textOf } from './source-files.ts';

/** Codes that nothing raises yet, each with the reason why the catalogue keeps them. */
const reserved: Readonly<Record<string, string>> = {};

describe('failure codes', () => {
  const sources = sourceFiles('electron')
    .filter((file) => file !== 'electron/contract/failures/catalogue.ts')
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
});
