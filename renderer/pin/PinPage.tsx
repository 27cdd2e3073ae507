import {
  Check,
  Delete,
  FileText,
  Globe,
  KeyRound,
  type LucideIcon,
  Shuffle,
  TriangleAlert,
  User,
} from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PinPrompt } from '../../electron/contract/model/status.ts';
import { clean } from '../app/clean-text.ts';
import { useText } from '../app/text.tsx';
import { Icon } from '../components/Icon.tsx';
import { SafeText } from '../components/SafeText.tsx';
import { TriesMarks } from '../components/Tries.tsx';
import { Envelope, KeyDisc, Seal } from '../drawings/emblems.tsx';
import { AtReader } from './AtReader.tsx';
import { shuffledDigits } from './pin-digits.ts';
import type { PinEntry } from './pin-entry.ts';

const inOrder = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];

interface PinPageProps {
  readonly prompt: PinPrompt;
  readonly entry: PinEntry;
  /** The digits stand in a new order. */
  readonly shuffled: boolean;
}

/** The only page where a PIN is typed. PIN1 is blue and round, PIN2 sour cherry and sealed. */
export function PinPage({ prompt, entry, shuffled }: PinPageProps) {
  const { t } = useText();
  const state = useSyncExternalStore(entry.subscribe, entry.get);
  const [acknowledged, setAcknowledged] = useState(false);
  const blocked = prompt.entry === 'current' && (prompt.tries === 0 || prompt.tries === 'blocked');
  const open = state.phase === 'typing' && !blocked && (!prompt.lastTry || acknowledged);
  useEffect(() => {
    document.title = t(`pin.title.${prompt.pin}`);
  }, [prompt.pin, t]);
  return (
    <div className="pin-window" data-pin={prompt.pin}>
      <Head prompt={prompt} />
      {prompt.simulated && <aside className="pin-simulated">{t('pin.simulated')}</aside>}
      <main className="pin-body">
        <Request prompt={prompt} />
        {blocked ? (
          <Blocked prompt={prompt} />
        ) : state.phase === 'closed' || state.phase === 'sent' || state.phase === 'sending' ? (
          <Over phase={state.phase} failure={state.failure !== null} />
        ) : (
          <>
            {prompt.lastTry && (
              <LastTry prompt={prompt} acknowledged={acknowledged} onChange={setAcknowledged} />
            )}
            {prompt.atReader ? (
              <AtReader prompt={prompt} />
            ) : (
              <Entry
                prompt={prompt}
                entry={entry}
                state={state}
                open={open}
                shuffled={shuffled}
                acknowledged={acknowledged}
              />
            )}
          </>
        )}
        <div className="pin-foot">
          <button type="button" className="pin-button" onClick={() => entry.cancel()}>
            {t(
              blocked || state.phase === 'closed' || prompt.atReader === 'enter'
                ? 'action.close'
                : 'action.cancel',
            )}
          </button>
          {!blocked && state.phase !== 'closed' && prompt.atReader !== 'enter' && (
            <button
              type="button"
              className="pin-button pin-go"
              disabled={!open || (!prompt.atReader && !entry.complete)}
              onClick={() => void (prompt.atReader ? entry.agree(acknowledged) : entry.finish(acknowledged))}
            >
              {t(prompt.atReader ? 'pin.do.continue' : actionKey(prompt, state.again))}
            </button>
          )}
        </div>
      </main>
    </div>
  );
}

/** What the button does, as a verb. */
function actionKey({ purpose, entry }: PinPrompt, again: boolean) {
  if (entry === 'new')
    return again ? (purpose === 'unblock' ? 'pin.do.unblock' : 'pin.do.change') : 'pin.do.continue';
  switch (purpose) {
    case 'sign-in':
      return 'pin.do.sign-in';
    case 'sign':
    case 'sign-digest':
      return 'pin.do.sign';
    case 'verify':
      return 'pin.do.verify';
    default:
      return 'pin.do.continue';
  }
}

