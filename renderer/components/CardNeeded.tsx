import type { ReactNode } from 'react';
import { Failure } from '../../electron/contract/failures/failure.ts';
import { readerState } from '../app/reader-state.ts';
import { type TextKey, useText } from '../app/text.tsx';
import { useWindow, type WindowState } from '../app/window-store.ts';
import { CardOnReaderScene, NoReaderScene, PlaceCardScene, ServiceOffScene } from '../drawings/scenes.tsx';
import { FailureNote, FailurePanel } from './FailurePanel.tsx';
import { Note } from './Note.tsx';
import './card-needed.css';

type Missing =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | {
      readonly kind: 'say';
      readonly what: 'absent' | 'no-reader' | 'reading' | 'removed' | 'agent' | 'agent-final';
    };

// Made once: the store compares what it hands out by identity.
const services: Readonly<Record<Exclude<WindowState['service'], 'running'>, Failure>> = {
  absent: new Failure('service-absent'),
  stopped: new Failure('service-stopped'),
  refused: new Failure('service-refused'),
};
const busyReader = new Failure('reader-busy');
const muteCard = new Failure('card-mute');

/** Why there is no card to work with, or null when there is one. */
export function missingCard(state: WindowState): Missing | null {
  if (state.personal !== null) return null;
  if (state.connection === 'lost') return { kind: 'say', what: 'agent-final' };
  if (state.connection !== 'up') return { kind: 'say', what: 'agent' };
  if (state.service !== 'running') return { kind: 'failure', failure: services[state.service] };
  if (state.problem !== null) return { kind: 'failure', failure: state.problem };
  const reader = readerState(state);
  if (reader === 'none') return { kind: 'say', what: 'no-reader' };
  if (reader === 'reading') return { kind: 'say', what: 'reading' };
  if (reader === 'remove') {
    const busy = state.readers.some((one) => one.state === 'busy');
    return { kind: 'failure', failure: busy ? busyReader : muteCard };
  }
  const removed = state.session.state === 'wiped' && state.session.wipedBecause === 'removed';
  return { kind: 'say', what: removed ? 'removed' : 'absent' };
}

const titles = {
  absent: 'page.card.absent.title',
  'no-reader': 'page.card.no-reader.title',
  reading: 'page.card.reading.title',
  removed: 'page.card.removed.title',
  agent: 'page.card.agent.title',
  'agent-final': 'page.card.agent-final.title',
} as const satisfies Record<string, TextKey>;
const sentences = {
  absent: 'page.card.absent.text',
  'no-reader': 'page.card.no-reader.text',
  reading: 'page.card.reading.text',
  removed: 'page.card.removed.text',
  agent: 'page.card.agent.text',
  'agent-final': 'page.card.agent-final.text',
} as const satisfies Record<string, TextKey>;

const scenes: Readonly<Record<keyof typeof titles, () => ReactNode>> = {
  absent: () => <PlaceCardScene />,
  'no-reader': () => <NoReaderScene />,
  reading: () => <CardOnReaderScene light="#0058D2" />,
  removed: () => <PlaceCardScene away />,
  agent: () => <ServiceOffScene />,
  'agent-final': () => <ServiceOffScene />,
};

/** In place of what a card would show: what is missing, in a drawing and in words. Nothing while a card is there. */
export function CardNeeded() {
  const { t } = useText();
  // A new object each time: compared by its fields.
  const missing = useWindow(missingCard);
  if (missing === null) return null;
  if (missing.kind === 'failure') return <FailurePanel failure={missing.failure} kind="part" />;
  return (
    <section className="card-needed" role="status">
      <div>
        <h2>{t(titles[missing.what])}</h2>
        <p className="lead">{t(sentences[missing.what])}</p>
      </div>
      {scenes[missing.what]()}
    </section>
  );
}

/** The same in a box, beside other things. */
export function CardNeededNote({ title }: { readonly title?: string }) {
  const { t } = useText();
  const missing = useWindow(missingCard);
  if (missing === null) return null;
  if (missing.kind === 'failure') return <FailureNote failure={missing.failure} />;
  if (title === undefined)
    return (
      <Note role="status" title={t(titles[missing.what])}>
        <p>{t(sentences[missing.what])}</p>
      </Note>
    );
  return (
    <Note role="status" title={title}>
      {missing.what !== 'absent' && <p>{t(titles[missing.what])}</p>}
    </Note>
  );
}
