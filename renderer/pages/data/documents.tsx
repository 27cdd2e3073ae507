import { CircleMinus, CircleX, CornerDownLeft, Hourglass } from 'lucide-react';
import { useMemo } from 'react';
import type { DocumentItem } from '../../../electron/contract/portal/items.ts';
import type { ServiceAnswers } from '../../../electron/contract/portal/services.ts';
import { clean } from '../../app/clean-text.ts';
import { useText, type WindowText } from '../../app/text.tsx';
import { useNow } from '../../app/use-now.ts';
import { Card } from '../../components/Card.tsx';
import { validityText } from '../../components/CertificateTile.tsx';
import { Icon } from '../../components/Icon.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { StatusBadge, Tag } from '../../components/Tag.tsx';
import { OldDocuments, Passport, SmallCard } from '../../drawings/things.tsx';
import { DataPage, type View } from './DataPage.tsx';
import { documentState, shareLeft } from './document-state.ts';
import { Remarks, useWarnings, Value } from './Facts.tsx';
import { useSearch } from './Search.tsx';
import { valueText } from './values.ts';

export default function DocumentsPage() {
  const { t } = useText();
  return (
    <DataPage
      service="documents"
      title={t('nav.documents')}
      lead={t('data.documents.lead')}
      empty={t('data.documents.empty')}
      views
    >
      {(answer, view) => <Documents answer={answer} view={view} />}
    </DataPage>
  );
}

const typeText = (item: DocumentItem, text: WindowText) =>
  valueText('documents', 'doc_type', item.doc_type, text);
const numberText = (item: DocumentItem) => clean([item.series, item.number].filter(Boolean).join(' '), 60);
const keyOf = (item: DocumentItem) => `${item.doc_type} ${item.series} ${item.number} ${item.issue_date}`;

function Documents({ answer, view }: { answer: ServiceAnswers['documents']; view: View }) {
  const text = useText();
  const { t } = text;
  const now = useNow(60_000);
  const warnings = useWarnings(answer);
  const current = answer.items.filter((item) => documentState(item, now).current);
  const older = answer.items.length - current.length;
  const soon = current
    .filter((item) => documentState(item, now).soon)
    .sort((one, other) => ((one.expiry_date ?? '') < (other.expiry_date ?? '') ? -1 : 1));
  return (
    <>
      {soon.map((item) => (
        <section className="care-band" key={keyOf(item)}>
          <span className="care-icon">
            <Icon of={Hourglass} size={22} />
          </span>
          <div className="grow">
            <h2 className="safe-text">
              {t('data.documents.care', {
                document: typeText(item, text),
                days: documentState(item, now).days ?? 0,
                until: text.longDate(item.expiry_date ?? ''),
              })}
            </h2>
            <p>{t('data.documents.care-text')}</p>
          </div>
        </section>
      ))}
      {view === 'cards' && (
        <div className="document-cards">
          {current.map((item) => (
            <DocumentCard key={keyOf(item)} item={item} now={now} />
          ))}
          {older > 0 && (
            <Card kind="flat" className="document-card">
              <div className="document-card-head">
                <OldDocuments />
                <Tag>{older}</Tag>
              </div>
              <h2>{t('data.documents.older')}</h2>
              <p className="small second">{t('data.documents.older-text', { count: older })}</p>
            </Card>
          )}
        </div>
      )}
      <DocumentTable items={answer.items} now={now} />
      {answer.items.map((item, index) => (
        <Remarks
          key={keyOf(item)}
          service="documents"
          warnings={warnings[index] ?? []}
          about={`${typeText(item, text)} ${numberText(item)}`}
        />
      ))}
    </>
  );
}

function DocumentCard({ item, now }: { readonly item: DocumentItem; readonly now: Date }) {
  const text = useText();
  const { soon } = documentState(item, now);
  const left = shareLeft(item, now);
  return (
    <Card kind={soon ? 'care' : 'raised'} className="document-card">
      <div className="document-card-head">
        {item.doc_type === 'PA' ? <Passport /> : <SmallCard />}
        <StatusBadge status={soon ? 'soon' : 'valid'} />
      </div>
      <h2 className="safe-text">{typeText(item, text)}</h2>
      <p className="second safe-text">{numberText(item)}</p>
      {left !== null && (
        <svg className="time-bar" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 6">
          <rect width="100" height="6" rx="3" className="time-bar-all" />
          <rect
            width={Math.max(2, left * 100)}
            height="6"
            rx="3"
            className={soon ? 'time-bar-soon' : 'time-bar-left'}
          />
        </svg>
      )}
      <p className="small">
        {item.expiry_date === null ? text.t('value.unlimited') : validityText(item.expiry_date, now, text)}
      </p>
    </Card>
  );
}

const stateIcons = { expired: CircleMinus, revoked: CircleX, unknown: CornerDownLeft } as const;

function DocumentTable({ items, now }: { readonly items: readonly DocumentItem[]; readonly now: Date }) {
  const text = useText();
  const { t } = text;
  const columns = useMemo((): readonly Column<DocumentItem>[] => {
    const column = (
      field: keyof DocumentItem,
      more: Partial<Column<DocumentItem>> = {},
    ): Column<DocumentItem> => ({
      id: field,
      head: t(`documents.${field}`),
      cell: (item) => <Value service="documents" field={field} value={item[field]} />,
      sortBy: (item) => item[field] ?? '',
      ...more,
    });
    return [
      column('doc_type', { rowHead: true, sortBy: (item) => typeText(item, text) }),
      column('series'),
      column('number', { numbers: true }),
      column('issue_date', { numbers: true }),
      column('issue_place'),
      column('status', {
        cell: (item) => {
          const state = documentState(item, now);
          if (state.current) return <StatusBadge status={state.status} />;
          return (
            <Tag tone={state.tone} icon={stateIcons[state.status as keyof typeof stateIcons]}>
              <Value service="documents" field="status" value={item.status} />
            </Tag>
          );
        },
      }),
      // Without a limit is later than any day.
      column('expiry_date', { numbers: true, sortBy: (item) => item.expiry_date ?? '9999' }),
    ];
  }, [t, text, now]);
  const { field, found } = useSearch(items, (item) =>
    [typeText(item, text), numberText(item), item.issue_place, item.status].join(' '),
  );
  return (
    <Card className="table-card">
      <div className="spread wrap table-head">
        <h2>{t('data.documents.all', { count: items.length })}</h2>
        {items.length > 3 && field}
      </div>
      <Table
        label={t('data.documents.all', { count: items.length })}
        columns={columns}
        rows={found}
        rowKey={keyOf}
        initialSort={{ column: 'issue_date', descending: true }}
        isFaint={(item) => !documentState(item, now).current}
      />
    </Card>
  );
}
