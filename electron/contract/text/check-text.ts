/** Sentences about the doctor's findings, from `renderer/locales/<lang>/checks.json` of one language. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { CauseCode, CheckId } from '../diagnostics/causes.ts';
import type { CauseParameters, Finding, UnknownReason } from '../diagnostics/finding.ts';
import type { Language } from './languages.ts';

/** One language's `checks.json`. */
export interface CheckTexts {
  /** What a check looks at, in a few words, as it is when all is well. */
  readonly checks: Readonly<Record<CheckId, string>>;
  readonly unknown: Readonly<Record<UnknownReason, string>>;
  readonly causes: Readonly<Record<CauseCode, { readonly message: string; readonly fix: readonly string[] }>>;
}

export interface CheckText {
  check(id: CheckId): string;
  /** One sentence. A value that is not known (in a short code none is) is shown as “…”. */
  cause(code: CauseCode, parameters?: CauseParameters): string;
  fix(code: CauseCode, parameters?: CauseParameters): readonly string[];
  /** One sentence for any finding. */
  sentence(finding: Pick<Finding, 'id' | 'cause' | 'reason' | 'parameters'>): string;
}

/** The sentences of one language. */
export function makeCheckText(language: Language, texts: CheckTexts): CheckText {
  const say = (message: string, parameters: CauseParameters): string =>
    String(
      new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).format(
        values(language, parameters),
      ),
    );
  const cause: CheckText['cause'] = (code, parameters = {}) => say(texts.causes[code].message, parameters);
  return {
    check: (id) => texts.checks[id],
    cause,
    fix: (code, parameters = {}) => texts.causes[code].fix.map((step) => say(step, parameters)),
    sentence: ({ id, cause: code, reason, parameters }) => {
      if (code !== null) return cause(code, parameters);
      return reason === undefined ? `${texts.checks[id]}.` : texts.unknown[reason];
    },
  };
}

/** Values in words; those that are missing as “…”. */
function values(language: Language, parameters: CauseParameters): Record<string, string> {
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        const value = parameters[name as keyof CauseParameters];
        if (value === undefined) return '…';
        if (name === 'seconds' && typeof value === 'number') return duration(language, value);
        if (name === 'date' && typeof value === 'string') return value.split('-').reverse().join('.');
        return String(value);
      },
      has: () => true,
    },
  );
}

/** A time in the largest unit that says something: `3 ore`, `19 минут`. */
export function duration(language: Language, seconds: number): string {
  const units = [
    ['year', 365 * 86_400],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
    ['second', 1],
  ] as const;
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= 2 * size) ?? ['second', 1];
  const style = { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(language, style).format(Math.abs(seconds) / length);
}
