/** The main job without a mouse, in the real window on a real agent: Tab, arrows, Enter, Space, Escape, digits. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoDocument } from '../../electron/cli/demo-document.ts';
import { trainingPins } from '../../electron/sandbox/cards/index.ts';
import { Keyboard } from '../rig/window/keyboard.ts';
import { PlaywrightRig } from '../rig/window/playwright-rig.ts';
import { needs } from '../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

const { PIN1, PIN2 } = trainingPins;

describe.skipIf(!needs('window'))('the window by keyboard alone', () => {
  let rig: PlaywrightRig;
  let page: Page;
  let keys: Keyboard;
  beforeAll(async () => {
    rig = await PlaywrightRig.start({ agent: { sandbox: 'empty' } });
    page = rig.main;
    keys = new Keyboard(page);
  });
  afterEach(() => {
    expect(keys.remarks.splice(0)).toEqual([]);
  });
  afterAll(() => rig?.[Symbol.asyncDispose]());

  const button = (name: string | RegExp) =>
    page.getByRole('button', { name, exact: typeof name === 'string' });
  const link = (name: string) =>
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
  /** A key with which the window may close before it is let go. */
  const last = (pin: Page, key: string) => pin.keyboard.press(key).catch(() => undefined);
  /** Types a PIN where it is asked for, and says yes with Enter. */
  const type = async (asked: string, ...codes: string[]) => {
    const pin = await rig.pin(asked);
    const pinKeys = new Keyboard(pin);
    await pinKeys.look(`${asked}, opened`);
    for (const code of codes) {
      await pin.keyboard.type(code);
      await last(pin, 'Enter');
    }
    keys.remarks.push(...pinKeys.remarks);
  };
  const closed = () => expect.poll(() => rig.host.pinPages.size).toBe(0);
  /** To a page by its link in the rail; the focus then stands on the page's main part. */
  const visit = async (name: string, heading: string) => {
    await keys.to(link(name), 'Shift+Tab');
    await keys.press('Enter');
    await page.getByRole('main').getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    await keys.look(`on ${heading}`);
    await expect
      .poll(() => page.getByRole('main').evaluate((main) => main === main.ownerDocument.activeElement))
      .toBe(true);
  };

  it('skips what is the same on all pages', async () => {
    await page.getByText('Place your card on the reader').waitFor();
    await keys.press('Tab');
    await keys.to(button('Skip to content'));
    await keys.press('Enter');
    expect(await page.getByRole('main').evaluate((main) => main === main.ownerDocument.activeElement)).toBe(
      true,
    );
  });

  it('signs in with PIN1 typed on keys', async () => {
    await rig.agent.client.request('sandbox.insert', { card: 'eid' });
    await keys.to(button('Sign in with PIN1'));
    await page.keyboard.press('Enter');
    await type('Enter PIN1', PIN1);
    await page.getByText('You are signed in').waitFor();
    await closed();
    await keys.look('signed in');
  });

  it('reaches every page and every register', async () => {
    await keys.to(page.getByRole('link', { name: 'See my data' }));
    await keys.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'My data' }).waitFor();
    for (const [name, heading, text] of [
      ['Personal data', 'Personal data', 'Specimen-Țurcanu'],
      ['Documents', 'Documents', '000000011'],
      ['Domicile', 'Domicile and residence', 'Închipuirii'],
      ['Vehicles', 'Vehicles', 'NĂSCOCIT'],
      ['Who read my data', 'Who read my data', 'SIMULAT'],
    ] as const) {
      if (name === 'Personal data') await keys.to(link(name), 'Shift+Tab');
      await visit(name, heading);
      await page.getByRole('main').getByText(text).first().waitFor();
    }
  });

  it('sees the access log as a table, sorts it and searches in it', async () => {
    await keys.to(page.getByRole('radio', { name: 'Cards' }));
    await keys.to(page.getByRole('radio', { name: 'Table' }), 'ArrowRight', 2);
    await keys.press('Space');
    const table = page.getByRole('table', { name: 'All accesses' });
    await table.waitFor();
    await keys.to(page.getByRole('searchbox'));
    await page.keyboard.type('politie');
    await keys.look('typed in the search');
    await keys.to(table.getByRole('button', { name: 'Operator (institution)' }));
    await keys.press('Enter');
    await table.locator('th[aria-sort=ascending]').getByText('Operator (institution)').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('politie');
  });

  it('opens a menu, goes through it with arrows, and has the focus back after Escape', async () => {
    await keys.to(button('Theme'), 'Shift+Tab');
    await keys.press('Enter');
    const menu = page.getByRole('menu');
    await menu.waitFor();
    for (let presses = 0; presses < 5; presses++) {
      await keys.press(presses === 2 ? 'Tab' : 'ArrowDown');
      if (presses === 2 && !(await menu.isVisible())) break;
      expect(await menu.evaluate((element) => element.contains(element.ownerDocument.activeElement))).toBe(
        true,
      );
    }
    if (await menu.isVisible()) await keys.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await keys.focus()).not.toBeNull();
    await keys.to(button('Theme'), 'Shift+Tab', 4);
  });

  it('signs a document', async () => {
    const file = join(rig.folder, 'Cerere.pdf');
    writeFileSync(file, demoDocument());
    rig.host.documents = [file];
    await visit('Sign', 'Signing');
    await keys.to(button('Choose PDF documents'));
    await keys.press('Enter');
    await page.getByText('Cerere.pdf').first().waitFor();
    await keys.look('the document is there');
    await keys.to(button('Sign the document'));
    await page.keyboard.press('Space');
    await type('Enter PIN2', PIN2);
    await page.getByText('The document is signed').waitFor();
    await closed();
    await keys.look('signed');
    expect(existsSync(join(rig.folder, 'Cerere.signed.pdf'))).toBe(true);
  });

  it('changes PIN1', async () => {
    await visit('PIN codes', 'PIN codes');
    await keys.to(button('Change PIN1'));
    await page.keyboard.press('Enter');
    await type('Enter PIN1', PIN1);
    await type('Choose the new', '8305', '8305');
    await page.getByText('PIN1 was changed.').waitFor();
    await closed();
    await keys.look('PIN1 changed');
    await expect
      .poll(() =>
        button('Change PIN1').evaluate((element) => element === element.ownerDocument.activeElement),
      )
      .toBe(true);
  });

  it('gives a PIN up by Escape, and comes back to where it was', async () => {
    await keys.to(button('Check PIN1'), 'Shift+Tab');
    await page.keyboard.press('Enter');
    const pin = await rig.pin('Enter PIN1');
    await pin.keyboard.type('12');
    await last(pin, 'Escape');
    await closed();
    await keys.look('PIN1 given up');
    await expect
      .poll(() => button('Check PIN1').evaluate((element) => element === element.ownerDocument.activeElement))
      .toBe(true);
  });

  it('goes through everything of a page forwards and comes back to its beginning', async () => {
    for (const [name, heading] of [
      ['Help', 'Help'],
      ['Settings', 'Settings'],
      ['About', 'About'],
      ['Certificates', 'Certificates'],
    ] as const) {
      await visit(name, heading);
      for (let presses = 0; presses < 12; presses++) await keys.press('Tab');
    }
  });

  it('lets go of the focus when somebody presses beside everything', async () => {
    await keys.to(link('PIN codes'), 'Shift+Tab');
    await keys.press('Enter');
    await keys.to(button('Check PIN1'));
    await page
      .getByRole('main')
      .getByRole('heading', { level: 2 })
      .first()
      .evaluate((heading) => {
        heading.ownerDocument.body.focus();
        (heading.ownerDocument.activeElement as typeof heading).blur();
        heading.append(' ');
      });
    await page.waitForTimeout(200);
    expect(await keys.focus()).toBeNull();
    await page.getByRole('main').focus();
  });

  it('has the focus somewhere when the card is pulled', async () => {
    await keys.to(button('Check PIN2'));
    await rig.agent.client.request('sandbox.remove', {});
    await page.getByText('You have taken the card').first().waitFor();
    await keys.look('the card is gone');
    expect(await page.getByRole('main').innerText()).not.toContain('Check PIN2');
  });
});
