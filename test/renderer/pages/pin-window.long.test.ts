import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { promptNames } from '../../../renderer/test-support/prompts.ts';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser } from './gallery-browser.ts';

const filled = (page: Page) => page.locator('.pin-cell[data-filled="true"]').count();
const submitted = (page: Page) =>
  page.evaluate<unknown[]>(
    `window.scriptedPort.said.filter((m) => m.method === 'pin.submit').map((m) => m.params)`,
  );

describe.skipIf(!needs('chromium'))('the PIN window in Chromium', () => {
  let browser: GalleryBrowser;
  let page: Page;
  beforeAll(async () => {
    browser = await GalleryBrowser.start();
  });
  afterEach(async () => {
    await page.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.stop());

  it.each(promptNames)('%s: axe finds nothing, all of it fits', async (name) => {
    for (const [lang, theme] of [
      ['ro', 'light'],
      ['ru', 'dark'],
    ] as const) {
      page = await browser.openPin(name, { lang, theme });
      expect(await axeViolations(page)).toEqual([]);
      const [scroll, client] = await page.evaluate<[number, number]>(
        `[document.querySelector('.pin-window').scrollHeight, innerHeight]`,
      );
      expect(scroll).toBeLessThanOrEqual(client);
      if (lang === 'ro') await page.close();
    }
  });

  it('takes digits from the keyboard and shows none of them', async () => {
    page = await browser.openPin('sign-in');
    const before = await page.content();
    await page.keyboard.type('7391');
    expect(await filled(page)).toBe(4);
    const after = await page.content();
    const digitsIn = (html: string) => html.replace(/[^0-9]/g, '').length;
    // The page says how many there are, and nothing else with a digit has come.
    expect(after).not.toContain('7391');
    expect(digitsIn(after.replace(/<p class="visually-hidden".*?<\/p>/s, ''))).toBe(
      digitsIn(before.replace(/<p class="visually-hidden".*?<\/p>/s, '')),
    );
    await page.keyboard.press('Backspace');
    expect(await filled(page)).toBe(3);
    await page.keyboard.type('x');
    expect(await filled(page)).toBe(3);
  });

  it('takes no digit for a PIN that is typed at the reader, and says where to type', async () => {
    page = await browser.openPin('at-reader');
    expect(await page.getByRole('status').innerText()).toContain('Introduceți PIN1 la cititor');
    expect([await page.locator('.pin-cell').count(), await page.locator('.pin-key').count()]).toEqual([0, 0]);
    await page.keyboard.type('4271');
    await page.keyboard.press('Enter');
    expect(await submitted(page)).toEqual([]);
    expect(await page.getByRole('button', { name: 'Continuați' }).count()).toBe(0);
  });

  it('asks for the word of the person before the last try at the reader', async () => {
    page = await browser.openPin('at-reader-last');
    const go = page.getByRole('button', { name: 'Continuați' });
    expect(await go.isDisabled()).toBe(true);
    await page.getByRole('checkbox').check();
    await go.click();
    await page.getByText('Se verifică').waitFor();
    const said = await page.evaluate<unknown[]>(
      `window.scriptedPort.said.filter((m) => m.method === 'pin.agree').map((m) => m.params.acknowledgeLastTry)`,
    );
    expect(said).toEqual([true]);
  });

  it('takes digits from its own pad, by mouse and by keyboard', async () => {
    page = await browser.openPin('sign-in');
    await page.getByRole('button', { name: '5', exact: true }).click();
    await page.getByRole('button', { name: '0', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await filled(page)).toBe(3);
    await page.getByRole('button', { name: 'Ștergeți ultima cifră' }).click();
    expect(await filled(page)).toBe(2);
  });

  it('sends one sealed answer on Enter, then takes nothing more', async () => {
    page = await browser.openPin('sign-in');
    expect(await page.getByRole('button', { name: 'Intrați' }).isDisabled()).toBe(true);
    await page.keyboard.type('4271');
    await page.keyboard.press('Enter');
    await page.getByText('Se verifică').waitFor();
    await page.keyboard.type('4271');
    await page.keyboard.press('Enter');
    const [answer, ...more] = (await submitted(page)) as { envelope: Record<string, string> }[];
    expect(more).toEqual([]);
    expect(Object.keys(answer?.envelope ?? {}).sort()).toEqual(['ciphertext', 'ephemeralPublicKey', 'iv']);
    expect(JSON.stringify(answer)).not.toContain('4271');
  });

  it('refuses what is pasted', async () => {
    page = await browser.openPin('sign-in');
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '4271');
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    })()`);
    await page.getByText('Codul nu se lipește').waitFor();
    expect(await filled(page)).toBe(0);
  });

  it('keeps pad and button off at the last try until that is meant', async () => {
    page = await browser.openPin('sign-last');
    expect(await page.getByRole('button', { name: '1', exact: true }).isDisabled()).toBe(true);
    await page.keyboard.type('836145');
    expect(await filled(page)).toBe(0);
    await page.getByRole('checkbox').check();
    await page.keyboard.type('836145');
    await page.getByRole('button', { name: 'Semnați' }).click();
    await expect.poll(() => submitted(page)).toMatchObject([{ acknowledgeLastTry: true }]);
  });

  it('has no pad for a blocked PIN, but the way out', async () => {
    page = await browser.openPin('blocked');
    expect(await page.locator('.pin-pad').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain('PUK');
    await page.keyboard.type('4271');
    await page.keyboard.press('Enter');
    expect(await submitted(page)).toEqual([]);
  });

  it('shuffles the digits when that is set, and leaves them while one types', async () => {
    page = await browser.openPin('sign-in', { shuffled: true });
    const order = () => page.locator('.pin-key:not(.pin-key-tool)').allInnerTexts();
    const first = await order();
    expect([...first].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(first).not.toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']);
    await page.keyboard.type('12');
    expect(await order()).toEqual(first);
  });

  it('says so when the question is closed, and keeps nothing', async () => {
    page = await browser.openPin('sign-in');
    await page.keyboard.type('427');
    await page.evaluate(`window.scriptedPort.event({
      kind: 'prompt-close', promptId: '7f3d1a52-0f3c-4a0e-9d0e-5f8f3f6f1b10', outcome: 'card-removed' })`);
    await page.getByText('Întrebarea s-a închis').waitFor();
    expect(await filled(page)).toBe(0);
  });

  it('is given up by Escape', async () => {
    page = await browser.openPin('verify');
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.evaluate(`window.scriptedPort.said.filter((m) => m.method === 'pin.cancel').length`))
      .toBe(1);
  });
});
