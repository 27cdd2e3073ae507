import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Failure } from '../../electron/contract/failures/failure.ts';
import type { FailureJson } from '../../electron/contract/model/failure.ts';
import type { Language } from '../../electron/contract/text/languages.ts';
import type fieldsRo from '../locales/ro/fields.json';
import type pagesRo from '../locales/ro/pages.json';
import type windowRo from '../locales/ro/window.json';
import { clean } from './clean-text.ts';

/** Keys of the window's sentences. */
export type TextKey = keyof typeof windowRo | keyof typeof pagesRo | keyof typeof fieldsRo;
export type TextParameters = Readonly<Record<string, string | number>>;

interface Catalog {
  readonly sentences: Readonly<Record<string, string>>;
  readonly failures: Readonly<Record<string, { message: string; cause: string; fix: readonly string[] }>>;
}

/** One language is loaded, the others are not. */
const catalogs: { readonly [L in Language]: () => Promise<Catalog> } = {
  ro: () => import('./languages/ro.ts'),
  ru: () => import('./languages/ru.ts'),
  en: () => import('./languages/en.ts'),
};

/** The window's sentences in the language chosen. */
export interface WindowText {
  readonly language: Language;
  t(key: TextKey, parameters?: TextParameters): string;
  /** The sentence of a key made at run time, or undefined. */
  maybe(key: string, parameters?: TextParameters): string | undefined;
  /** A failure in words. */
  failure(failure: Failure): FailureJson;
  /** 12.09.2024, from an ISO date or time. */
  date(iso: string): string;
  /** 12 septembrie 2024. */
  longDate(iso: string): string;
  /** 14:30, of this machine's zone. */
  time(iso: string): string;
  /** 12.09.2024, 14:30. */
  dateTime(iso: string): string;
  number(value: number): string;
}

export function createWindowText(language: Language, catalog: Catalog): WindowText {
  const compiled = new Map<string, IntlMessageFormat>();
  const format = (message: string, parameters: TextParameters): string => {
    let formatter = compiled.get(message);
    if (!formatter) {
      formatter = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      compiled.set(message, formatter);
    }
    return String(formatter.format(parameters));
  };
  const maybe: WindowText['maybe'] = (key, parameters = {}) => {
    const message = Object.hasOwn(catalog.sentences, key) ? catalog.sentences[key] : undefined;
    return message === undefined ? undefined : format(message, parameters);
  };
  const two = (value: number) => String(value).padStart(2, '0');
  const long = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric' });
  /** A date without a time is a day, whatever the zone. */
  const moment = (iso: string) => new Date(/^\d{4}-\d{2}-\d{2}$/.test(iso) ? `${iso}T12:00:00` : iso);
  const date = (iso: string) => {
    const at = moment(iso);
    return Number.isNaN(at.getTime())
      ? iso
      : `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()}`;
  };
  const time = (iso: string) => {
    const at = new Date(iso);
    return Number.isNaN(at.getTime()) ? iso : `${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  return {
    language,
    t: (key, parameters) => maybe(key, parameters) ?? key,
    maybe,
    failure: (failure) => {
      const text = catalog.failures[failure.code];
      // Reader, host and file names may be anything.
      const given = Object.entries(failure.parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? clean(value) : value,
      ]);
      const parameters = { ...Object.fromEntries(given), triesLeft: failure.triesLeft ?? -1 };
      const say = (message: string | undefined): string => {
        try {
          return message === undefined ? failure.code : format(message, parameters);
        } catch {
          return failure.code;
        }
      };
      return {
        code: failure.code,
        message: say(text?.message),
        cause: say(text?.cause),
        fix: (text?.fix ?? []).map(say),
        owner: failure.entry.owner,
        ...(failure.triesLeft === undefined ? {} : { triesLeft: failure.triesLeft }),
      };
    },
    date,
    longDate: (iso) => {
      const at = moment(iso);
      return Number.isNaN(at.getTime()) ? iso : long.format(at);
    },
    time,
    dateTime: (iso) => `${date(iso)}, ${time(iso)}`,
    number: (value) => new Intl.NumberFormat(language).format(value),
  };
}

/** Loads a language. */
export const loadText = async (language: Language): Promise<WindowText> =>
  createWindowText(language, await catalogs[language]());

const TextContext = createContext<WindowText | null>(null);

/** Gives the sentences to what is inside. While another language is on its way, the former one stays. */
export function TextProvider({
  language,
  initial,
  children,
}: {
  readonly language: Language;
  /** Loaded before the first rendering, so that nothing appears twice. */
  readonly initial: WindowText;
  readonly children: ReactNode;
}) {
  const [text, setText] = useState(initial);
  useEffect(() => {
    let wanted = true;
    if (text.language !== language) {
      void loadText(language).then((loaded) => {
        if (wanted) setText(loaded);
      });
    }
    return () => {
      wanted = false;
    };
  }, [language, text.language]);
  useEffect(() => {
    document.documentElement.lang = text.language;
  }, [text.language]);
  return <TextContext value={text}>{children}</TextContext>;
}

export function useText(): WindowText {
  const text = useContext(TextContext);
  if (text === null) throw new Error('outside of a TextProvider');
  return text;
}
