/** What the shell asks before the doctor changes anything. In its own words: a page has no part in them. */
import type { Language } from './languages.ts';

interface Sentences {
  readonly 'ask.fix.title': string;
  readonly 'ask.fix.message': string;
  readonly 'ask.fix.yes': string;
  readonly 'ask.fix.no': string;
}

// Read when something is asked: a window that opens has no use for them.
const texts: Readonly<Record<Language, () => Promise<{ default: Sentences }>>> = {
  ro: () => import('../../../renderer/locales/ro/ask.json', { with: { type: 'json' } }),
  ru: () => import('../../../renderer/locales/ru/ask.json', { with: { type: 'json' } }),
  en: () => import('../../../renderer/locales/en/ask.json', { with: { type: 'json' } }),
};

/** The question with the lines that it is about. */
export async function fixQuestion(language: Language, lines: readonly string[]) {
  const { default: text } = await texts[language]();
  return {
    title: text['ask.fix.title'],
    message: text['ask.fix.message'],
    lines: [...lines],
    yes: text['ask.fix.yes'],
    no: text['ask.fix.no'],
  };
}
