import { Landmark } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AccessLogItem } from '../../../electron/contract/portal/items.ts';
import type { ServiceAnswers } from '../../../electron/contract/portal/services.ts';
import { accessLogWarnings } from '../../../electron/contract/portal/warnings.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { Card } from '../../components/Card.tsx';
import { Icon } from '../../components/Icon.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import { accessLanes, type Lanes } from './access-lanes.ts';
import { DataPage, type View } from './DataPage.tsx';
import { Facts, Remarks, Value } from './Facts.tsx';
import { useSearch } from './Search.tsx';

export default function AccessLogPage() {
  const { t } = useText();
  return (
    <DataPage
      service="access-log"
      title={t('nav.access-log')}
      lead={t('data.log.lead')}
      empty={t('data.log.empty')}
      shape="table"
      views
    >
      {(answer, view) => <Log answer={answer} view={view} />}
    </DataPage>
  );
}

function Log({ answer, view }: { answer: ServiceAnswers['access-log']; view: View }) {
  const { t } = useText();
  const { items } = answer;
  const lanes = useMemo(() => accessLanes(items, new Date()), [items]);
  const [operator, setOperator] = useState<string | null>(null);
  const shown = operator ?? lanes.lanes[0]?.operator;
  const ofOperator = useMemo(() => items.filter((item) => item.operator === shown), [items, shown]);
  return (
    <>
      <p className="second" role="status">
        {t('data.log.count', { institutions: lanes.lanes.length, count: items.length })}
      </p>
      {view === 'table' ? (
        <AllAccesses answer={answer} />
      ) : (
        <>
          <LanesCard lanes={lanes} shown={shown} onShow={setOperator} />
          <OfInstitution key={shown} items={ofOperator} />
        </>
      )}
    </>
  );
}

/** Institutions most people have; the rest stand in the table. */
const mostLanes = 8;

function LanesCard({
  lanes: { lanes, months },
  shown,
  onShow,
}: {
  readonly lanes: Lanes;
  readonly shown: string | undefined;
  readonly onShow: (operator: string) => void;
}) {
  const { t, locale } = useText();
  const month = new Intl.DateTimeFormat(locale, { month: 'short' });
  const long = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
  return (
    <section className="card lanes" aria-label={t('data.log.lanes')}>
      <div className="lane-months" aria-hidden="true">
        <span />
        <div>
          {months.map((date, index) => (
            <span key={date.getTime()}>
              <i>{index === 0 || date.getMonth() === 0 ? date.getFullYear() : ' '}</i>
              {month.format(date).replace('.', '')}
            </span>
          ))}
        </div>
      </div>
      {lanes.slice(0, mostLanes).map((lane) => (
        <button
          type="button"
          key={lane.operator}
          className="lane"
          aria-pressed={lane.operator === shown}
          onClick={() => onShow(lane.operator)}
          onKeyDown={(event) => {
            const { currentTarget } = event;
            const next =
              event.key === 'ArrowDown'
                ? currentTarget.nextElementSibling
                : event.key === 'ArrowUp'
                  ? currentTarget.previousElementSibling
                  : null;
            if (next instanceof HTMLButtonElement) {
              event.preventDefault();
              next.focus();
            }
          }}
        >
          <span className="row wide lane-name">
            <span className="lane-icon">
              <Icon of={Landmark} size={19} />
            </span>
            <span className="grow">
              <span className="lane-operator safe-text">{clean(lane.operator, 90)}</span>
              <span className="small third">{t('data.log.accesses', { count: lane.count })}</span>
            </span>
          </span>
          <span className="lane-track">
            {lane.marks.map((mark) => (
              <span
                key={mark.month}
                className="lane-mark"
                data-several={mark.count > 1}
                style={{ left: `${((mark.month + 0.5) / 12) * 100}%` }}
                title={`${long.format(months[mark.month])}: ${t('data.log.accesses', { count: mark.count })}`}
              >
                <i>{mark.count > 1 ? (mark.count > 99 ? '99+' : mark.count) : ''}</i>
              </span>
            ))}
          </span>
        </button>
      ))}
      {lanes.length > mostLanes && (
        <p className="small third lanes-more">{t('data.log.more', { count: lanes.length - mostLanes })}</p>
      )}
    </section>
  );
}

