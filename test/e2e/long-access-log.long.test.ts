/** As many accesses as the contract allows, from the portal to the screen. */
import { describe, expect, it, vi } from 'vitest';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { ChromiumRig } from '../rig/window/chromium-rig.ts';
import { withAccesses } from '../rig/window/long-tasks.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!needs('window') || !needs('pcscd'))('a very long access log', () => {
  it('is read whole, and only the rows in sight are in the document', async () => {
    await using world = await CardWorld.start({ registers: withAccesses(9_990) });
    await using rig = await ChromiumRig.start({ agent: world.agent });
    await world.insert();
    await rig.main.click('button', 'Sign in with PIN1');
    await answerPin(rig, trainingPins.PIN1, 'Sign in');
    await rig.main.shows('You are signed in');
    await rig.main.visit('/data/access-log');
    await rig.main.shows(/9,99\d/);
    await rig.main.click('radio', 'Table');
    await rig.main.shows('All accesses');
    expect(await rig.main.evaluate<number>("document.querySelectorAll('main tbody tr').length")).toBeLessThan(
      80,
    );
    await rig.main.evaluate("document.querySelector('.table-scroll-long').scrollTo(0, 1e9)");
    // The oldest entry stands in the last row.
    await rig.main.shows('Cererea nr. 9989');
    expect(await rig.main.evaluate<number>("document.querySelectorAll('main tbody tr').length")).toBeLessThan(
      80,
    );
  });
});
