import { useEffect, useState } from 'react';
import type { CauseParameters } from '../../electron/contract/diagnostics/finding.ts';
import { type CheckText, type CheckTexts, makeCheckText } from '../../electron/contract/text/check-text.ts';
import type { Language } from '../../electron/contract/text/languages.ts';
import { clean } from './clean-text.ts';
import { useText } from './text.tsx';

const files: Readonly<Record<Language, () => Promise<{ default: CheckTexts }>>> = {
  ro: () => import('../locales/ro/checks.json'),
  ru: () => import('../locales/ru/checks.json'),
  en: () => import('../locales/en/checks.json'),
};

/** Names of readers, programs and hosts may be anything. */
const harmless = (parameters: CauseParameters): CauseParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? clean(value, 120) : value,
    ]),
  );

/** The doctor's sentences in the window's language, once they are loaded. */
export function useCheckText(): CheckText | null {
  const { language } = useText();
  const [loaded, setLoaded] = useState<{ language: Language; text: CheckText } | null>(null);
  useEffect(() => {
    let wanted = true;
    void files[language]().then(({ default: texts }) => {
      const text = makeCheckText(language, texts);
      if (wanted) setLoaded({ language, text: cleaned(text) });
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  // The former language stays until the other one is there.
  return loaded?.text ?? null;
}

const cleaned = (text: CheckText): CheckText => ({
  check: text.check,
  cause: (code, parameters = {}) => text.cause(code, harmless(parameters)),
  fix: (code, parameters = {}) => text.fix(code, harmless(parameters)),
  sentence: (finding) => text.sentence({ ...finding, parameters: harmless(finding.parameters) }),
});
