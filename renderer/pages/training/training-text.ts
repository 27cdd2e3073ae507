import { useEffect, useState } from 'react';
import type { Language } from '../../../electron/contract/text/languages.ts';
import { useText } from '../../app/text.tsx';
import type trainingRo from '../../locales/ro/training.json';

export type TrainingKey = keyof typeof trainingRo;
type Sentences = Readonly<Record<TrainingKey, string>>;

const files: Readonly<Record<Language, () => Promise<{ default: Sentences }>>> = {
  ro: () => import('../../locales/ro/training.json'),
  ru: () => import('../../locales/ru/training.json'),
  en: () => import('../../locales/en/training.json'),
};

/** What exercises, cases and demonstrations say, once it is loaded. None of it has values to fill in. */
export function useTrainingText(): ((key: TrainingKey) => string) | null {
  const { language } = useText();
  const [sentences, setSentences] = useState<Sentences | null>(null);
  useEffect(() => {
    let wanted = true;
    void files[language]().then(({ default: loaded }) => {
      if (wanted) setSentences(loaded);
    });
    return () => {
      wanted = false;
    };
  }, [language]);
  return sentences === null ? null : (key) => sentences[key];
}
