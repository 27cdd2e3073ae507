import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../electron/cli/arguments.ts';
import { chooseLanguage } from '../../electron/contract/text/languages.ts';

describe('the command line', () => {
  it('takes --sandbox bare, and never swallows the command that follows', () => {
    const { words, options } = parseCommandLine(['--sandbox', 'status', '--json']);
    expect(words).toEqual(['status']);
    expect(options.sandbox).toBe('eid');
    expect(options.json).toBe(true);
  });

  it('takes --sandbox=CARD:VARIANT as it stands', () => {
    expect(parseCommandLine(['pin', 'status', '--sandbox=2025:blocked']).options.sandbox).toBe(
      '2025:blocked',
    );
  });

  it('names the argument that it does not know', () => {
    const parse = () => parseCommandLine(['status', '--jsno']);
    expect(parse).toThrow('usage');
    try {
      parse();
    } catch (thrown) {
      expect(thrown).toMatchObject({ parameters: { argument: '--jsno' } });
    }
  });

  it('refuses a language it does not speak', () => {
    expect(() => parseCommandLine(['status', '--lang=de'])).toThrow('usage');
  });
});

describe('the language', () => {
  it.each([
    ['en', {}, 'en'],
    [undefined, {}, 'ro'],
    [undefined, { LANG: 'ru_MD.UTF-8' }, 'ru'],
    [undefined, { LANG: 'en_US.UTF-8' }, 'en'],
    [undefined, { LANG: 'ro_MD.UTF-8', LC_ALL: 'C' }, 'ro'],
    [undefined, { LANG: 'fr_FR.UTF-8' }, 'ro'],
    ['ru', { LANG: 'en_US.UTF-8' }, 'ru'],
  ] as const)('asked %s, system %o: %s', (asked, environment, expected) => {
    expect(chooseLanguage(asked, environment)).toBe(expected);
  });
});
