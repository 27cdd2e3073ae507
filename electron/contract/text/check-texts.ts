/** The doctor's sentences in all languages, for programs that print. Pages load theirs alone. */
import en from '../../../renderer/locales/en/checks.json' with { type: 'json' };
import ro from '../../../renderer/locales/ro/checks.json' with { type: 'json' };
import ru from '../../../renderer/locales/ru/checks.json' with { type: 'json' };
import { type CheckText, type CheckTexts, makeCheckText } from './check-text.ts';
import type { Language } from './languages.ts';

const all: Readonly<Record<Language, CheckTexts>> = { ro, ru, en };

export function checkTextOf(language: Language): CheckText {
  return makeCheckText(language, all[language]);
}
