import { useMemo } from 'react';
import type { VehicleItem } from '../../../electron/contract/portal/items.ts';
import type { ServiceAnswers } from '../../../electron/contract/portal/services.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Car } from '../../drawings/things.tsx';
import { DataPage, type View } from './DataPage.tsx';
import { Facts, Remarks, useWarnings, Value } from './Facts.tsx';
import { useSearch } from './Search.tsx';
import { fieldLabel, fieldOrder, valueText } from './values.ts';

export default function VehiclesPage() {
  const { t } = useText();
  return (
    <DataPage
      service="vehicles"
      title={t('nav.vehicles')}
      lead={t('data.vehicles.lead')}
      empty={t('data.vehicles.empty')}
      views
    >
      {(answer, view) => <Vehicles answer={answer} view={view} />}
    </DataPage>
  );
}

const paints = ['#3379DB', '#5FA98A', '#B5654A', '#8A7BB8', '#C29A3A'];
const nameOf = (item: VehicleItem) => clean(`${item.make} ${item.model}, ${item.year}`, 90);

function Vehicles({ answer, view }: { answer: ServiceAnswers['vehicles']; view: View }) {
  const text = useText();
  const warnings = useWarnings(answer);
  const columns = useMemo(
    () =>
      fieldOrder.vehicles.map(
        (field): Column<VehicleItem> => ({
          id: field,
          head: text.t(`vehicles.${field}`),
          cell: (item) => <Value service="vehicles" field={field} value={item[field]} />,
          sortBy: (item) => item[field] ?? '',
          rowHead: field === 'make',
          numbers: field === 'year' || field === 'idnv',
        }),
      ),
    [text],
  );
  const { field, found } = useSearch(answer.items, (item) => Object.values(item).join(' '));
  if (view === 'table')
    return (
      <section className="card table-card">
        <div className="spread wrap table-head">
          <h2>{text.t('data.vehicles.count', { count: answer.items.length })}</h2>
          {field}
        </div>
        <Table
          label={text.t('nav.vehicles')}
          columns={columns}
          rows={found}
          rowKey={(item) => answer.items.indexOf(item)}
        />
      </section>
    );
  return (
    <div className="vehicle-cards">
      {answer.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a register may hold the same number twice
        <article className="card vehicle" key={index}>
          <div className="vehicle-picture">
            <Car color={paints[index % paints.length] as string} />
            <div className="plate">
              <i aria-hidden="true">MD</i>
              <bdi className="safe-text">{clean(item.plate, 40)}</bdi>
            </div>
          </div>
          <div className="vehicle-body">
            <div className="spread">
              <h2 className="safe-text">{nameOf(item)}</h2>
              <CopyButton
                text={fieldOrder.vehicles
                  .map(
                    (name) =>
                      `${fieldLabel('vehicles', name, text)}: ${valueText('vehicles', name, item[name], text)}`,
                  )
                  .join('\n')}
                label={text.t('data.vehicles.copy', { vehicle: nameOf(item) })}
              >
                {text.t('action.copy')}
              </CopyButton>
            </div>
            <Facts service="vehicles" item={item} fields={fieldOrder.vehicles} />
            <Remarks service="vehicles" warnings={warnings[index] ?? []} />
          </div>
        </article>
      ))}
    </div>
  );
}
