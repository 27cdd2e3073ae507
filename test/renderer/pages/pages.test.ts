import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser, requests, type View } from './gallery-browser.ts';

/** Each page with the states that look different. */
const views: readonly [scenario: string, path: string][] = [
  ...['ready', 'no-service'].map((one): [string, string] => [one, '/sign']),
  ...['ready', 'ready-aged', 'no-certificates', 'no-reader'].map((one): [string, string] => [
    one,
    '/certificates',
  ]),
  ...['ready', 'pins-blocked', 'change-first', 'removed', 'mute'].map((one): [string, string] => [
    one,
    '/pins',
  ]),
  ['training', '/settings'],
  ['busy', '/help'],
  ['agent-lost', '/about'],
];

const text = (page: Page) => page.locator('main').innerText();

describe.skipIf(!needs('chromium'))('the pages in Chromium', () => {
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

  const chooseDocuments = async () => {
    await page.getByRole('button', { name: 'Alegeți documente PDF' }).click();
    await page.getByText('Documente:').waitFor();
  };

  describe('signing', () => {
    it('shows a document page by page, as a picture and as text, without a complaint of the policy', async () => {
      await open({ scenario: 'ready', path: '/sign' });
      await chooseDocuments();
      await page.getByText('Pagina 1 din 3', { exact: true }).waitFor();
      await page.getByText('Contract de locatiune', { exact: false }).first().waitFor();
      const dark = await page.locator('canvas').evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, 200).data ?? [];
        return pixels.filter((value, at) => at % 4 === 0 && value < 128).length;
      });
      expect(dark).toBeGreaterThan(100);
      await page.getByRole('button', { name: 'Pagina următoare' }).click();
      await page.getByText('Obligatii').waitFor({ state: 'attached' });
      expect(await text(page)).toContain('Pagina 2 din 3');
    });

    it('shows scanned pages without WebAssembly, which the policy forbids', async () => {
      await open({ scenario: 'sign-scan', path: '/sign' });
      await chooseDocuments();
      await page.getByText('Pagina nu conține text, numai imagini.').waitFor({ state: 'attached' });
      const colours = await page.locator('canvas').evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const context = canvas.getContext('2d');
        // The page is 595 x 842 points, measured from its lower left corner.
        const at = (x: number, y: number) =>
          [
            ...(context?.getImageData(
              Math.round((x / 595) * canvas.width),
              Math.round((1 - y / 842) * canvas.height),
              1,
              1,
            ).data ?? []),
          ].slice(0, 3);
        return {
          box: at(290, 680),
          disc: at(290, 440),
          paper: at(70, 240),
          top: at(140, 185),
          foot: at(140, 45),
        };
      });
      expect(colours.box).toEqual([0, 0, 0]);
      expect(colours.disc).toEqual([0, 0, 0]);
      expect(colours.paper).toEqual([255, 255, 255]);
      expect(colours.top[0]).toBeGreaterThan(200);
      expect(colours.top[2]).toBeLessThan(60);
      expect(colours.foot[0]).toBeLessThan(60);
      expect(colours.foot[2]).toBeGreaterThan(200);
    });

    it('tells of a file that is no PDF, and lets the person go on', async () => {
      await open({ scenario: 'sign-none', path: '/sign' });
      await chooseDocuments();
      await page.getByText('Documentul nu poate fi arătat aici').waitFor();
      expect(await page.getByRole('button', { name: 'Semnați documentul' }).isEnabled()).toBe(true);
    });

    it('says of each document what came of it', async () => {
      await open({ scenario: 'sign-some', path: '/sign' });
      await chooseDocuments();
      await page.getByRole('button', { name: 'Semnați 3 documente' }).click();
      await page.getByText('Semnate 1 din 3').waitFor();
      const said = await text(page);
      expect(said).toContain('Contract de locațiune.signed.pdf');
      expect(said).toContain('Semnat și verificat. Semnat de EXEMPLU ANA');
      expect(said.match(/Nesemnat/g)).toHaveLength(2);
      // A name that wants to be markup and to turn the direction stays text.
      expect(said).toContain('<img src=x>\ufffdfdp.exe');
      expect(await page.locator('main img').count()).toBe(0);
      await page.getByRole('button', { name: /^Deschideți folderul/ }).click();
      expect(await requests(page, 'host.documents.show')).toEqual([
        { id: '00000001-0000-4000-8000-000000000000' },
      ]);
    });

    it('offers a way out after three seconds, not before', async () => {
      await open({ scenario: 'ready', path: '/sign' });
      await chooseDocuments();
      await page.getByRole('button', { name: 'Semnați 2 documente' }).click();
      const wayOut = page.getByRole('button', { name: 'Anulați' });
      expect(await wayOut.count()).toBe(0);
      await wayOut.click({ timeout: 10_000 });
      await page.getByRole('button', { name: 'Semnați 2 documente' }).waitFor();
    });

    it.each([
      ['place-card', 'Ca să semnați, puneți cardul pe cititor.'],
      ['ready-aged', 'Certificatul de semnătură a expirat'],
      ['pins-blocked', 'PIN2 este blocat'],
      ['change-first', 'PIN2 trebuie schimbat mai întâi'],
      ['no-certificates', 'Acest card nu poate semna'],
    ])('keeps the button off and says why: %s', async (scenario, reason) => {
      await open({ scenario, path: '/sign' });
      await chooseDocuments();
      await page.getByText(reason).first().waitFor();
      expect(await page.getByRole('button', { name: 'Semnați 2 documente' }).isDisabled()).toBe(true);
    });

    it('has nothing of the person left in the turn in which the card goes', async () => {
      await open({ scenario: 'sign-done', path: '/sign' });
      await chooseDocuments();
      await page.getByText('Pagina 1 din 3', { exact: true }).waitFor();
      const left = await page.evaluate<string>(`(async () => {
        window.scriptedPort.removeCard();
        await new Promise((resolve) => requestAnimationFrame(resolve));
        return document.body.innerText + document.querySelectorAll('canvas').length;
      })()`);
      expect(left).not.toMatch(/Contract|EXEMPLU|ANA|Act de primire/);
      expect(left).toMatch(/Ați luat cardul/);
      expect(left.endsWith('0')).toBe(true);
    });
  });

  describe('PINs', () => {
    it('asks for the check of PIN1 once, and takes no second press meanwhile', async () => {
      await open({ scenario: 'ready', path: '/pins' });
      await page.getByRole('button', { name: 'Verificați PIN1' }).click();
      await page.getByText('Cardul lucrează…').waitFor();
      expect(await page.getByRole('button', { name: 'Verificați PIN2' }).isDisabled()).toBe(true);
      expect(await requests(page, 'pin.verify')).toEqual([{ pin: 'PIN1' }]);
    });

    it('shows the way out of a blocked PIN and nothing else to do with it', async () => {
      await open({ scenario: 'pins-blocked', path: '/pins' });
      await page.getByRole('button', { name: 'Deblocați PIN2' }).click();
      expect(await requests(page, 'pin.unblock')).toEqual([{ pin: 'PIN2' }]);
      expect(await page.getByRole('button', { name: 'Verificați PIN2' }).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Schimbați PIN2' }).count()).toBe(0);
    });

    it('offers no unblocking where the PUK is blocked, too', async () => {
      await open({ scenario: 'pins-puk-blocked', path: '/pins' });
      expect(await page.getByRole('button', { name: /^Deblocați/ }).count()).toBe(0);
      expect(await text(page)).toContain('Un PIN blocat nu mai poate fi deblocat aici.');
    });

    it('lets a transport PIN be changed only', async () => {
      await open({ scenario: 'change-first', path: '/pins' });
      expect(await page.getByRole('button', { name: 'Verificați PIN2' }).count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Schimbați PIN2' }).isEnabled()).toBe(true);
      expect(await page.getByRole('button', { name: 'Verificați PIN1' }).isEnabled()).toBe(true);
    });
  });

  it('changes language, theme and size of text at once, and has them kept', async () => {
    await open({ scenario: 'ready', path: '/settings' });
    await page.getByText('Русский', { exact: true }).click();
    await page.getByRole('heading', { name: 'Настройки' }).waitFor();
    await page.getByText('Тёмное', { exact: true }).click();
    await page.getByText('150 %', { exact: true }).click();
    expect(await page.evaluate('document.documentElement.lang')).toBe('ru');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    expect(await page.evaluate('getComputedStyle(document.documentElement).fontSize')).toBe('24px');
    expect(await requests(page, 'host.settings.set')).toEqual([
      { language: 'ru' },
      { theme: 'dark' },
      { textSize: 150 },
    ]);
  });

  it('copies a certificate and its numbers, without the spaces that reading needs', async () => {
    await open({ scenario: 'ready', path: '/certificates' });
    await page.getByText('Toate detaliile').first().click();
    await page.evaluate(`document.addEventListener('copy', (event) => queueMicrotask(() => {
      window.copied = event.clipboardData.getData('text/plain'); }))`);
    await page.evaluate(`{ const set = DataTransfer.prototype.setData;
      DataTransfer.prototype.setData = function (type, value) { window.copied = value; return set.call(this, type, value); }; }`);
    await page.getByRole('button', { name: 'Copiați: IDNP' }).first().click();
    expect(await page.evaluate('window.copied')).toBe('2500000000021');
    await page.getByRole('button', { name: 'Copiați: Certificatul (PEM)' }).first().click();
    expect(await page.evaluate('window.copied')).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  });

  it('finds documents by the words of the language that is spoken now', async () => {
    await open({ scenario: 'signed-in', path: '/data/documents' });
    const search = page.getByRole('searchbox');
    await search.fill('05000021');
    await page.getByText('1 găsit', { exact: true }).waitFor();
    await page.getByText('RU', { exact: true }).click();
    await page.getByRole('heading', { name: 'Документы', exact: true }).waitFor();
    await search.fill('паспорт');
    await page.getByText('найдено: 2', { exact: true }).waitFor();
    expect(await page.getByRole('table').locator('tbody').innerText()).toContain('Паспорт');
  });

  it('says what to do about a lost card without card, reader or agent', async () => {
    await open({ scenario: 'agent-lost', path: '/help' });
    const said = (await text(page)).replace(/\u00a0/g, ' ').replace(/\u2011/g, '-');
    expect(said).toContain('Sunați la 14 909 sau (022) 25-70-70');
    expect(said).toContain('asp@asp.gov.md');
  });

  it('marks the reader’s present state in the help', async () => {
    await open({ scenario: 'busy', path: '/help' });
    expect(await page.locator('[data-now="true"]').innerText()).toContain('Cardul este ocupat');
  });

  it('says on the about page what is simulated and what was never tried', async () => {
    await open({ scenario: 'training', path: '/about' });
    const said = await text(page);
    expect(said).toContain('Chromium 150');
    expect(said).toContain('Instruire: cardul, portalul și datele sunt simulate');
    expect(said).toContain('Nu a fost încercat niciodată cu un card moldovenesc adevărat');
  });

  it.each(views)('has no fault that axe can see: %s %s', async (scenario, path) => {
    await open({ scenario, path });
    await page.waitForTimeout(150);
    expect(await axeViolations(page)).toEqual([]);
    await page.evaluate("document.documentElement.dataset.theme = 'dark'");
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each(['sign', 'certificates', 'pins', 'settings', 'help', 'about'])(
    'cuts nothing off on a small screen and with large letters: %s',
    async (name) => {
      // Russian has the longest words.
      await open({ scenario: 'ready-hostile', path: `/${name}`, lang: 'ru', width: 1024, height: 768 });
      const tooWide = `(() => { const main = document.querySelector('main');
        return main.scrollWidth - main.clientWidth; })()`;
      expect(await page.evaluate(tooWide)).toBe(0);
      await page.evaluate("document.documentElement.style.setProperty('--text-scale', '2')");
      expect(await page.evaluate(tooWide)).toBe(0);
    },
  );
});
