/** The portal is down, slow or lies: before, in and after a session. The window explains, and nothing is lost. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type SandboxCard, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import type { Fault } from '../../electron/sandbox/portal/faults.ts';
import { CardWorld } from '../rig/window/card-world.ts';
import { PlaywrightRig } from '../rig/window/playwright-rig.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

const { PIN1 } = trainingPins;

describe.skipIf(!needs('window') || !needs('pcscd'))('the window and a portal that fails', () => {
  let world: CardWorld;
  let rig: PlaywrightRig;
  let page: Page;
  let card: SandboxCard;

  beforeAll(async () => {
    world = await CardWorld.start({ timeouts: { connectMs: 3_000, silenceMs: 4_500, totalMs: 6_000 } });
    rig = await PlaywrightRig.start({ agent: world.agent });
    page = rig.main;
    card = await world.insert();
  });
  afterEach(() => {
    world.portal.faults.clear();
    expect(card.tries('PIN1')).toBe(3);
  });
  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const main = () => page.getByRole('main');
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const visit = (path: string) => page.evaluate(`void (location.hash = '${path}')`);
  /** A failure in words: message, what to do, and no word of a stack or a status line alone. */
  const explained = async (message: RegExp) => {
    await main().getByText(message).first().waitFor();
    const text = await main().innerText();
    expect(text).not.toMatch(/undefined|\[object|Error:| {4}at |ECONN|UND_ERR/);
    expect(text).not.toMatch(/\{[a-z]+\}/);
    return text;
  };
  const pressSignIn = async () => {
    await visit('/');
    await button('Sign in with PIN1').click();
  };
  const typePin = async () => {
    const pin = await rig.pin('Enter PIN1');
    await pin.keyboard.type(PIN1);
    await pin.keyboard.press('Enter').catch(() => undefined);
  };
  const signIn = async () => {
    await pressSignIn();
    await typePin();
    await page.getByText('You are signed in').waitFor();
  };

  const hangUp = { kind: 'hang-up' } as const;

  it.each([
    ['login-start', hangUp, /broke off|did not answer|cannot be reached|connection/i],
    ['sign-on', { kind: 'status', status: 503 }, /portal|service/i],
    ['challenge', { kind: 'html' }, /portal|answer/i],
    ['challenge', { kind: 'challenge', challenge: 'bm90IDMyIGJ5dGVz' }, /portal|sign/i],
    ['login-start', { kind: 'redirect', location: 'https://portal.invalid/' }, /address|redirect|portal/i],
  ] as const)('before the sign-in asks for a PIN: %s, %o', async (point, fault, message) => {
    const before = card.commandLog.verifications;
    world.portal.faults.next(point, fault as Fault);
    await pressSignIn();
    await explained(message);
    await main().getByRole('alert').first().waitFor();
    expect(rig.host.pinPages.size).toBe(0);
    expect(card.commandLog.verifications).toBe(before);
    expect(await button('Sign in with PIN1').isEnabled()).toBe(true);
    expect(await main().innerText()).toContain('Ana-Măriuța');
  });

  it.each([
    ['answer', hangUp],
    ['assertion-consumer', { kind: 'status', status: 500 }],
  ] as const)('in the middle, after the PIN: %s, %o', async (point, fault) => {
    const before = card.commandLog.verifications;
    world.portal.faults.next(point, fault);
    await pressSignIn();
    await typePin();
    await main().getByRole('alert').first().waitFor();
    await explained(/broke off|has a fault/);
    // One entry of the PIN, one use of it: nothing was repeated by itself.
    expect(card.commandLog.verifications).toBe(before + 1);
    expect(await button('Sign in with PIN1').isEnabled()).toBe(true);
  });

  it('says that the portal is slow, and lets the person stop', async () => {
    world.portal.faults.next('challenge', { kind: 'trickle', intervalMs: 300 });
    await pressSignIn();
    await button('Cancel').first().click();
    await button('Sign in with PIN1').waitFor();
    expect(await main().getByRole('alert').count()).toBe(0);
  });

  it('signs in once the portal is well again', async () => {
    await signIn();
    expect(await main().innerText()).toContain('session open until');
  });

  it.each([
    ['personal', 'Specimen-Țurcanu', hangUp],
    ['documents', '000000011', { kind: 'status', status: 503 }],
    ['domicile', 'Închipuirii', { kind: 'html' }],
    ['vehicles', 'NĂSCOCIT', { kind: 'half-closed' }],
    ['access-log', 'SIMULAT', { kind: 'broken-json' }],
    ['documents', '000000011', { kind: 'redirect', location: 'https://portal.invalid/x' }],
    ['documents', '000000011', { kind: 'huge-body', bytes: 64_000_000, announced: false }],
    ['documents', '000000011', { kind: 'missing-field', path: 'items.0.number' }],
    ['documents', '000000011', { kind: 'field', path: 'items.0.issue_date', value: 'yesterday' }],
    ['personal', 'Specimen-Țurcanu', { kind: 'field', path: 'items.0.idnp', value: { evil: true } }],
    ['vehicles', 'NĂSCOCIT', { kind: 'stalled-body' }],
  ] as const)(
    'explains why %s cannot be read, and reads it when asked again (%s, %o)',
    async (service, text, fault) => {
      const others = ['personal', 'vehicles'].filter((one) => one !== service);
      await visit('/');
      // Read anew: the page of this service forgets it with a press.
      await visit(`/data/${service}`);
      const again = button('Read again').or(button('Try again'));
      world.portal.faults.next(service, fault as Fault);
      const struck = world.portal.faults.struck;
      if (
        await again
          .first()
          .isVisible()
          .catch(() => false)
      )
        await again.first().click();
      await expect
        .poll(() => world.portal.faults.struck, { timeout: 10_000 })
        .toBeGreaterThan(struck)
        .catch(async () => {
          await again.first().click();
        });
      await main().getByRole('alert').first().waitFor();
      const said = await explained(/portal|register|answer/i);
      expect(said).toContain('14 909'.replace(' ', '\u00a0').slice(0, 2));
      await button('Try again').click();
      await main().getByText(text).first().waitFor();
      expect(await main().getByRole('alert').count()).toBe(0);
      // The session lives, and so does what was read before.
      expect(rig.shell.agent.snapshot?.session.state).toBe('signed-in');
      for (const other of others) {
        await visit(`/data/${other}`);
        await main()
          .getByText(other === 'vehicles' ? 'NĂSCOCIT' : 'Specimen-Țurcanu')
          .first()
          .waitFor();
      }
    },
  );

  it('lets the person stop a register that does not answer', async () => {
    await visit('/data/domicile');
    await main().getByText('Închipuirii').first().waitFor();
    world.portal.faults.next('domicile', { kind: 'silence' });
    await button('Read again').click();
    await button('Cancel').click({ timeout: 10_000 });
    await page.getByText('You stopped the reading').waitFor();
    await button('Read the register').click();
    await main().getByText('Închipuirii').first().waitFor();
    expect(rig.shell.agent.snapshot?.session.state).toBe('signed-in');
  });

  it('says that the portal has ended the session, keeps the card, and signs in again', async () => {
    world.portal.endAllSessions();
    await visit('/data/vehicles');
    await button('Read again').click();
    await page.getByRole('link', { name: 'Go to sign-in' }).waitFor();
    expect(await page.content()).not.toContain('NĂSCOCIT');
    await page.getByRole('link', { name: 'Go to sign-in' }).click();
    expect(await main().innerText()).toContain('Ana-Măriuța');
    await signIn();
  });

  it.each([hangUp, { kind: 'silence' }, { kind: 'status', status: 500 }] as const)(
    'is signed out here whatever the portal says: %o',
    async (fault) => {
      if (!(await button('Sign out').isVisible())) await signIn();
      await visit('/data/vehicles');
      await main().getByText('NĂSCOCIT').first().waitFor();
      world.portal.faults.always('logout', fault);
      world.portal.faults.always('site-logout', fault);
      await button('Sign out').click();
      await page.getByRole('link', { name: 'Go to sign-in' }).waitFor();
      expect(await page.content()).not.toContain('NĂSCOCIT');
      expect(rig.shell.agent.snapshot?.session.state).not.toBe('signed-in');
    },
  );

  it('keeps what was written into the registration when the portal does not take it', async () => {
    const person = sandboxPeople.find(({ key }) => key === 'ecaterina');
    if (person === undefined) throw new Error('nobody to register');
    await visit('/');
    await world.insert({ card: 'eid', person });
    await main().getByText(person.familyName).first().waitFor();
    await signInAs();
    await page.getByLabel('E-mail address').fill('ecaterina@exemplu.md');
    await page.getByLabel('Mobile phone').fill('+37300000077');
    world.portal.faults.next('registration', hangUp);
    await button('Register me').click();
    await main().getByRole('alert').first().waitFor();
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('ecaterina@exemplu.md');
    await button('Register me').click();
    await page.getByText('The portal has registered you.').waitFor();
  });
  const signInAs = async () => {
    await pressSignIn();
    await typePin();
    await page.getByText('Register at the portal').waitFor();
  };

  it('says so when there is no portal at all', async () => {
    await visit('/');
    world.reader.insert(card);
    await main().getByText('Ana-Măriuța').first().waitFor();
    await world.portal.stop();
    await pressSignIn();
    await main().getByRole('alert').first().waitFor();
    await explained(/No connection to|broke off/);
    expect(rig.host.pinPages.size).toBe(0);
    // What needs no portal goes on.
    await visit('/pins');
    await page.getByRole('button', { name: 'Check PIN1' }).waitFor();
  });
});
