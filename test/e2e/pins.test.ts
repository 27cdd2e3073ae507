/** PINs in the real window: checked, wrong, on their last try, blocked, changed, unblocked. Never seen by a host. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { ChromiumRig, eventually } from '../rig/window/chromium-rig.ts';
import { answerPin, chooseNewPin, clickDigits, formsOf } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 120_000 });

const { PIN1, PIN2, PUK } = trainingPins;

describe.skipIf(!needs('window'))('PINs in the window', () => {
  let rig: ChromiumRig;
  beforeAll(async () => {
    rig = await ChromiumRig.start({ agent: { sandbox: 'eid' } });
    await rig.main.visit('/pins');
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  /** Tries left as the agent reads them from the card. */
  const tries = async () => {
    const { pins } = await rig.agent.client.request('pin.status', {});
    return Object.fromEntries(pins.map((pin) => [pin.name, pin.tries]));
  };
  const change = async (card: string) => {
    await rig.agent.client.request('sandbox.remove', {});
    await eventually(() => rig.shell.agent.snapshot?.token === null, 'the empty reader');
    await rig.agent.client.request('sandbox.insert', { card });
    await eventually(() => rig.shell.agent.snapshot?.token, 'the card');
  };

  it('checks PIN1; the PIN is in nothing that passed the browser pipe, the log or the main page', async () => {
    rig.traffic.length = 0;
    await rig.main.click('button', 'Check PIN1');
    const pin = await rig.pin();
    const text = await pin.shows('Enter PIN1');
    expect(text).toContain('Training card');
    expect(text).toMatch(/3 tries left/);
    await clickDigits(pin, PIN1);
    await pin.click('button', 'Check');
    await rig.main.shows('PIN1 is correct.');
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    expect(await tries()).toEqual({ PIN1: 3, PIN2: 3, PUK: 10 });

    const passed = rig.traffic.join('\n');
    expect(passed.length).toBeGreaterThan(10_000);
    // The search can find: the same forms of something that did pass.
    expect(formsOf('prompt').some((form) => passed.includes(form))).toBe(true);
    // The four digits of PIN1 could stand in a random id; five and more could not. So PIN2, further down, too.
    for (const form of formsOf(PIN1).slice(1)) expect(passed).not.toContain(form);
    expect(passed).not.toMatch(new RegExp(`"[^"]{0,40}(?<![0-9a-f.-])${PIN1}(?![0-9a-f.-])[^"]{0,40}"`));
    expect(await rig.main.evaluate('document.documentElement.outerHTML')).not.toContain(PIN1);
    expect(rig.log.join('\n')).not.toContain(PIN1);
  });

  it('checks PIN2 the same way', async () => {
    rig.traffic.length = 0;
    await rig.main.click('button', 'Check PIN2');
    await answerPin(rig, PIN2, 'Check');
    await rig.main.shows('PIN2 is correct.');
    for (const form of formsOf(PIN2)) expect(rig.traffic.join('\n')).not.toContain(form);
  });

  it('types a PIN by keyboard, and takes a digit back', async () => {
    await rig.main.click('button', 'Check PIN1');
    const pin = await rig.pin();
    await pin.shows('Enter PIN1');
    for (const key of ['9', 'Backspace', ...PIN1]) await pin.press(key);
    await pin.press('Enter');
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    expect(await rig.main.shows('PIN1 is correct.')).not.toContain(PIN1);
  });

  it('refuses what is pasted', async () => {
    await rig.main.click('button', 'Check PIN1');
    const pin = await rig.pin();
    await pin.shows('Enter PIN1');
    await pin.evaluate(
      "void document.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }))",
    );
    await pin.shows('cannot be pasted');
    await pin.click('button', 'Cancel');
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    expect(await tries()).toMatchObject({ PIN1: 3 });
  });

  it('spends one try for one wrong entry, and says so', async () => {
    await rig.main.click('button', 'Check PIN1');
    await answerPin(rig, '9053', 'Check');
    await rig.main.shows('2 tries are left');
    expect(await tries()).toMatchObject({ PIN1: 2 });
  });

  it('changes a PIN: the old code no longer serves, the new one does', async () => {
    await change('eid');
    await rig.main.click('button', 'Change PIN1');
    await answerPin(rig, PIN1, 'Continue');
    await chooseNewPin(rig, '8305');
    await rig.main.shows('PIN1 was changed.');
    await rig.main.click('button', 'Check PIN1');
    await answerPin(rig, '8305', 'Check');
    await rig.main.shows('PIN1 is correct.');
    expect(await tries()).toMatchObject({ PIN1: 3 });
  });

  it('takes the last try by a deliberate act only', async () => {
    await change('eid:last-try');
    await rig.main.shows('One more mistake blocks PIN1');
    await rig.main.click('button', 'Check PIN1');
    const pin = await rig.pin();
    await pin.shows('Last try');
    await pin.press('4');
    expect(await pin.text()).not.toContain('one digit entered');
    await pin.click('checkbox', 'I have PIN1 before me and want to try');
    await clickDigits(pin, PIN1);
    await pin.click('button', 'Check');
    await rig.main.shows('PIN1 is correct.');
    expect(await tries()).toMatchObject({ PIN1: 3 });
  });

  it('asks for no PIN that is blocked, and unblocks it with the PUK', async () => {
    await change('eid:blocked');
    await rig.main.shows('PIN1 is blocked');
    await rig.main.click('button', 'Unblock PIN1');
    await answerPin(rig, PUK, 'Continue');
    const pin = await rig.pin('Choose the new');
    await clickDigits(pin, '8305');
    await pin.click('button', 'Continue');
    await pin.shows('once more');
    await clickDigits(pin, '8305');
    await pin.click('button', 'Unblock');
    await rig.main.shows('PIN1 was unblocked');
    expect(await tries()).toMatchObject({ PIN1: 3, PIN2: 'blocked' });
  });

  it('closes the question when the card is pulled', async () => {
    await change('eid');
    await rig.main.click('button', 'Check PIN1');
    await rig.pin();
    await rig.agent.client.request('sandbox.remove', {});
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    expect(await rig.main.text()).not.toContain('PIN1 is correct.');
  });
});