function Head({ prompt }: { readonly prompt: PinPrompt }) {
  const { t } = useText();
  const { pin, legalAct } = prompt;
  return (
    <header className="pin-head">
      {pin === 'PIN1' ? (
        <KeyDisc size={48} color="#fff" inner="#0058D2" />
      ) : pin === 'PIN2' ? (
        <Seal size={52} color="#fff" inner="#8A2247" />
      ) : (
        <span className="pin-emblem">
          <Icon of={KeyRound} size={26} />
        </span>
      )}
      <div>
        <h1>{t(`pin.title.${pin}`)}</h1>
        <p>{t(legalAct ? 'pin.lead.legal' : `pin.lead.${pin}`)}</p>
      </div>
    </header>
  );
}

/** Who asks, and for what. */
function Request({ prompt }: { readonly prompt: PinPrompt }) {
  const { t } = useText();
  const { purpose, requester, documents, pin, entry } = prompt;
  const [first] = documents ?? [];
  if (purpose === 'sign' && first !== undefined && documents !== undefined) {
    return (
      <section className="pin-request" aria-label={t('pin.request')}>
        <RequestIcon icon={FileText} />
        <div>
          {documents.length === 1 ? (
            <p className="strong">
              <SafeText limit={90}>{first}</SafeText>
            </p>
          ) : (
            <>
              <p className="strong">{t('pin.for.documents', { count: documents.length })}</p>
              <ul
                className="pin-documents"
                // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
                tabIndex={0}
                aria-label={t('pin.for.documents', { count: documents.length })}
              >
                {documents.map((name, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat
                  <li key={index}>
                    <SafeText limit={90}>{name}</SafeText>
                  </li>
                ))}
              </ul>
            </>
          )}
          <p className="small second">{t('pin.by.you')}</p>
        </div>
      </section>
    );
  }
  const step = entry === 'new' ? 'new' : 'current';
  return (
    <section className="pin-request" aria-label={t('pin.request')}>
      <RequestIcon icon={requester === null ? User : Globe} />
      <div>
        <p className="strong safe-text">
          {purpose === 'sign-in'
            ? t('pin.for.sign-in', { host: clean(requester ?? '', 80) })
            : purpose === 'change' || purpose === 'unblock'
              ? t(`pin.for.${purpose}.${step}`, { pin })
              : t(`pin.for.${purpose === 'sign' ? 'sign-digest' : purpose}`, { pin })}
        </p>
        <p className="small second">
          {purpose === 'sign-in' && prompt.legalAct
            ? t('pin.sign-in-is-signature')
            : requester === null
              ? t('pin.by.you')
              : t('pin.by.portal')}
        </p>
      </div>
    </section>
  );
}

const RequestIcon = ({ icon }: { readonly icon: LucideIcon }) => (
  <span className="pin-request-icon">
    <Icon of={icon} size={22} />
  </span>
);

function LastTry({
  prompt,
  acknowledged,
  onChange,
}: {
  readonly prompt: PinPrompt;
  readonly acknowledged: boolean;
  readonly onChange: (acknowledged: boolean) => void;
}) {
  const { t } = useText();
  return (
    <section className="pin-last" role="alert">
      <div className="pin-last-words">
        <p className="row strong">
          <Icon of={TriangleAlert} />
          {t('tries.last')}
        </p>
        <p className="small">{t('pin.last', { pin: prompt.pin })}</p>
      </div>
      <Envelope width={64} />
      <label className="row small pin-acknowledge">
        <input type="checkbox" checked={acknowledged} onChange={(event) => onChange(event.target.checked)} />
        {t('pin.last.yes', { pin: prompt.pin })}
      </label>
    </section>
  );
}

function Blocked({ prompt }: { readonly prompt: PinPrompt }) {
  const { t } = useText();
  return (
    <section className="pin-over" role="alert">
      <Icon of={TriangleAlert} size={34} />
      <h2>{t('pin.blocked.title', { pin: prompt.pin })}</h2>
      <p className="second">{t(prompt.pin === 'PUK' ? 'pin.blocked.puk' : 'pin.blocked.text')}</p>
    </section>
  );
}

function Over({
  phase,
  failure,
}: {
  readonly phase: 'sending' | 'sent' | 'closed';
  readonly failure: boolean;
}) {
  const { t } = useText();
  const closed = phase === 'closed';
  return (
    <section className="pin-over" role="status">
      <Icon of={closed ? TriangleAlert : Check} size={34} />
      <h2>{t(closed ? (failure ? 'pin.not-sent' : 'pin.closed') : 'pin.sent')}</h2>
      <p className="second">{t(closed ? 'pin.closed-text' : 'pin.sent-text')}</p>
    </section>
  );
}

