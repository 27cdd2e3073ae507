import { describe, expect, it } from 'vitest';
import {
  causeCodes,
  causeOfNumber,
  causeParameterNames,
  causes,
  checkIds,
} from '../../../electron/contract/diagnostics/causes.ts';
import { duration } from '../../../electron/contract/text/check-text.ts';
import { checkTextOf } from '../../../electron/contract/text/check-texts.ts';
import { languages } from '../../../electron/contract/text/languages.ts';
import en from '../../../renderer/locales/en/checks.json' with { type: 'json' };
import ro from '../../../renderer/locales/ro/checks.json' with { type: 'json' };
import ru from '../../../renderer/locales/ru/checks.json' with { type: 'json' };
import { sourceFiles, textOf } from '../../architecture/source-files.ts';

/** The catalogue of causes: complete, raised, in three languages, with numbers that stay. */

const texts = { ro, ru, en };

describe('the causes', () => {
  it('have numbers of their own that fit into seven bits', () => {
    const numbers = causeCodes.map((code) => causes[code].number);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.every((number) => number >= 1 && number <= 127)).toBe(true);
    expect(causeOfNumber(127)).toBeUndefined();
  });

  it('keep the numbers that were given out', () => {
    // Typed by hand. A code read over the phone must mean the same for ever: add to this, change nothing in it.
    expect([4, 8, 29, 34, 45, 53, 68, 75, 98].map(causeOfNumber)).toEqual([
      'service-not-installed',
      'service-disabled',
      'reader-held',
      'card-mute',
      'clock-wrong',
      'portal-name-unknown',
      'pin2-blocked',
      'certificate-expired',
      'disk-full',
    ]);
  });

  it('put what has to be fixed before what is worth knowing', () => {
    const notices = causeCodes.map((code) => causes[code].severity === 'notice');
    expect(notices.indexOf(true)).toBe(notices.lastIndexOf(false) + 1);
  });

  it('cover every check', () => {
    expect(checkIds).toHaveLength(30);
    const covered = new Set(causeCodes.map((code) => causes[code].check));
    expect(checkIds.filter((id) => !covered.has(id))).toEqual([]);
  });

  it('are each raised by a check', () => {
    const sources = sourceFiles('electron')
      .filter((file) => file !== 'electron/contract/diagnostics/causes.ts')
      .map(textOf)
      .join('\n');
    expect(causeCodes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
  });
});

describe('the sentences of the doctor', () => {
  it.each(languages)('are there for every cause and check, and for no other (%s)', (language) => {
    expect(Object.keys(texts[language].causes).sort()).toEqual([...causeCodes].sort());
    expect(Object.keys(texts[language].checks).sort()).toEqual([...checkIds].sort());
  });

  it.each(languages)('say one sentence and at least one thing to do (%s)', (language) => {
    const text = checkTextOf(language);
    const odd = causeCodes.flatMap((code) => {
      const message = text.cause(code);
      const fix = text.fix(code);
      const lines = [message, ...fix];
      if (fix.length === 0) return [`${code}: no fix`];
      // One sentence: no end of a sentence within. (Full stops inside names and numbers have no space after them.)
      if (/[.!?] \p{Lu}/u.test(message)) return [`${code}: ${message}`];
      return lines.filter((line) => !/[^\s][.)]$/.test(line) || /[!{}]/.test(line));
    });
    expect(odd).toEqual([]);
  });

  it('name only what the cause declares', () => {
    const undeclared = causeCodes.flatMap((code) => {
      const declared: readonly string[] = causes[code].parameters;
      const { message, fix } = ro.causes[code];
      return [message, ...fix]
        .flatMap((line) => [...line.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? ''))
        .filter((name) => !declared.includes(name))
        .map((name) => `${code}: ${name}`);
    });
    expect(undeclared).toEqual([]);
    expect(
      causeParameterNames.filter(
        (name) => !causeCodes.some((code) => (causes[code].parameters as readonly string[]).includes(name)),
      ),
    ).toEqual([]);
  });

  it('name programs, readers and times', () => {
    const parameters = { program: 'scdaemon', reader: 'Reader 1' };
    expect(checkTextOf('ro').cause('reader-held', parameters)).toBe(
      'Programul „scdaemon” ține cititorul „Reader 1” doar pentru el.',
    );
    expect(checkTextOf('en').cause('clock-wrong', { seconds: 7200, host: 'a.example' })).toBe(
      'The computer’s clock is wrong by 2 hours (compared with a.example); no signature is valid that way.',
    );
    expect(checkTextOf('ru').cause('certificate-expired', { date: '2026-03-01' })).toContain('01.03.2026');
    expect(checkTextOf('ro').cause('reader-held')).toContain('„…”');
    expect([90, 150, 7200, 3 * 86_400].map((seconds) => duration('ro', seconds))).toEqual([
      '90 de secunde',
      '3 minute',
      '2 ore',
      '3 zile',
    ]);
  });
});
