import { Clapperboard, Theater } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { FailureCode } from '../../../electron/contract/failures/catalogue.ts';
import { failureFromWire } from '../../../electron/contract/model/failure.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Card } from '../../components/Card.tsx';
import { FailureNote, FailurePanel } from '../../components/FailurePanel.tsx';
import { Field } from '../../components/Field.tsx';
import { Icon } from '../../components/Icon.tsx';
import { EmptyState, Loading } from '../../components/Waiting.tsx';
import type { Words } from './Exercises.tsx';
import { situation } from './situation.ts';

/** Every failure of the catalogue, on its real screen. */
export function Catalogue({ words }: { readonly words: Words }) {
  const text = useText();
  const { t, locale } = text;
  const up = useWindow(({ connection }) => connection === 'up');
  const catalogue = useRequest('training.catalogue');
  const show = useRequest('training.show');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<FailureCode>();
  const { run } = catalogue;
  useEffect(() => {
    if (up) void run({});
  }, [up, run]);
  const items = catalogue.result?.items;
  const found = useMemo(() => {
    const wanted = search.trim().toLocaleLowerCase(locale);
    return (items ?? [])
      .map(({ code }) => ({ code, said: situation(code, text) }))
      .filter(({ code, said }) => `${code} ${said}`.toLocaleLowerCase(locale).includes(wanted));
  }, [items, search, text, locale]);
  if (catalogue.failure) return <FailureNote failure={catalogue.failure} />;
  if (items === undefined) return <Loading label={t('shell.loading-page')} shape="table" />;
  return (
    <div className="training-part">
      <p className="second">{t('train.catalogue.lead')}</p>
      <div className="catalogue">
        <div className="stack catalogue-choice">
          <Field label={t('train.catalogue.search')} value={search} onChange={setSearch} maxLength={60} />
          <span className="small third" role="status">
            {t('train.catalogue.count', { count: found.length })}
          </span>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
          <section className="catalogue-list" aria-label={t('train.catalogue.list')} tabIndex={0}>
            <ul>
              {found.map(({ code, said }) => (
                <li key={code}>
                  <button
                    type="button"
                    aria-pressed={code === chosen}
                    onClick={() => {
                      setChosen(code);
                      void show.run({ code });
                    }}
                  >
                    {said}
                    <span className="mono third">{code}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        </div>
        <div className="catalogue-shown">
          {show.busy && <Loading label={t('train.catalogue.showing')} onCancel={show.cancel} />}
          {show.failure && <FailureNote failure={show.failure} />}
          {show.result === null && !show.busy && !show.failure && (
            <EmptyState icon={Theater} title={t('train.tab.catalogue')}>
              {t('train.catalogue.choose')}
            </EmptyState>
          )}
          {show.result && (
            <>
              <Card kind="flat" aria-label={t('train.catalogue.happened')} className="happened">
                <h2>{t('train.catalogue.happened')}</h2>
                <ol>
                  {show.result.actions.map((action, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the same may happen twice
                    <li key={index}>{words(`training.action.${action}`)}</li>
                  ))}
                </ol>
                <p className="row small third">
                  <Icon of={Clapperboard} size={17} />
                  {t(`train.catalogue.${show.result.way}`)}
                </p>
              </Card>
              <Card aria-label={t('train.catalogue.screen')} className="shown-failure">
                <FailurePanel failure={failureFromWire(show.result.failure)} kind="part" />
              </Card>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
