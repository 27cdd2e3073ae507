import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { ChromiumRig } from '../rig/window/chromium-rig.ts';
import { longestTask, watchLongTasks, withAccesses } from '../rig/window/long-tasks.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';
import type { Bench, Finding } from './bench.ts';

/** Signing in and reading are entered in the log, too: the answer has 10,000 at most. */
const rows = 9_990;

async function run(): Promise<readonly Finding[]> {
  await using world = await CardWorld.start({ registers: withAccesses(rows) });
  await using rig = await ChromiumRig.start({ agent: world.agent });
  const { main } = rig;
  await world.insert();
  await main.click('button', 'Sign in with PIN1');
  await answerPin(rig, trainingPins.PIN1, 'Sign in');
  await main.shows('You are signed in');
  await watchLongTasks(main);
  const findings: Finding[] = [];
  const measured = async (what: string, act: () => Promise<unknown>) => {
    await longestTask(main);
    await act();
    const ours = await longestTask(main);
    const goal = { text: 'no task over 50 ms on an idle machine', reached: ours <= 50 };
    findings.push({ what: `${what}, longest task (0: none over 50)`, unit: 'ms', ours, peers: [], goal });
  };
  await measured('opening', async () => {
    await main.visit('/data/access-log');
    await main.shows(/9,99\d/);
  });
  await measured('as a table', async () => {
    await main.click('radio', 'Table');
    await main.shows('All accesses');
  });
  await measured('scrolling through all of it', () =>
    main.evaluate(`(async () => {
      const scroller = document.querySelector('.table-scroll-long');
      for (let at = 0; at < scroller.scrollHeight; at += scroller.scrollHeight / 60) {
        scroller.scrollTo(0, at);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    })()`),
  );
  await measured('sorting', () => main.click('button', /^Operator/));
  await measured('searching', async () => {
    await main.click('searchbox', 'Search');
    for (const letter of 'fiscal') await main.press(letter);
    await main.shows(/found/);
  });
  return findings;
}

/** Whether a very long answer leaves the window awake. */
export const accessLog: Bench = {
  id: 'access-log',
  title: 'Ten thousand rows',
  method:
    'The access log with 10,000 entries, read from the sandbox portal through the agent into the Chromium host. ' +
    'Long tasks as the page itself observes them (W3C Long Tasks). One run.',
  lacking: () =>
    needs('window') && needs('pcscd') ? undefined : 'Chromium, the built window or a private pcscd',
  run,
};
