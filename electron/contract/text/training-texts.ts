/** The words of training in all languages, for programs that print. Pages load theirs alone. */
import en from '../../../renderer/locales/en/training.json' with { type: 'json' };
import ro from '../../../renderer/locales/ro/training.json' with { type: 'json' };
import ru from '../../../renderer/locales/ru/training.json' with { type: 'json' };
import type { Language } from './languages.ts';

const all = { ro, ru, en };

/** Keys of `training.json`; the three files agree on them (a test holds it). */
export type TrainingTextKey = keyof typeof ro;

export function trainingTextOf(language: Language): (key: TrainingTextKey) => string {
  return (key) => all[language][key];
}
