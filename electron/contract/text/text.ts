/**
 * Sentences for people: ICU messages from the locale files, by key. All user-visible text comes through here.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import cliEn from '../../../renderer/locales/en/cli.json' with { type: 'json' };
import failuresEn from '../../../renderer/locales/en/failures.json' with { type: 'json' };
import fieldsEn from '../../../renderer/locales/en/fields.json' with { type: 'json' };
import cliRo from '../../../renderer/locales/ro/cli.json' with { type: 'json' };
import failuresRo from '../../../renderer/locales/ro/failures.json' with { type: 'json' };
import fieldsRo from '../../../renderer/locales/ro/fields.json' with { type: 'json' };
import cliRu from '../../../renderer/locales/ru/cli.json' with { type: 'json' };
import failuresRu from '../../../renderer/locales/ru/failures.json' with { type: 'json' };
import fieldsRu from '../../../renderer/locales/ru/fields.json' with { type: 'json' };
import type { Failure } from '../failures/failure.ts';
import type { FailureJson } from '../model/failure.ts';
import type { Language } from './languages.ts';

interface FailureText {
  readonly message: string;
  readonly cause: string;
  readonly fix: readonly string[];
}

const flat: Record<Language, Readonly<Record<string, string>>> = {
  ro: { ...cliRo, ...fieldsRo },
  ru: { ...cliRu, ...fieldsRu },
  en: { ...cliEn, ...fieldsEn },
};
const failureTexts: Record<Language, Readonly<Record<string, FailureText>>> = {
  ro: failuresRo,
  ru: failuresRu,
  en: failuresEn,
};

export type TextParameters = Readonly<Record<string, string | number | Date>>;

/** Keys of the command line's and the fields' messages; the locale files agree on them (a test holds it). */
export type TextKey = keyof typeof cliRo | keyof typeof fieldsRo;

export interface Text {
  readonly language: Language;
  /** The sentence of a key. */
  t(key: TextKey, parameters?: TextParameters): string;
  /** The sentence of a key made at run time, or undefined: values of a portal may be unknown to us. */
  maybe(key: string, parameters?: TextParameters): string | undefined;
  /** A failure in words, as the command line's JSON carries it. */
  failure(failure: Failure): FailureJson;
  /** A date without time, as Moldovans write it: 12.09.2024. */
  date(iso: string): string;
  /** Date and time of this machine's zone: 12.09.2024, 14:30. */
  dateTime(iso: string): string;
}

/** The texts of one language. Messages are compiled at first use. */
export function createText(language: Language): Text {
  const compiled = new Map<string, IntlMessageFormat>();
  const format = (message: string, parameters: TextParameters): string => {
    let formatter = compiled.get(message);
    if (!formatter) {
      formatter = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      compiled.set(message, formatter);
    }
    return String(formatter.format(parameters));
  };
  const maybe: Text['maybe'] = (key, parameters = {}) => {
    const message = flat[language][key];
    return message === undefined ? undefined : format(message, parameters);
  };
  return {
    language,
    t: (key, parameters) => maybe(key, parameters) ?? key,
    maybe,
    failure: (failure) => {
      const text = failureTexts[language][failure.code];
      const parameters = { ...failure.parameters, triesLeft: failure.triesLeft ?? -1 };
      const say = (message: string | undefined): string => {
        try {
          return message === undefined ? failure.code : format(message, parameters);
        } catch {
          // A parameter is missing: saying less is better than failing while telling of a failure.
          return failure.code;
        }
      };
      return {
        code: failure.code,
        message: say(text?.message),
        cause: say(text?.cause),
        fix: (text?.fix ?? [undefined]).map(say),
        owner: failure.entry.owner,
        ...(failure.triesLeft === undefined ? {} : { triesLeft: failure.triesLeft }),
      };
    },
    date: (iso) => {
      const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso);
      return match ? `${match[3]}.${match[2]}.${match[1]}` : iso;
    },
    dateTime: (iso) => {
      const at = new Date(iso);
      if (Number.isNaN(at.getTime())) return iso;
      const two = (value: number) => String(value).padStart(2, '0');
      return `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()}, ${two(at.getHours())}:${two(at.getMinutes())}`;
    },
  };
}
