import { Search as SearchIcon, X } from 'lucide-react';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useText } from '../../app/text.tsx';
import { Icon } from '../../components/Icon.tsx';
import { searchable } from './values.ts';

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
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts are those of the rows
  const texts = useMemo(() => {
    if (wanted === '') return [];
    // Rows of a long list are often alike.
    const known = new Map<string, string>();
    return rows.map((row) => {
      const text = textOf(row);
      const found = known.get(text) ?? searchable(text);
      known.set(text, found);
      return found;
    });
    // The texts are those of the rows, and made when somebody begins to search.
  }, [rows, wanted === '']);
  const found = useMemo(() => {
    const words = searchable(wanted).split(/\s+/).filter(Boolean);
    if (words.length === 0) return rows;
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
        {wanted === '' ? '' : t('data.search.found', { count: found.length })}
      </span>
    </div>
  );
  return { field, found };
}
