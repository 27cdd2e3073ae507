/** The agent is killed in the middle of anything: the window says so and recovers, and the card has lost no try. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoDocument } from '../../electron/cli/demo-document.ts';
import { type SandboxCard, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { ChromiumRig, eventually } from '../rig/window/chromium-rig.ts';
import { chooseDocument } from '../rig/window/documents.ts';
import { answerPin } from '../rig/window/pin-pad.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

const { PIN1, PIN2 } = trainingPins;
const holder = 'Ana-Măriuța Specimen-Țurcanu';

describe.skipIf(!needs('window') || !needs('pcscd'))('an agent that is killed', () => {
  let world: CardWorld;
  let rig: ChromiumRig;
  let card: SandboxCard;
  /** Commands that carry a PIN, before the test. */
  let before = 0;
  const entries = () => {
    const { verifications, changes, unblockings } = card.commandLog;
    return verifications + changes + unblockings;
  };

  beforeAll(async () => {
    world = await CardWorld.start();
    rig = await ChromiumRig.start({ agent: world.agent });
    card = await world.insert();
  });
  beforeEach(async () => {
    world.portal.faults.clear();
    world.reader.onApdu = undefined;
    await rig.main.visit('/');
    await rig.main.shows(holder);
    before = entries();
  });
  afterEach(() => {
    expect([card.tries('PIN1'), card.tries('PIN2'), card.tries('PUK')]).toEqual([3, 3, 10]);
    expect(card.commandLog.triesSpent).toBe(0);
  });
  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  /** Kills it, and waits until the window has said so, closed every question and read the card again. */
  const kill = async () => {
    const { pid } = rig.agent;
    // The window may recover faster than anybody reads: what it shows is kept.
    await rig.main.evaluate(`void (() => {
      globalThis.told = [];
      new MutationObserver(() => told.push(document.body.innerText)).observe(document.body, { subtree: true, childList: true, characterData: true });
    })()`);
    process.kill(pid ?? 0, 'SIGKILL');
    await eventually(
      () => rig.agent.pid !== pid && rig.shell.agent.snapshot?.token,
      'a new agent with the card',
    );
    await eventually(() => rig.pinWindows().length === 0, 'the end of the PIN window');
    await eventually(
      () =>
        rig.main.evaluate<boolean>(
          'told.some((text) => /stopped and is starting again|has stopped|is starting/.test(text))',
        ),
      'word of it',
    );
  };
  const signIn = async () => {
    await rig.main.click('button', 'Sign in with PIN1');
    await answerPin(rig, PIN1, 'Sign in');
    await rig.main.shows('You are signed in');
  };

  it('while it reads the card', async () => {
    world.reader.remove();
    await rig.main.shows(/You have taken the card|Place your card/);
    // Slow enough to be met in the middle, only at first.
    world.reader.onApdu = () => ({ delayMs: 150 });
    world.reader.insert(card);
    await rig.main.shows(/Reading the card/);
    const killed = kill();
    await new Promise((resolve) => setTimeout(resolve, 300));
    world.reader.onApdu = undefined;
    await killed;
    await rig.main.shows(holder);
    expect(entries()).toBe(before);
  });

  it.each(['Check PIN1', 'Change PIN2'])('while its question for a PIN is open: %s', async (act) => {
    await rig.main.visit('/pins');
    await rig.main.click('button', act);
    await rig.pin('Enter PIN');
    await kill();
    await rig.main.shows('3 tries left');
    expect(await rig.main.has('button', act)).toBe(true);
    expect(entries()).toBe(before);
  });

  it('while it talks to the portal, before it asks for a PIN', async () => {
    world.portal.faults.next('challenge', { kind: 'silence' });
    await rig.main.click('button', 'Sign in with PIN1');
    await eventually(() => world.portal.faults.struck > 0, 'the silent portal');
    await kill();
    await rig.main.shows(holder);
    expect(entries()).toBe(before);
    await signIn();
    await rig.main.click('button', 'Sign out');
    await eventually(() => world.portal.openSessions === 0, 'the end of the session');
  });

  it('while it signs in, after the PIN: it is not used again', async () => {
    const struck = world.portal.faults.struck;
    world.portal.faults.next('answer', { kind: 'silence' });
    await rig.main.click('button', 'Sign in with PIN1');
    await answerPin(rig, PIN1, 'Sign in');
    await eventually(() => world.portal.faults.struck > struck, 'the silent portal');
    await kill();
    await rig.main.shows(holder);
    expect(await rig.main.has('button', 'Sign in with PIN1')).toBe(true);
    expect(entries()).toBe(before + 1);
  });

  it.each(['personal', 'documents', 'domicile', 'vehicles', 'access-log'] as const)(
    'while %s is read',
    async (service) => {
      await signIn();
      const struck = world.portal.faults.struck;
      world.portal.faults.next(service, { kind: 'silence' });
      await rig.main.visit(`/data/${service}`);
      await eventually(() => world.portal.faults.struck > struck, 'the silent portal');
      await kill();
      // The session died with it: the page says how to go on, and shows nobody's data.
      await rig.main.shows('Go to sign-in');
      expect(entries()).toBe(before + 1);
    },
  );

  const lay = async (name: string) => {
    const file = join(world.folder, name);
    writeFileSync(file, demoDocument());
    await rig.main.visit('/sign');
    await chooseDocument(rig.main, file);
    await rig.main.click('button', /^Sign the document/);
    await rig.pin(name);
  };
  const nothingSigned = (name: string) => {
    expect(existsSync(join(world.folder, name.replace('.pdf', '.signed.pdf')))).toBe(false);
  };

  it('while signing asks for PIN2, and while the card signs: the PIN went to it once', async () => {
    await lay('Cerere.pdf');
    await kill();
    // Also when it is back: what was under way was broken off. The document still lies there.
    await rig.main.shows('The part of the application that works with the card has stopped');
    expect(entries()).toBe(before);
    nothingSigned('Cerere.pdf');

    let signing = false;
    world.reader.onApdu = (_, command) => {
      if (command[1] !== 0x2a && command[1] !== 0x88) return undefined;
      signing = true;
      return { delayMs: 1_500 };
    };
    await rig.main.click('button', /^Sign the document/);
    await answerPin(rig, PIN2, 'Sign');
    await eventually(() => signing, 'the card at work');
    world.reader.onApdu = undefined;
    await kill();
    await rig.main.shows('first look how many tries are left');
    expect(entries()).toBe(before + 1);
    nothingSigned('Cerere.pdf');
  });

  it('works as before after all that', async () => {
    await signIn();
    await rig.main.visit('/data/documents');
    expect(await rig.main.shows('000000011')).toContain('(SIMULAT)');
    expect(entries()).toBe(before + 1);
  });
});
