/** A page that was taken over, and registers that write hostile texts: in the real host, on a real agent. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { ana } from '../../electron/sandbox/people.ts';
import { registers } from '../../electron/sandbox/portal/data/registers.ts';
import type { Registers } from '../../electron/sandbox/portal/site/store.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { ChromiumRig, eventually } from '../rig/window/chromium-rig.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

const markup = '<script>alert(1)</script><img src=x onerror=alert(2)><b>';
const longest = 'Ș'.repeat(256);

/** The first of the people, with every text of every register replaced. */
const poisoned = (text: string): Registers => {
  const poison = (item: object) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        typeof value === 'string' && !/^\d{4}-\d\d-\d\d/.test(value) ? text : value,
      ]),
    );
  return Object.fromEntries(
    Object.entries(registers).map(([service, people]) => [
      service,
      { ...people, [ana.idnp]: (people[ana.idnp] ?? []).map(poison) },
    ]),
  ) as unknown as Registers;
};

const services = ['personal', 'documents', 'domicile', 'vehicles', 'access-log'] as const;
const wider = `(() => {
  const main = document.querySelector('main');
  return Math.max(main.scrollWidth - main.clientWidth,
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
})()`;

describe.skipIf(!needs('window') || !needs('pcscd'))('hostile input in the window', () => {
  const open = async (text: string) => {
    const world = await CardWorld.start({ registers: poisoned(text) });
    const rig = await ChromiumRig.start({ agent: world.agent });
    await world.insert();
    await rig.main.click('button', 'Sign in with PIN1');
    await answerPin(rig, trainingPins.PIN1, 'Sign in');
    await rig.main.shows('You are signed in');
    return { world, rig };
  };

  it.each([
    ['markup', markup],
    ['the longest text', longest],
  ])('shows %s from the portal as text, and the layout holds', async (_, text) => {
    const { world, rig } = await open(text);
    await using _world = world;
    await using _rig = rig;
    for (const service of services) {
      await rig.main.visit(`/data/${service}`);
      await rig.main.shows(text.slice(0, 24));
      expect(
        await rig.main.evaluate("document.querySelectorAll('main script, main img, main b').length"),
      ).toBe(0);
      expect(await rig.main.evaluate<number>(wider)).toBeLessThanOrEqual(0);
    }
    expect(rig.log.join('\n')).not.toContain(text.slice(0, 24));
  });

  it.each([
    ['10,000 letters', 'W'.repeat(10_000)],
    ['an override of direction', 'Ana \u202efdp.exe'],
    ['control characters', 'Ana\u0007\u001b[2J'],
    ['half of a surrogate pair', 'Ana \ud800'],
  ])('refuses %s from the portal, and says so', async (_, text) => {
    const { world, rig } = await open(text);
    await using _world = world;
    await using _rig = rig;
    for (const service of services) {
      await rig.main.visit(`/data/${service}`);
      expect(await rig.main.shows('Try again')).not.toContain(text);
      expect(await rig.main.evaluate<number>(wider)).toBeLessThanOrEqual(0);
    }
    expect(rig.shell.agent.snapshot?.session.state).toBe('signed-in');
  });

  describe('a page that sends garbage', () => {
    let rig: ChromiumRig;
    beforeAll(async () => {
      rig = await ChromiumRig.start({ agent: { sandbox: 'eid' } });
      await rig.main.shows('Ana-Măriuța');
    });
    afterAll(() => rig?.[Symbol.asyncDispose]());

    it('is refused, and the log has nothing of it', async () => {
      const { pid } = rig.agent;
      await rig.main.evaluate(`void (() => {
        for (const text of ['geheim', '{"type":"geheim"}', '['.repeat(50) + 'geheim', 'null', '',
          '{"type":"request","id":"geheim","method":"agent.stop","params":{}}',
          JSON.stringify({ type: 'request', id: crypto.randomUUID(), method: 'agent.stop', params: {} }),
          JSON.stringify({ type: 'request', id: crypto.randomUUID(), method: 'sign.digest', params: { pin: 'PIN2', digest: '00' } }),
          JSON.stringify({ type: 'request', id: crypto.randomUUID(), method: 'pin.submit', params: { geheim: 1 } }),
          JSON.stringify({ type: 'request', id: crypto.randomUUID(), method: 'host.documents.read', params: { path: '/etc/passwd' } })])
          buletin.send(text);
      })()`);
      await eventually(() => rig.log.some((line) => line.includes('refused')), 'a line of the log');
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect(rig.log.join('\n')).not.toMatch(/geheim|passwd/);
      expect(rig.agent.pid).toBe(pid);
      expect(rig.pinWindows()).toEqual([]);
    });

    it('and floods the port, is let run dry: the window works on', async () => {
      await rig.main.evaluate(
        `void (() => { for (let turn = 0; turn < 20_000; turn++) buletin.send('{"type":"geheim' + turn + '"}'); })()`,
      );
      await eventually(
        () => rig.log.some((line) => /refused \d{3,} messages/.test(line)),
        'the count in the log',
      );
      expect(rig.log.join('\n')).not.toContain('geheim');
      expect(rig.log.length).toBeLessThan(40);
      // What the page earns back in a few seconds serves the person again.
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await rig.main.visit('/pins');
      await rig.main.click('button', 'Check PIN1');
      await answerPin(rig, trainingPins.PIN1, 'Check');
      await rig.main.shows('PIN1 is correct.');
    });
  });
});
