import { RefreshCw } from 'lucide-react';
import type { PinJson } from '../../../electron/contract/model/card.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useWindow } from '../../app/window-store.ts';
import { Button, ButtonLink } from '../../components/Button.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { TriesMarks } from '../../components/Tries.tsx';

/** How the card's PINs are, as far as it says so for nothing. */
export function PinStates() {
  const { t } = useText();
  const pins = useWindow(({ personal }) => personal?.token.pins);
  const reader = useWindow(({ personal }) => personal?.reader);
  const again = useRequest('pin.status');
  if (pins === undefined) return <CardNeeded />;
  const columns: readonly Column<PinJson>[] = [
    { id: 'name', head: t('desk.pins.name'), rowHead: true, cell: ({ name }) => name },
    { id: 'role', head: t('desk.pins.role'), cell: ({ role }) => t(`page.pins.role.${role}`) },
    {
      id: 'tries',
      head: t('desk.pins.tries'),
      cell: ({ name, tries }) => <TriesMarks pin={name} tries={tries} />,
    },
    {
      id: 'length',
      head: t('desk.pins.length'),
      cell: ({ length: { min, max } }) =>
        min === max ? t('page.pins.length.exact', { max }) : t('page.pins.length.range', { min, max }),
    },
    {
      id: 'first',
      head: t('desk.pins.first'),
      cell: ({ changeFirst }) => t(changeFirst ? 'desk.yes' : 'desk.no'),
    },
  ];
  return (
    <div className="desk-part">
      <div className="row wide wrap">
        <p className="second grow">{t('desk.pins.lead')}</p>
        <Button
          size="row"
          icon={RefreshCw}
          busy={again.busy}
          onPress={() => void again.run(reader ? { reader } : {})}
        >
          {t('desk.pins.refresh')}
        </Button>
        <ButtonLink to="/pins" size="row">
          {t('nav.pins')}
        </ButtonLink>
      </div>
      {again.failure && <FailureNote failure={again.failure} />}
      <Table label={t('desk.tab.pins')} columns={columns} rows={pins} rowKey={({ name }) => name} />
    </div>
  );
}
