import { Check, CircleAlert, LockOpen, RefreshCcwDot, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PinJson } from '../../../electron/contract/model/card.ts';
import { useText } from '../../app/text.tsx';
import { useWindow } from '../../app/window-store.ts';
import { Button } from '../../components/Button.tsx';
import { FailureNote } from '../../components/FailurePanel.tsx';
import { Note } from '../../components/Note.tsx';
import { TriesMarks } from '../../components/Tries.tsx';
import { Envelope, KeyDisc, Seal } from '../../drawings/emblems.tsx';
import type { PinAct, PinDeed } from './pin-act.ts';
import { isBlocked, isLastTry } from './pin-tries.ts';

export interface PinCardProps {
  readonly pin: PinJson;
  readonly puk: PinJson | undefined;
  readonly act: PinAct;
}

/** One code: what it is for, how many tries it has, what can be done with it. */
export function PinCard({ pin, puk, act }: PinCardProps) {
  const { t } = useText();
  const { name, role, length } = pin;
  const blocked = isBlocked(pin);
  const mine = act.pin === name;
  return (
    <section className="pin-card" data-role={role} data-blocked={blocked} aria-labelledby={`pin-${name}`}>
      <div className="pin-card-head">
        {role === 'unblock' ? (
          <Envelope width={56} />
        ) : role === 'signature' ? (
          <Seal size={56} />
        ) : (
          <KeyDisc size={56} />
        )}
        <div className="grow">
          <h2 id={`pin-${name}`}>{name}</h2>
          <p className="second">{t(`page.pins.role.${role}`)}</p>
        </div>
      </div>
      <p className="second">{t(`page.pins.for.${role}`)}</p>
      <p className="pin-card-facts">
        <TriesMarks pin={name} tries={pin.tries} />
        <span className="small third">
          {length.min === length.max
            ? t('page.pins.length.exact', { max: length.max })
            : t('page.pins.length.range', { min: length.min, max: length.max })}
        </span>
      </p>
      <Advice pin={pin} puk={puk} />
      {name !== 'PUK' && (
        <>
          <Deeds name={name} blocked={blocked} changeFirst={pin.changeFirst} puk={puk} act={act} />
          {!blocked && !pin.changeFirst && <p className="small third">{t('page.pins.verify.help')}</p>}
        </>
      )}
      {mine && act.busy && <Underway act={act} name={name} />}
      {mine && !act.busy && act.done && (
        <Note tone="good" role="status">
          {t(`page.pins.done.${act.deed}`, { pin: name })}
        </Note>
      )}
      {mine && !act.busy && act.failure && <FailureNote failure={act.failure} />}
    </section>
  );
}

/** What a person should know before anything else: blocked, last try, transport PIN. */
function Advice({ pin, puk }: Pick<PinCardProps, 'pin' | 'puk'>) {
  const { t } = useText();
  const { name } = pin;
  if (isBlocked(pin)) {
    if (name === 'PUK')
      return (
        <Note tone="bad" title={t('page.pins.puk-blocked.title')}>
          <p>{t('page.pins.puk-blocked.text')}</p>
        </Note>
      );
    const wayOut = puk !== undefined && !isBlocked(puk);
    return (
      <Note tone="bad" title={t('page.pins.blocked.title', { pin: name })}>
        <p>
          {wayOut
            ? t('page.pins.blocked.text', { pin: name })
            : t(puk === undefined ? 'page.pins.blocked.no-puk' : 'page.pins.puk-blocked.text')}
        </p>
      </Note>
    );
  }
  if (pin.changeFirst)
    return (
      <Note tone="care" icon={TriangleAlert} title={t('page.pins.change-first.title', { pin: name })}>
        <p>{t('page.pins.change-first.text')}</p>
      </Note>
    );
  if (isLastTry(pin))
    return (
      <Note tone="care" icon={CircleAlert}>
        {t('page.pins.tries.last.text', { pin: name })}
      </Note>
    );
  return null;
}

function Deeds({
  name,
  blocked,
  changeFirst,
  puk,
  act,
}: {
  readonly name: 'PIN1' | 'PIN2';
  readonly blocked: boolean;
  readonly changeFirst: boolean;
  readonly puk: PinJson | undefined;
  readonly act: PinAct;
}) {
  const { t } = useText();
  /** The one that was pressed keeps the focus; the others wait. */
  const state = (deed: PinDeed) => {
    const mine = act.busy && act.pin === name && act.deed === deed;
    return { busy: mine, isDisabled: act.busy && !mine };
  };
  if (blocked) {
    return puk !== undefined && !isBlocked(puk) ? (
      <div className="pin-card-deeds">
        <Button icon={LockOpen} {...state('unblock')} onPress={() => act.start('unblock', name)}>
          {t('page.pins.unblock', { pin: name })}
        </Button>
      </div>
    ) : null;
  }
  return (
    <div className="pin-card-deeds">
      {!changeFirst && (
        <Button size="row" icon={Check} {...state('verify')} onPress={() => act.start('verify', name)}>
          {t('page.pins.verify', { pin: name })}
        </Button>
      )}
      <Button size="row" icon={RefreshCcwDot} {...state('change')} onPress={() => act.start('change', name)}>
        {t('page.pins.change', { pin: name })}
      </Button>
    </div>
  );
}

/** The PIN window is open, or the card works; a way out after three seconds. */
function Underway({ act, name }: { readonly act: PinAct; readonly name: 'PIN1' | 'PIN2' }) {
  const { t } = useText();
  const asked = useWindow(({ prompt }) => prompt?.pin);
  const [wayOut, setWayOut] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWayOut(true), 3_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Note
      role="status"
      action={
        wayOut ? (
          <Button size="row" onPress={() => act.cancel()}>
            {t('page.common.cancel')}
          </Button>
        ) : undefined
      }
    >
      {asked === undefined
        ? t('page.pins.working')
        : asked === 'PUK'
          ? t('page.pins.waiting.puk')
          : t(name === 'PIN2' ? 'page.pins.waiting.wine' : 'page.pins.waiting.blue', { pin: name })}
    </Note>
  );
}
