import { IntlMessageFormat } from 'intl-messageformat';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Failure } from '../../electron/contract/failures/failure.ts';
import type { FailureJson } from '../../electron/contract/model/failure.ts';
import type { Language } from '../../electron/contract/text/languages.ts';
import type fieldsRo from '../locales/ro/fields.json';
import type helpdeskRo from '../locales/ro/helpdesk.json';
import type pagesRo from '../locales/ro/pages.json';
import type windowRo from '../locales/ro/window.json';
import { clean } from './clean-text.ts';

/** Keys of the window's sentences. */
export type TextKey =
  | keyof typeof windowRo
  | keyof typeof pagesRo
  | keyof typeof helpdeskRo
  | keyof typeof fieldsRo;
export type TextParameters = Readonly<Record<string, string | number>>;

type Sentences = Readonly<Record<string, string>>;
type FailureTexts = Readonly<Record<string, { message: string; cause: string; fix: readonly string[] }>>;

/** One language is loaded, the others are not; what failures and the helpdesk's pages say, when it is first shown. */
const catalogs: {
  readonly [L in Language]: readonly [
    () => Promise<{ sentences: Sentences }>,
    () => Promise<{ default: FailureTexts }>,
    () => Promise<{ default: Sentences }>,
  ];
} = {
  ro: [
    () => import('./languages/ro.ts'),
    () => import('../locales/ro/failures.json'),
    () => import('../locales/ro/helpdesk.json'),
  ],
  ru: [
    () => import('./languages/ru.ts'),
    () => import('../locales/ru/failures.json'),
    () => import('../locales/ru/helpdesk.json'),
  ],
  en: [
    () => import('./languages/en.ts'),
    () => import('../locales/en/failures.json'),
    () => import('../locales/en/helpdesk.json'),
  ],
};

/** Keys of the helpdesk's pages. */
const ofHelpdesk = /^(?:diag|report|desk|train)\./;

/** The window's sentences in the language chosen. */
export interface WindowText {
  readonly language: Language;
  /** For dates and numbers. */
  readonly locale: string;
  t(key: TextKey, parameters?: TextParameters): string;
  /** The sentence of a key made at run time, or undefined. */
  maybe(key: string, parameters?: TextParameters): string | undefined;
  /** A failure in words; empty ones until they are loaded, which then renders again. */
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

/**
 * @param failures what failures say, once it is loaded
 * @param wanted called when that is missing
 * @param helpdesk what the helpdesk's pages say, once it is loaded; their sentences are empty until then
 * @param helpdeskWanted called when that is missing
 */
export function createWindowText(
  language: Language,
  sentences: Sentences,
  failures: FailureTexts | undefined,
  wanted: () => void = () => {},
  helpdesk?: Sentences,
  helpdeskWanted: () => void = () => {},
): WindowText {
  const compiled = new Map<string, IntlMessageFormat>();
  const format = (message: string, parameters: TextParameters): string => {
    // Most sentences name nothing: without an argument or a quotation there is nothing to parse.
    if (!/[{}']/.test(message)) return message;
    let formatter = compiled.get(message);
    if (!formatter) {
      formatter = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      compiled.set(message, formatter);
    }
    return String(formatter.format(parameters));
  };
  const maybe: WindowText['maybe'] = (key, parameters = {}) => {
    const own = Object.hasOwn(sentences, key) || !ofHelpdesk.test(key) ? sentences : helpdesk;
    if (own === undefined) {
      helpdeskWanted();
      return '';
    }
    const message = Object.hasOwn(own, key) ? own[key] : undefined;
    return message === undefined ? undefined : format(message, parameters);
  };
  const two = (value: number) => String(value).padStart(2, '0');
  // 31 March 2028, as the design system writes days, not March 31.
  const locale = language === 'en' ? 'en-GB' : language;
  const long = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric' });
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
    locale,
    t: (key, parameters) => maybe(key, parameters) ?? key,
    maybe,
    failure: (failure) => {
      if (failures === undefined) wanted();
      const text = failures?.[failure.code];
      // Reader, host and file names may be anything.
      const given = Object.entries(failure.parameters).map(([name, value]) => [
        name,
        typeof value === 'string' ? clean(value) : value,
      ]);
      const parameters = { ...Object.fromEntries(given), triesLeft: failure.triesLeft ?? -1 };
      const say = (message: string | undefined): string => {
        try {
          if (message === undefined) return failures === undefined ? '' : failure.code;
          return format(message, parameters);
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
    number: (value) => new Intl.NumberFormat(locale).format(value),
  };
}

/** The sentences of a language, as they come from its file. */
export interface LoadedLanguage {
  readonly language: Language;
  readonly sentences: Sentences;
}

/** Loads a language. */
export const loadLanguage = async (language: Language): Promise<LoadedLanguage> => ({
  language,
  sentences: (await catalogs[language][0]()).sentences,
});

/** A language with all its sentences at once. */
export async function loadText(language: Language): Promise<WindowText> {
  const [sentences, failures, helpdesk] = catalogs[language];
  const later = { failures: (await failures()).default, helpdesk: (await helpdesk()).default };
  return createWindowText(language, (await sentences()).sentences, later.failures, () => {}, later.helpdesk);
}

const TextContext = createContext<WindowText | null>(null);

/** Gives the sentences to what is inside. While another language is on its way, the former one stays. */
export function TextProvider({
  language,
  initial,
  children,
}: {
  readonly language: Language;
  /** Loaded before the first rendering, so that nothing appears twice. */
  readonly initial: LoadedLanguage;
  readonly children: ReactNode;
}) {
  const [loaded, setLoaded] = useState(initial);
  const [failures, setFailures] = useState<{ language: Language; texts: FailureTexts } | null>(null);
  const [helpdesk, setHelpdesk] = useState<{ language: Language; texts: Sentences } | null>(null);
  useEffect(() => {
    let wanted = true;
    if (loaded.language !== language) {
      void loadLanguage(language).then((next) => {
        if (wanted) setLoaded(next);
      });
    }
    return () => {
      wanted = false;
    };
  }, [language, loaded.language]);
  useEffect(() => {
    document.documentElement.lang = loaded.language;
  }, [loaded.language]);
  const text = useMemo(() => {
    const { language: spoken, sentences } = loaded;
    let asked = false;
    let helpdeskAsked = false;
    return createWindowText(
      spoken,
      sentences,
      failures?.language === spoken ? failures.texts : undefined,
      () => {
        if (asked) return;
        asked = true;
        void catalogs[spoken][1]().then(({ default: texts }) => setFailures({ language: spoken, texts }));
      },
      helpdesk?.language === spoken ? helpdesk.texts : undefined,
      () => {
        if (helpdeskAsked) return;
        helpdeskAsked = true;
        void catalogs[spoken][2]().then(({ default: texts }) => setHelpdesk({ language: spoken, texts }));
      },
    );
  }, [loaded, failures, helpdesk]);
  return <TextContext value={text}>{children}</TextContext>;
}

export function useText(): WindowText {
  const text = useContext(TextContext);
  if (text === null) throw new Error('outside of a TextProvider');
  return text;
}