const rowKeys = new WeakMap<AccessLogItem, number>();
let lastKey = 0;
/** Entries have no name of their own; each gets one when it is first seen. */
const rowKey = (item: AccessLogItem): number => {
  const known = rowKeys.get(item);
  if (known !== undefined) return known;
  lastKey += 1;
  rowKeys.set(item, lastKey);
  return lastKey;
};

function useColumns(fields: readonly (keyof AccessLogItem)[]): readonly Column<AccessLogItem>[] {
  const text = useText();
  return useMemo(
    () =>
      fields.map(
        (field): Column<AccessLogItem> => ({
          id: field,
          head: text.t(`access-log.${field}`),
          cell: (item) =>
            field === 'action' ? (
              <Tag>
                <Value service="access-log" field="action" value={item.action} />
              </Tag>
            ) : (
              <Value service="access-log" field={field} value={item[field]} />
            ),
          sortBy: (item) => (field === 'time' ? Date.parse(item.time) : (item[field] ?? '')),
          numbers: field === 'time',
          rowHead: field === 'time',
          width: field === 'time' ? '11rem' : field === 'action' ? '9rem' : 'auto',
        }),
      ),
    [fields, text],
  );
}

const newestFirst = { column: 'time', descending: true } as const;
const allFields = ['time', 'operator', 'action', 'reason', 'object'] as const;
const fewFields = ['time', 'action', 'reason'] as const;

function AllAccesses({ answer }: { readonly answer: ServiceAnswers['access-log'] }) {
  const { t, maybe } = useText();
  const columns = useColumns(allFields);
  const { field, found } = useSearch(answer.items, (item) =>
    [
      item.operator,
      item.reason,
      item.object,
      item.legal_basis,
      maybe(`access-log.action.${item.action}`) ?? item.action,
    ].join(' '),
  );
  return (
    <Card className="table-card">
      <div className="spread wrap table-head">
        <h2>{t('data.log.all')}</h2>
        {field}
      </div>
      <Table
        label={t('data.log.all')}
        columns={columns}
        rows={found}
        rowKey={rowKey}
        initialSort={newestFirst}
      />
    </Card>
  );
}

function OfInstitution({ items }: { readonly items: readonly AccessLogItem[] }) {
  const { t, longDate, time } = useText();
  const columns = useColumns(fewFields);
  const newest = useMemo(
    () =>
      items.reduce<AccessLogItem | undefined>(
        (best, item) => (!best || item.time > best.time ? item : best),
        undefined,
      ),
    [items],
  );
  const [chosen, setChosen] = useState(newest);
  if (!chosen) return null;
  return (
    <div className="log-columns">
      <Card className="table-card">
        <h2 className="safe-text">{clean(chosen.operator, 120)}</h2>
        <Table
          label={clean(chosen.operator, 120)}
          columns={columns}
          rows={items}
          rowKey={rowKey}
          initialSort={newestFirst}
          onChoose={setChosen}
          chosen={rowKey(chosen)}
        />
      </Card>
      <Card className="log-detail" aria-live="polite">
        <div className="spread wrap">
          <h2>{`${longDate(chosen.time)}, ${time(chosen.time)}`}</h2>
          <Tag tone="info">
            <Value service="access-log" field="action" value={chosen.action} />
          </Tag>
        </div>
        <Facts
          service="access-log"
          item={chosen}
          fields={['operator', 'reason', 'legal_basis', 'object', 'user']}
        />
        <Remarks service="access-log" warnings={accessLogWarnings(chosen, new Date())} />
        <div className="log-question">
          <h3>{t('data.log.question')}</h3>
          <p className="small second">{t('data.log.answer')}</p>
        </div>
      </Card>
    </div>
  );
}
