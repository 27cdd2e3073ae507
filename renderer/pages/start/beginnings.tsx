import { BookOpen, CircleCheck, Hand, LifeBuoy, type LucideIcon, Mail, Usb, WalletCards } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionJson } from '../../../electron/contract/model/status.ts';
import { clean } from '../../app/clean-text.ts';
import { useText } from '../../app/text.tsx';
import type { WindowState } from '../../app/window-store.ts';
import { Icon } from '../../components/Icon.tsx';
import { Note } from '../../components/Note.tsx';
import { Steps } from '../../components/Steps.tsx';
import { CardOnReaderScene, NoReaderScene, PlaceCardScene, ServiceOffScene } from '../../drawings/scenes.tsx';

interface HeroProps {
  readonly step: number;
  readonly title: string;
  readonly lead: string;
  /** What is being waited for. */
  readonly waiting: string;
  readonly picture: ReactNode;
  readonly children?: ReactNode;
  readonly tips?: ReactNode;
}

function Hero({ step, title, lead, waiting, picture, children, tips }: HeroProps) {
  const { t } = useText();
  const steps = [t('steps.reader'), t('steps.card'), t('steps.pin'), t('steps.services')];
  return (
    <div className="page start-page">
      <Steps label={t('steps.label')} steps={steps} now={step} />
      <div className="hero">
        <div>
          <h1>{title}</h1>
          <p className="lead">{lead}</p>
          <p className="waiting" role="status">
            <i className="pulse" aria-hidden="true" />
            {waiting}
          </p>
          {children}
        </div>
        <div className="hero-picture">{picture}</div>
      </div>
      {tips && <div className="tips">{tips}</div>}
    </div>
  );
}

function Tip({ icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <div className="tip">
      <Icon of={icon} size={22} />
      <div className="grow">
        <h2>{title}</h2>
        <p>{children}</p>
      </div>
    </div>
  );
}

export function ConnectingView({ again }: { readonly again: boolean }) {
  const { t } = useText();
  const name = again ? 'restarting' : 'connecting';
  return (
    <Hero
      step={0}
      title={t(`start.${name}.title`)}
      lead={t(`start.${name}.lead`)}
      waiting={t('start.connecting.waiting')}
      picture={<ServiceOffScene />}
    />
  );
}

export function NoReaderView() {
  const { t } = useText();
  return (
    <Hero
      step={0}
      title={t('start.no-reader.title')}
      lead={t('start.no-reader.lead')}
      waiting={t('start.no-reader.waiting')}
      picture={<NoReaderScene />}
      tips={
        <>
          <Tip icon={Usb} title={t('start.tip.connected.title')}>
            {t('start.tip.connected.text')}
          </Tip>
          <Tip icon={BookOpen} title={t('start.tip.which.title')}>
            {t('start.tip.which.text')}
          </Tip>
          <Tip icon={LifeBuoy} title={t('start.tip.help.title')}>
            {t('start.tip.help.text')} <a href="#/help">{t('start.tip.help.link')}</a>
          </Tip>
        </>
      }
    />
  );
}

export function PlaceCardView({
  readers,
  left,
}: {
  readonly readers: WindowState['readers'];
  readonly left: SessionJson['wipedBecause'];
}) {
  const { t } = useText();
  const [first] = readers;
  return (
    <Hero
      step={1}
      title={t('start.place.title')}
      lead={t('start.place.lead')}
      waiting={t('start.place.waiting')}
      picture={<PlaceCardScene />}
      tips={
        <>
          <Tip icon={WalletCards} title={t('start.tip.sleeve.title')}>
            {t('start.tip.sleeve.text')}
          </Tip>
          <Tip icon={Hand} title={t('start.tip.still.title')}>
            {t('start.tip.still.text')}
          </Tip>
          <Tip icon={Mail} title={t('start.tip.envelope.title')}>
            {t('start.tip.envelope.text')}
          </Tip>
        </>
      }
    >
      {left === undefined ? (
        first && (
          <p className="row small third recognised">
            <Icon of={CircleCheck} size={18} />
            <span className="safe-text">{t('start.place.reader', { name: clean(first.name, 80) })}</span>
          </p>
        )
      ) : (
        <div className="left-note">
          <Note tone="good" role="status">
            {t(`start.left.${left}`)}
          </Note>
        </div>
      )}
    </Hero>
  );
}

export function ReadingView() {
  const { t } = useText();
  return (
    <Hero
      step={1}
      title={t('start.reading.title')}
      lead={t('start.reading.lead')}
      waiting={t('start.reading.waiting')}
      picture={<CardOnReaderScene light="#3379DB" />}
    />
  );
}
