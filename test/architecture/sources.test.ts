import { describe, expect, it } from 'vitest';
import { sourceFiles, textOf } from './source-files.ts';

const longest = 400;

/** Files that may be longer, each with the reason why cutting it would make it worse. */
const longerWithReason: Readonly<Record<string, string>> = {
  'test/engine/readers/contract.ts':
    'one contract of one interface: its parts share the world that they run in',
  'test/rig/ifd/ifd-handler.c':
    "one driver: pcscd's entry points share locks and state that nothing else may see",
  'test/skips.ts': 'the one list of permitted skips: a second file would be a second list',
};

const files = sourceFiles('electron', 'renderer', 'test', 'build', 'native');
const containing = (pattern: RegExp) => files.filter((file) => pattern.test(textOf(file)));

describe('source files', () => {
  it('are found', () => {
    expect(files).toContain('electron/contract/failures/failure.ts');
    expect(files).toContain('test/architecture/sources.test.ts');
  });

  it(`have at most ${longest} lines`, () => {
    const long = files.filter((file) => textOf(file).split('\n').length - 1 > longest);
    expect(long.filter((file) => !(file in longerWithReason))).toEqual([]);
    expect(Object.keys(longerWithReason).filter((file) => !long.includes(file))).toEqual([]);
  });

  it('do not escape from the type checker', () => {
    // "as any other" in a comment is English.
    expect(containing(/\bas\s+any\b(?!\s+\w)|@ts-\x69gnore|@ts-\x6eocheck/)).toEqual([]);
  });

  it('leave nothing for later', () => {
    expect(containing(/\b(TO\x44O|FIX\x4dE|XX\x58)\b/)).toEqual([]);
  });
});
