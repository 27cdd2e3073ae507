/** D11 to D14: a card is there, answers, is ours and can be read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { moldovanCardLikeness } from '../../card/atr.ts';
import { isVirtualReader } from '../../readers/knowledge/reader-knowledge.ts';
import type { Check, CheckAnswer, CheckContext } from '../doctor/check.ts';
import { failedWith, readerOf } from '../doctor/facts.ts';
import { askWhichCard } from './other-cards.ts';

/** How long the readers are watched for a card that comes and goes, in ms, and how often is too often. */
const watchMs = 250;
const tooManyChanges = 2;

async function contact({ facts, world, signal }: CheckContext): Promise<CheckAnswer> {
  const { running } = await facts.service();
  if (!running || !world.readers) return 'not-applicable';
  const readers = await facts.realReaders();
  if (readers.length === 0) return 'not-applicable';
  const before = new Map(readers.map(({ name, generation }) => [name, generation]));
  await sleep(watchMs, undefined, { signal });
  const now = await facts.realReaders();
  const flickering = now.find(
    ({ name, generation }) => generation - (before.get(name) ?? generation) >= tooManyChanges,
  );
  if (flickering) return [{ cause: 'card-flickers', parameters: { reader: flickering.name } }];
  const look = await facts.card();
  if ('card' in look) return [];
  const mute = now.find(({ state }) => state === 'mute');
  if (mute || failedWith(look, 'card-mute')) {
    const reader = mute?.name ?? readerOf(look) ?? now[0]?.name ?? '';
    return [{ cause: 'card-mute', parameters: { reader } }];
  }
  return now.every(({ state }) => state === 'empty') ? [{ cause: 'card-not-inserted' }] : [];
}

/** Failures of reading that other checks speak of. */
const told = [
  ...['card-absent', 'card-removed', 'card-changed', 'card-mute', 'card-timeout', 'card-unknown'],
  ...['reader-none', 'reader-busy', 'reader-held', 'reader-removed', 'reader-unknown-name'],
  ...['service-absent', 'service-stopped', 'service-refused', 'service-mismatch', 'native-missing'],
  ...[
    'module-missing',
    'module-invalid',
    'module-changed',
    'module-refused',
    'module-crashed',
    'module-timeout',
  ],
  ...['module-answer-invalid', 'module-host-missing', 'cancelled'],
] as readonly string[];

export const cardChecks: readonly Check[] = [
  { id: 'D11', budgetMs: 2_600, run: contact },
  {
    id: 'D12',
    budgetMs: 2_600,
    run: async (context) => {
      const { facts } = context;
      const look = await facts.card();
      if ('card' in look) return [];
      if (!failedWith(look, 'card-unknown')) return 'not-applicable';
      const reader = await facts.cardReader();
      // Ours by its ATR: D13 speaks of it.
      if (reader?.atr && moldovanCardLikeness(reader.atr)) return [];
      const kind = await askWhichCard(context);
      if (kind.is === 'payment') return [{ cause: 'card-payment' }];
      if (kind.is === 'foreign') return [{ cause: 'card-foreign-eid', parameters: { label: kind.label } }];
      return kind.is === 'travel' ? [] : [{ cause: 'card-not-eid' }];
    },
  },
  {
    id: 'D13',
    budgetMs: 2_600,
    run: async (context) => {
      const { facts } = context;
      const look = await facts.card();
      if ('card' in look) {
        return look.card.certificates.length === 0 ? [{ cause: 'card-without-certificates' }] : [];
      }
      if (failedWith(look, 'card-unknown')) {
        const reader = await facts.cardReader();
        if (reader?.atr && moldovanCardLikeness(reader.atr)) return [{ cause: 'card-moldovan-unreadable' }];
        return (await askWhichCard(context)).is === 'travel'
          ? [{ cause: 'card-travel-only' }]
          : 'not-applicable';
      }
      if (failedWith(look, 'card-no-certificate')) return [{ cause: 'card-without-certificates' }];
      if (failedWith(look, 'card-malformed', 'signature-invalid')) return [{ cause: 'card-layout-broken' }];
      const { code } = look.failure;
      if (told.includes(code) || context.world.readCard === undefined) return 'not-applicable';
      return [{ cause: 'card-unreadable', parameters: { code } }];
    },
  },
  {
    id: 'D14',
    budgetMs: 2_600,
    real: true,
    run: async ({ facts }) => {
      const readers = await facts.readers();
      const used = await facts.cardReader();
      if (!used) return 'not-applicable';
      const virtual = readers.filter(({ name }) => isVirtualReader(name));
      const cards = (await facts.realReaders()).filter(({ state }) => state === 'present');
      return [
        ...(cards.length > 1 ? [{ cause: 'cards-several', parameters: { reader: used.name } } as const] : []),
        ...virtual
          .slice(0, 4)
          .map(
            ({ name }) =>
              ({ cause: 'readers-virtual-ignored', parameters: { label: name, reader: used.name } }) as const,
          ),
      ];
    },
  },
];
