import { Search as SearchIcon, X } from 'lucide-react';
import { type ReactNode, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import type { Language } from '../../../electron/contract/text/languages.ts';
import { useText } from '../../app/text.tsx';
import { Icon } from '../../components/Icon.tsx';
import { searchable } from './values.ts';

/** Rows whose texts are made in one go: a few milliseconds of work. */
const slice = 500;

/**
 * What is searched of each row, in the language spoken; made when somebody begins to search, in slices. Null until all
 * are there.
 * @param rows the same array as long as they are the same rows
 */
function useTexts<Row>(
  rows: readonly Row[],
  textOf: (row: Row) => string,
  wanted: boolean,
): readonly string[] | null {
  const { language } = useText();
  const [made, setMade] = useState<{
    readonly rows: readonly Row[];
    readonly language: Language;
    readonly texts: readonly string[];
  } | null>(null);
  const known = made?.rows === rows && made.language === language;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts are those of the rows in this language
  useEffect(() => {
    if (!wanted || known) return;
    // Rows of a long list are often alike.
    const same = new Map<string, string>();
    const texts: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const more = () => {
      for (const row of rows.slice(texts.length, texts.length + slice)) {
        const text = textOf(row);
        const searched = same.get(text) ?? searchable(text);
        same.set(text, searched);
        texts.push(searched);
      }
      if (texts.length < rows.length) timer = setTimeout(more, 0);
      else setMade({ rows, language, texts });
    };
    more();
    return () => clearTimeout(timer);
  }, [rows, language, wanted, known]);
  return known ? made.texts : null;
}

/**
 * A field to search in, and what is found. Typing never waits for the finding.
 * @param textOf what of a row is searched; called once for each row
 */
export function useSearch<Row>(
  rows: readonly Row[],
  textOf: (row: Row) => string,
): { readonly field: ReactNode; readonly found: readonly Row[] } {
  const { t } = useText();
  const [asked, setAsked] = useState('');
  const wanted = useDeferredValue(asked);
  const texts = useTexts(rows, textOf, wanted !== '');
  const found = useMemo(() => {
    const words = searchable(wanted).split(/\s+/).filter(Boolean);
    if (words.length === 0 || texts === null) return rows;
    return rows.filter((_, index) => words.every((word) => texts[index]?.includes(word)));
  }, [rows, texts, wanted]);
  const field = (
    <div className="row search no-print">
      <SearchField className="search-field" aria-label={t('data.search')} value={asked} onChange={setAsked}>
        <Icon of={SearchIcon} size={17} />
        <Input className="input" placeholder={t('data.search')} />
        {asked !== '' && (
          <Button className="icon-button" aria-label={t('data.search.clear')}>
            <Icon of={X} size={16} />
          </Button>
        )}
      </SearchField>
      <span className="small third" role="status">
        {wanted === '' || texts === null ? '' : t('data.search.found', { count: found.length })}
      </span>
    </div>
  );
  return { field, found };
}
