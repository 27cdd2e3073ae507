import { CalendarClock, Check, CircleMinus, House as HouseIcon, Info } from 'lucide-react';
import { useMemo } from 'react';
import type { DomicileItem } from '../../../electron/contract/portal/items.ts';
import type { ServiceAnswers } from '../../../electron/contract/portal/services.ts';
import { clean } from '../../app/clean-text.ts';
import { daysUntil } from '../../app/remaining.ts';
import { useText, type WindowText } from '../../app/text.tsx';
import { useNow } from '../../app/use-now.ts';
import { validityText } from '../../components/CertificateTile.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Icon } from '../../components/Icon.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Tag } from '../../components/Tag.tsx';
import { House } from '../../drawings/things.tsx';
import { DataPage, type View } from './DataPage.tsx';
import { Facts, Remarks, useWarnings, Value } from './Facts.tsx';
import { fieldOrder, valueText } from './values.ts';

export default function DomicilePage() {
  const { t } = useText();
  return (
    <DataPage
      service="domicile"
      title={t('data.domicile.title')}
      lead={t('data.domicile.lead')}
      empty={t('data.domicile.empty')}
      views
      foot={
        <>
          <Icon of={Info} size={16} />
          {t('data.domicile.note')}
        </>
      }
    >
      {(answer, view) => <Registrations answer={answer} view={view} />}
    </DataPage>
  );
}

/** The address on two lines: street to flat, then district and country. */
function addressOf(
  item: DomicileItem,
  text: WindowText,
): { readonly street: string; readonly region: string } {
  const say = (field: 'country' | 'district') => valueText('domicile', field, item[field], text);
  const street = [
    [item.street, item.house]
      .filter((part) => part !== null)
      .map((part) => clean(part, 80))
      .join(' '),
    item.block === null ? '' : text.t('data.domicile.block', { block: clean(item.block, 40) }),
    item.flat === null ? '' : text.t('data.domicile.flat', { flat: clean(item.flat, 40) }),
  ];
  return { street: street.filter(Boolean).join(', '), region: `${say('district')}, ${say('country')}` };
}

function Registrations({ answer, view }: { answer: ServiceAnswers['domicile']; view: View }) {
  const text = useText();
  const warnings = useWarnings(answer);
  const columns = useMemo(
    () =>
      fieldOrder.domicile.map(
        (field): Column<DomicileItem> => ({
          id: field,
          head: text.t(`domicile.${field}`),
          cell: (item) => <Value service="domicile" field={field} value={item[field]} />,
          sortBy: (item) => item[field] ?? '',
          numbers: /date|expiry/.test(field),
          rowHead: field === 'visa_type',
        }),
      ),
    [text],
  );
  if (view === 'table')
    return (
      <section className="card table-card">
        <Table
          label={text.t('data.domicile.title')}
          columns={columns}
          rows={answer.items}
          rowKey={(item) => answer.items.indexOf(item)}
        />
      </section>
    );
  return answer.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: registrations have no name of their own
    <article className="card home" key={index}>
      {index === 0 && (
        <div className="home-picture">
          <House />
        </div>
      )}
      <Address item={item} />
      <div className="home-facts">
        <Facts service="domicile" item={item} fields={fieldOrder.domicile} />
        <Remarks service="domicile" warnings={warnings[index] ?? []} />
      </div>
    </article>
  ));
}

function Address({ item }: { readonly item: DomicileItem }) {
  const text = useText();
  const { t } = text;
  const now = useNow(60_000);
  const { street, region } = addressOf(item, text);
  const end = item.reg_expiry;
  const over = end !== null && daysUntil(new Date(`${end}T12:00:00`), now) < 0;
  return (
    <div className="home-address">
      <div className="row wrap">
        <Tag tone="info" icon={HouseIcon}>
          <Value service="domicile" field="visa_type" value={item.visa_type} />
        </Tag>
        {end === null ? (
          <Tag tone="good" icon={Check}>
            {t('data.domicile.unlimited')}
          </Tag>
        ) : (
          <Tag tone={over ? 'plain' : 'care'} icon={over ? CircleMinus : CalendarClock}>
            {validityText(end, now, text)}
          </Tag>
        )}
      </div>
      <h2 className="safe-text">{street === '' ? region : street}</h2>
      {street !== '' && <p className="lead safe-text">{region}</p>}
      <div className="row wide no-print">
        <CopyButton text={[street, region].filter(Boolean).join(', ')} label={t('data.domicile.copy')}>
          {t('data.domicile.copy')}
        </CopyButton>
      </div>
    </div>
  );
}
