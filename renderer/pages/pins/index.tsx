import { KeyRound, RefreshCw, ShieldCheck } from 'lucide-react';
import type { PinJson } from '../../../electron/contract/model/card.ts';
import { useText } from '../../app/text.tsx';
import { useRequest } from '../../app/use-request.ts';
import { useStore, useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { CardNeeded } from '../../components/CardNeeded.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Icon } from '../../components/Icon.tsx';
import { EmptyState } from '../../components/Waiting.tsx';
import { PinCard } from './PinCard.tsx';
import { usePinAct } from './pin-act.ts';
import '../certificates/certificates.css';
import './pins.css';

/** The card's codes: tries left, and what can be done with each. */
export default function PinsPage() {
  const { t } = useText();
  const personal = useWindow((state) => state.personal);
  return (
    <div className="pins-page">
      <header className="page-head">
        <div>
          <h1>{t('page.pins.title')}</h1>
          <p>{t('page.pins.lead')}</p>
        </div>
        {personal !== null && <Refresh />}
      </header>
      {personal === null ? (
        <CardNeeded />
      ) : personal.token.pins.length === 0 ? (
        <EmptyState icon={KeyRound} title={t('page.pins.none.title')}>
          {t('page.pins.none.text')}
        </EmptyState>
      ) : (
        <Pins key={personal.token.serial} pins={personal.token.pins} />
      )}
      <p className="row small third">
        <Icon of={ShieldCheck} size={18} />
        {t('page.pins.window')}
      </p>
    </div>
  );
}

/** Reads the tries again where the card tells them freely. */
function Refresh() {
  const { t } = useText();
  const store = useStore();
  const status = useRequest('pin.status');
  const refresh = async () => {
    const serial = store.get().personal?.token.serial;
    const answer = await status.run({});
    if (answer === undefined) return;
    store.update(({ personal }) =>
      personal === null || personal.token.serial !== serial
        ? {}
        : { personal: { ...personal, token: { ...personal.token, pins: answer.pins } } },
    );
  };
  return (
    <div className="pins-refresh">
      <Button size="row" icon={RefreshCw} busy={status.busy} onPress={() => void refresh()}>
        {t('page.pins.refresh')}
      </Button>
      <span className="visually-hidden" role="status">
        {status.busy ? t('page.pins.refreshing') : status.result ? t('page.pins.refreshed') : ''}
      </span>
      {status.failure && <FailureNote failure={status.failure} />}
    </div>
  );
}

function Pins({ pins }: { readonly pins: readonly PinJson[] }) {
  const act = usePinAct();
  const puk = pins.find(({ name }) => name === 'PUK');
  return (
    <div className="pins-list">
      {pins.map((pin) => (
        <PinCard key={pin.name} pin={pin} puk={puk} act={act} />
      ))}
    </div>
  );
}
