import { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';
import { createSandboxCard } from '../../electron/sandbox/cards/index.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { ChromiumRig } from '../rig/window/chromium-rig.ts';
import { needs } from '../run/needs.ts';
import { type Bench, type Finding, median } from './bench.ts';
import { TimedCard } from './timed-card.ts';

const rounds = 9;

/** Resolves in the page with the wall-clock time of the frame after the one in which the text stands there, or is gone. */
const shown = (text: string, there: boolean) => `new Promise((resolve) => {
  const look = () => {
    if (document.body.innerText.includes(${JSON.stringify(text)}) !== ${there}) return false;
    requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
    return true;
  };
  if (look()) return;
  const observer = new MutationObserver(() => look() && observer.disconnect());
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
})`;

const now = () => performance.timeOrigin + performance.now();

async function run(): Promise<readonly Finding[]> {
  await using world = await CardWorld.start();
  // Another program that only listens: when did PC/SC say that there is a card?
  const witness = new PcscReaderService();
  await witness.start();
  await using rig = await ChromiumRig.start({ agent: world.agent });
  const beyondCard: number[] = [];
  const removal: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const card = new TimedCard(await createSandboxCard({ card: 'eid' }, world.authority));
      const event = (state: string) =>
        new Promise<number>((resolve) => {
          const stop = witness.onChange(({ readers }) => {
            if (!readers.some((reader) => reader.state === state)) return;
            stop();
            resolve(now());
          });
        });
      const present = event('present');
      const there = rig.main.evaluate<number>(shown('Ana-Măriuța', true));
      world.reader.insert(card);
      const [inserted, seen] = await Promise.all([present, there]);
      const gone = event('empty');
      const away = rig.main.evaluate<number>(shown('Ana-Măriuța', false));
      world.reader.remove();
      const [removed, cleared] = await Promise.all([gone, away]);
      // The first one loads what the others find loaded.
      if (round === 0) continue;
      beyondCard.push(seen - inserted - card.ownTime);
      removal.push(cleared - removed);
    }
  } finally {
    await witness.close();
  }
  const shownAfter = median(beyondCard);
  const goneAfter = median(removal);
  return [
    {
      what: "from PC/SC's event to the holder on the screen, beyond the card's own time",
      unit: 'ms',
      ours: shownAfter,
      peers: [],
      goal: { text: 'at most 150 ms', reached: shownAfter <= 150 },
    },
    {
      what: "from PC/SC's event to a screen without the person",
      unit: 'ms',
      ours: goneAfter,
      peers: [],
      goal: { text: 'at most 100 ms', reached: goneAfter <= 100 },
    },
  ];
}

/** How soon the window knows of a card. */
export const holder: Bench = {
  id: 'holder',
  title: 'From the card to the screen',
  method:
    'A private pcscd with a virtual reader, the agent, and the Chromium host without a display. A second program ' +
    `listens to PC/SC and keeps the time of its events. ${rounds} insertions and removals of an electronic identity ` +
    'card after a first one, medians; the frame in which the change is painted is waited for.',
  lacking: () =>
    needs('window') && needs('pcscd') ? undefined : 'Chromium, the built window, pcscd, or the native part',
  run,
};
