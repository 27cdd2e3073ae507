import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../electron/contract/failures/catalogue.ts';
import { root } from './source-files.ts';

/** The sentences in Romanian, Russian and English: complete, well-formed, and alike. */

const languages = ['ro', 'ru', 'en'] as const;
const folder = (language: string) => path.join(root, 'renderer', 'locales', language);
const namesIn = (language: string) =>
  existsSync(folder(language)) ? readdirSync(folder(language)).filter((name) => name.endsWith('.json')) : [];

const read = (language: string, name: string): unknown =>
  JSON.parse(readFileSync(path.join(folder(language), name), 'utf8'));

/** All sentences of a file by their path: `pin-wrong.fix.0`. */
function sentences(value: unknown, at: readonly string[] = []): [string, string][] {
  if (typeof value === 'string') return [[at.join('.'), value]];
  if (typeof value !== 'object' || value === null)
    throw new Error(`${at.join('.')} is neither text nor a group`);
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, [...at, key]));
}

/** How many words a sentence has of its own, without the values that it takes. */
const wordsOf = (message: string): number =>
  message
    .replace(/\{\w+\}/g, ' ')
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word)).length;

/** The names of the values that a message takes, sorted. */
function placeholders(message: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (typeof value === 'object' && value !== null) {
      // Element types of the ICU syntax: 1 to 6 take a value (argument, number, date, time, select, plural).
      const { type, value: name, options } = value as { type?: number; value?: unknown; options?: unknown };
      if (type !== undefined && type >= 1 && type <= 6 && typeof name === 'string') names.add(name);
      if (typeof options === 'object' && options !== null) Object.values(options).forEach(walk);
      if ('value' in value && Array.isArray((value as { value: unknown }).value))
        walk((value as { value: unknown }).value);
    }
  };
  walk(new IntlMessageFormat(message, language).getAst());
  return [...names].sort();
}

const files = namesIn('en');

describe('locale files', () => {
  it('exist under the same names in every language', () => {
    expect(files).toContain('failures.json');
    for (const language of languages) expect(namesIn(language).sort()).toEqual([...files].sort());
  });

  for (const name of files) {
    describe(name, () => {
      it('has the same entries in every language', () => {
        const expected = sentences(read('en', name)).map(([key]) => key);
        for (const language of languages) {
          expect(
            sentences(read(language, name))
              .map(([key]) => key)
              .sort(),
            language,
          ).toEqual([...expected].sort());
        }
      });

      it('is well-formed and takes the same values in every language', () => {
        const english = new Map(sentences(read('en', name)));
        const wrong = languages.flatMap((language) =>
          sentences(read(language, name))
            .filter(([, text]) => text.trim() !== '')
            .filter(([key, text]) => {
              const expected = placeholders(english.get(key) ?? '', 'en');
              return placeholders(text, language).join() !== expected.join();
            })
            .map(([key]) => `${language}: ${key}`),
        );
        expect(wrong).toEqual([]);
      });

      it('has no empty sentence, and none left in another language', () => {
        for (const language of languages) {
          const empty = sentences(read(language, name)).filter(([, text]) => text.trim() === '');
          expect(empty, language).toEqual([]);
        }
        const english = new Map(sentences(read('en', name)));
        // Three words or more that are the same in English were forgotten, not translated.
        const copied = ['ro', 'ru'].flatMap((language) =>
          sentences(read(language, name))
            .filter(([key, text]) => text === english.get(key) && wordsOf(text) > 3)
            .map(([key]) => `${language}: ${key}`),
        );
        expect(copied).toEqual([]);
      });

      it('writes Romanian with commas below, not cedillas', () => {
        const cedillas = sentences(read('ro', name)).filter(([, text]) => /[şţŞŢ]/.test(text));
        expect(cedillas).toEqual([]);
      });

      it('writes Russian in Cyrillic', () => {
        const latin = sentences(read('ru', name)).filter(
          ([, text]) => /[a-z]{3}/i.test(text) && !/[а-яё]/i.test(text),
        );
        // Names of things (a command, a product) may stand alone; sentences may not.
        expect(latin.filter(([, text]) => wordsOf(text) > 3)).toEqual([]);
      });
    });
  }
});

describe('the failure catalogue', () => {
  interface Sentences {
    readonly message?: unknown;
    readonly cause?: unknown;
    readonly fix?: unknown;
  }

  it.each(languages)('has message, cause and fix for every code (%s)', (language) => {
    const texts = read(language, 'failures.json') as Record<string, Sentences>;
    const incomplete = Object.keys(catalogue).filter((code) => {
      const { message, cause, fix } = texts[code] ?? {};
      const filled = [message, cause, ...(Array.isArray(fix) ? fix : [undefined])];
      return filled.length < 3 || !filled.every((text) => typeof text === 'string' && text.length > 3);
    });
    expect(incomplete).toEqual([]);
  });

  it('has no sentences for codes that do not exist', () => {
    for (const language of languages) {
      const texts = read(language, 'failures.json') as Record<string, Sentences>;
      expect(
        Object.keys(texts).filter((code) => !(code in catalogue)),
        language,
      ).toEqual([]);
    }
  });
});