function Entry({
  prompt,
  entry,
  state,
  open,
  shuffled,
  acknowledged,
}: Omit<PinPageProps, 'shuffled'> & {
  readonly state: ReturnType<PinEntry['get']>;
  readonly open: boolean;
  readonly shuffled: boolean;
  readonly acknowledged: boolean;
}) {
  const { t } = useText();
  const { min, max } = prompt.length;
  const [digits, setDigits] = useState(() => (shuffled ? shuffledDigits() : inOrder));
  const [refused, setRefused] = useState(false);
  const cells = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) cells.current?.focus();
  }, [open]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!open || event.ctrlKey || event.altKey || event.metaKey) return;
      if (/^[0-9]$/.test(event.key)) {
        setRefused(false);
        entry.type(event.key.charCodeAt(0) - 0x30);
      } else if (event.key === 'Backspace') entry.takeBack();
      else if (event.key === 'Enter' && !(event.target instanceof HTMLButtonElement))
        void entry.finish(acknowledged);
      else return;
      event.preventDefault();
    };
    const onPaste = (event: Event) => {
      event.preventDefault();
      setRefused(true);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') entry.cancel();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('keydown', onEscape);
    document.addEventListener('paste', onPaste);
    document.addEventListener('drop', onPaste);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('keydown', onEscape);
      document.removeEventListener('paste', onPaste);
      document.removeEventListener('drop', onPaste);
    };
  }, [entry, open, acknowledged]);
  const ask =
    prompt.entry === 'new'
      ? t(state.again ? 'pin.ask.again' : min === max ? 'pin.ask.new' : 'pin.ask.new-range', {
          pin: prompt.pin,
          min,
          count: max,
        })
      : t(min === max ? 'pin.ask' : 'pin.ask-range', { pin: prompt.pin, min, count: max });
  return (
    <>
      <div className="pin-entry">
        <p className="pin-ask" id="pin-ask">
          {ask}
        </p>
        {/* biome-ignore lint/a11y/useSemanticElements: an input would hold the digits as text */}
        <div
          ref={cells}
          className="pin-cells"
          data-many={max > 8}
          role="textbox"
          aria-labelledby="pin-ask"
          aria-describedby="pin-state"
          aria-disabled={!open}
          tabIndex={0}
        >
          {Array.from({ length: max }, (_, index) => index).map((index) => (
            <span
              key={index}
              className="pin-cell"
              data-filled={index < state.count}
              data-next={open && index === state.count}
              data-optional={index >= min}
            />
          ))}
        </div>
        <p className="visually-hidden" id="pin-state" role="status">
          {t('pin.typed', { count: state.count })}
        </p>
        <p className="pin-remark small" role={refused || state.differed ? 'alert' : undefined}>
          {state.differed ? (
            t('pin.differed')
          ) : refused ? (
            t('pin.no-paste')
          ) : prompt.entry === 'new' ? (
            t('pin.new-hint')
          ) : (
            <TriesMarks pin={prompt.pin} tries={prompt.tries} />
          )}
        </p>
      </div>
      <fieldset className="pin-pad" aria-label={t('pin.pad')}>
        {digits.slice(0, 9).map((digit) => (
          <DigitKey key={digit} digit={digit} open={open} onType={() => entry.type(digit)} />
        ))}
        <button
          type="button"
          className="pin-key pin-key-tool"
          aria-label={t('pin.shuffle')}
          title={t('pin.shuffle')}
          disabled={!open}
          onClick={() => setDigits(shuffledDigits())}
        >
          <Icon of={Shuffle} />
        </button>
        {digits.slice(9).map((digit) => (
          <DigitKey key={digit} digit={digit} open={open} onType={() => entry.type(digit)} />
        ))}
        <button
          type="button"
          className="pin-key pin-key-tool"
          aria-label={t('pin.take-back')}
          disabled={!open}
          onClick={() => entry.takeBack()}
        >
          <Icon of={Delete} size={22} />
        </button>
      </fieldset>
    </>
  );
}

const DigitKey = ({ digit, open, onType }: { digit: number; open: boolean; onType: () => void }) => (
  <button type="button" className="pin-key" disabled={!open} onClick={onType}>
    {digit}
  </button>
);
