import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser, requests, type View } from './gallery-browser.ts';

/** The start and My data with the states that look different. */
const starts = [
  ...['agent-down', 'no-service', 'no-reader', 'place-card', 'busy', 'ready-one-certificate', 'ready-aged'],
  ...['ready-hostile', 'not-registered', 'signed-in', 'removed', 'training'],
];
const services = ['personal', 'documents', 'domicile', 'vehicles', 'access-log'];
const views: readonly [scenario: string, path: string][] = [
  ...starts.map((scenario): [string, string] => [scenario, '/']),
  ...services.map((service): [string, string] => ['signed-in', `/data/${service}`]),
  ['ready', '/data/personal'],
  ['data-loading', '/data/documents'],
  ['data-empty', '/data/domicile'],
  ['data-offline', '/data/vehicles'],
  ['data-hostile', '/data/access-log'],
  ['removed', '/data/documents'],
  ['signed-in', '/data'],
];

const text = (page: Page) => page.locator('main').innerText();
const sideways = (page: Page) =>
  page.evaluate<boolean>(`(() => {
    const main = document.querySelector('.main');
    return main.scrollWidth > main.clientWidth || document.documentElement.scrollWidth > innerWidth;
  })()`);

describe.skipIf(!needs('chromium'))('the window in Chromium', () => {
  let browser: GalleryBrowser;
  let page: Page;
  const open = async (view: View) => {
    page = await browser.open(view);
    return page;
  };
  beforeAll(async () => {
    browser = await GalleryBrowser.start();
  });
  afterEach(async () => {
    await page.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.stop());

  describe('looks', () => {
    it.each(views)('%s %s: axe finds nothing, nothing stands out sideways', async (scenario, path) => {
      await open({ scenario, path, width: 1024, height: 768 });
      if (scenario === 'removed')
        await page
          .getByText(/Ați luat cardul/)
          .first()
          .waitFor();
      expect(await axeViolations(page)).toEqual([]);
      expect(await sideways(page)).toBe(false);
    });

    it.each([
      ['no-service', '/'],
      ['ready-aged', '/'],
      ['signed-in', '/data/documents'],
      ['signed-in', '/data/access-log'],
    ])('%s %s in the dark, in Russian and English, at twice the size', async (scenario, path) => {
      for (const lang of ['ru', 'en'] as const) {
        await open({ scenario, path, lang, theme: 'dark', size: 200 });
        expect(await axeViolations(page)).toEqual([]);
        expect(await sideways(page)).toBe(false);
        if (lang === 'ru') await page.close();
      }
    });
  });

  describe('a card that is taken', () => {
    it.each(['/', '/data/personal', '/data/documents', '/data/access-log'])(
      'takes everything personal off %s before the next frame',
      async (path) => {
        await open({ scenario: 'signed-in', path });
        await page
          .getByText(/Exemplu|EXEMPLU|5000021|Poliției/)
          .first()
          .waitFor();
        const left = await page.evaluate<string>(`(() => {
          window.scriptedPort.event({ kind: 'token', reader: null, token: null });
          return new Promise((resolve) => requestAnimationFrame(() => resolve(document.documentElement.outerHTML)));
        })()`);
        expect(left).not.toMatch(/exemplu|2500|000021|Poliției|Orhei/i);
      },
    );
  });

  describe('the start', () => {
    it('is entered by keyboard alone', async () => {
      await open({ scenario: 'ready', path: '/' });
      const button = page.getByRole('button', { name: 'Intrați cu PIN1' });
      for (let presses = 0; presses < 40; presses += 1) {
        await page.keyboard.press('Tab');
        if (await button.evaluate((element) => element === document.activeElement)) break;
      }
      await page.keyboard.press('Enter');
      await expect
        .poll(() => requests(page, 'session.login'))
        .toEqual([{ reader: 'Cititor de probă 00 00' }]);
      await page.getByRole('button', { name: 'Renunțați' }).click();
      await button.waitFor();
    });

    it('calls a sign-in with the only key a signature', async () => {
      await open({ scenario: 'ready-one-certificate', path: '/' });
      expect(await text(page)).toContain('Intrarea cu PIN2 este o semnătură');
      expect(await page.getByRole('button', { name: 'Intrați cu PIN2' }).isVisible()).toBe(true);
    });

    it('claims nothing that was not checked', async () => {
      await open({ scenario: 'ready', path: '/' });
      expect(await text(page)).not.toMatch(/autentic\b/i);
    });

    it('copies the IDNP without the gaps that it is shown with', async () => {
      await open({ scenario: 'ready', path: '/' });
      await page.getByRole('button', { name: 'Copiați IDNP' }).click();
      await page.getByText('Copiat').waitFor();
      await page.evaluate(`document.body.append(document.createElement('textarea'))`);
      await page.locator('textarea').focus();
      await page.keyboard.press('Control+V');
      expect(await page.locator('textarea').inputValue()).toBe('2500000000021');
    });

    it('registers at the portal with what was filled in, once it is right', async () => {
      await open({ scenario: 'not-registered', path: '/' });
      await page.getByRole('button', { name: 'Înregistrați-mă' }).click();
      await page.getByText('Introduceți o adresă de e-mail').waitFor();
      await page.getByLabel('Adresa de e-mail').fill('ana@exemplu.md');
      await page.getByLabel('Telefonul mobil').fill('+373 (60) 00-00-01');
      await page.getByRole('button', { name: 'Înregistrați-mă' }).click();
      await expect
        .poll(() => requests(page, 'session.register'))
        .toEqual([
          {
            email: 'ana@exemplu.md',
            mobilePhone: '+37360000001',
            homePhone: null,
            postalAddress: null,
            language: 'ro',
          },
        ]);
    });

    it('speaks another language at once, on the same page', async () => {
      await open({ scenario: 'signed-in', path: '/data/documents' });
      await page
        .getByRole('radio', { name: 'Русский' })
        .or(page.getByRole('button', { name: /русский/i }))
        .first()
        .click();
      await page.getByRole('heading', { name: 'Документы', exact: true }).waitFor();
      expect(await page.evaluate('document.documentElement.lang')).toBe('ru');
      expect(await requests(page, 'host.settings.set')).toEqual([{ language: 'ru' }]);
    });
  });

  describe('my data', () => {
    it('keeps the blood group hidden until it is asked for', async () => {
      await open({ scenario: 'signed-in', path: '/data/personal' });
      await page.getByText('Grupa sangvină').waitFor();
      expect(await page.content()).not.toContain('A+');
      await page.getByRole('button', { name: 'Arătați grupa sangvină' }).click();
      await page.getByText('A+').waitFor();
    });

    it('saves as table, for programs and as PDF', async () => {
      await open({ scenario: 'signed-in', path: '/data/vehicles' });
      for (const item of ['Ca tabel (CSV)', 'Pentru programe (JSON)', 'Ca PDF']) {
        await page.getByRole('button', { name: 'Salvați' }).click();
        await page.getByRole('menuitem', { name: item }).click();
      }
      await expect.poll(() => requests(page, 'host.print')).toEqual([{ to: 'pdf' }]);
      expect(await requests(page, 'host.save')).toMatchObject([
        { kind: 'csv', content: expect.stringContaining('BLT 010') },
        { kind: 'json', content: expect.stringContaining('"plate": "BLT 010"') },
      ]);
    });

    it('reads each register once, and again when asked', async () => {
      await open({ scenario: 'signed-in', path: '/data/vehicles' });
      await page.getByText('BLT 010').first().waitFor();
      await page.evaluate(`location.hash = '/data/documents'`);
      await page.getByText('5000021').first().waitFor();
      await page.evaluate(`location.hash = '/data/vehicles'`);
      await page.getByText('BLT 010').first().waitFor();
      expect(await requests(page, 'data.read')).toEqual([{ service: 'vehicles' }, { service: 'documents' }]);
      await page.getByRole('button', { name: 'Citiți din nou' }).click();
      await expect.poll(() => requests(page, 'data.read')).toHaveLength(3);
    });

    it('can be stopped while it is read', async () => {
      await open({ scenario: 'data-loading', path: '/data/domicile' });
      await page.getByRole('button', { name: 'Renunțați' }).click({ timeout: 10_000 });
      await page.getByText('Ați renunțat la citire.').waitFor();
      expect(await page.getByRole('button', { name: 'Citiți registrul' }).isVisible()).toBe(true);
    });

    it('shows hostile text as text', async () => {
      for (const service of services) {
        await open({ scenario: 'data-hostile', path: `/data/${service}` });
        await page.getByText('<script>').first().waitFor();
        expect(await page.locator('main script, main img, main b').count()).toBe(0);
        expect(await sideways(page)).toBe(false);
        if (service !== services.at(-1)) await page.close();
      }
    });

    it('holds ten thousand accesses and renders those in sight', async () => {
      await open({ scenario: 'data-many', path: '/data/access-log' });
      await page.getByText('10.000 de accesări').first().waitFor();
      await page
        .getByRole('radio', { name: 'Tabel' })
        .or(page.getByRole('button', { name: 'Tabel' }))
        .first()
        .click();
      const table = page.getByRole('table', { name: 'Toate accesările' });
      await table.waitFor();
      expect(await table.getAttribute('aria-rowcount')).toBe('10001');
      expect(await table.locator('tbody tr').count()).toBeLessThan(80);
      await page.evaluate(`document.querySelector('.table-scroll-long').scrollTo(0, 1e9)`);
      await table.locator('tr[aria-rowindex="10001"]').waitFor();
      await page.getByRole('searchbox').fill('primaria ghiseu');
      await expect.poll(() => page.locator('main').innerText()).toMatch(/\d+ găsite/);
      await expect.poll(() => table.locator('tbody').innerText()).not.toContain('Poliției');
    });
  });
});
