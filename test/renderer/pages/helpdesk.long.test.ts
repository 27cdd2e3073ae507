/** The helpdesk's page in Chromium, on the scripted host. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser, requests, type View } from './gallery-browser.ts';

const text = (page: Page) => page.locator('main').innerText();
/** A button that was busy is read aloud by its name for some seconds, also when the button has gone: not a picture. */
const withoutSpokenButtons = `for (const spoken of document.querySelectorAll('[data-live-announcer] [role="img"]'))
  if (!document.getElementById(spoken.getAttribute('aria-labelledby'))) spoken.remove();`;
const tooWide = `(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth; })()`;

describe.skipIf(!needs('chromium'))('the helpdesk in Chromium', () => {
  let browser: GalleryBrowser;
  let page: Page;
  const open = async (scenario: string, view: Partial<View> = {}) => {
    page = await browser.open({ scenario, path: '/diagnostics/helpdesk', ...view });
    return page;
  };
  const press = (name: string) => page.getByRole('button', { name }).click();
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  beforeAll(async () => {
    browser = await GalleryBrowser.start();
  });
  afterEach(async () => {
    await page.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.stop());

  describe('the monitor', () => {
    it('says in words what passes, and what each byte is', async () => {
      await open('desk');
      await press('Porniți monitorul');
      const table = page.getByRole('table', { name: 'Dialogul cu cardul' });
      await table.waitFor();
      const said = await table.innerText();
      for (const words of [
        'Alege aplicația PKCS#15',
        'Întreabă de PIN-ul 1, fără a consuma o încercare',
        '2 încercări rămase',
        'conținut ascuns',
        'nu există aici',
        'CKR_PIN_LOCKED',
        'comandă necunoscută cardului',
      ])
        expect(said).toContain(words);
      await page.getByRole('button', { name: /^Întreabă de PIN-ul 1/ }).click();
      const detail = page.getByRole('region', { name: 'Linia aleasă' });
      expect(await detail.innerText()).toMatch(
        /VERIFY[\s\S]*00[\s\S]*20[\s\S]*63[\s\S]*C2[\s\S]*2 încercări/,
      );
    });

    it('shows commands, problems or modules alone, and finds', async () => {
      await open('desk');
      await press('Porniți monitorul');
      const rows = page.getByRole('table').locator('tbody tr');
      await expect.poll(() => rows.count()).toBe(13);
      await page.getByText('Probleme, 5').click();
      await expect.poll(() => rows.count()).toBe(5);
      await page.getByText('PKCS#11', { exact: true }).click();
      await expect.poll(() => rows.count()).toBe(1);
      await page.getByText('Toate, 13').click();
      await page.getByLabel('Căutați o comandă').fill('VERIFICĂ pin');
      await expect.poll(() => rows.count()).toBe(1);
      await page.getByLabel('Căutați o comandă').fill('nimic de felul acesta');
      await page.getByText('Nicio linie nu se potrivește.').waitFor();
    });

    it('goes on while another page is open, and stops when it is told', async () => {
      await open('desk');
      await press('Porniți monitorul');
      await page.getByRole('table').waitFor();
      await page.evaluate("location.hash = '/help'");
      await page.getByRole('heading', { name: 'Ajutor' }).waitFor();
      await page.evaluate("location.hash = '/diagnostics/helpdesk'");
      await page.getByText('Monitorul este pornit').waitFor();
      expect(await page.getByRole('table').locator('tbody tr').count()).toBe(13);
      expect(await requests(page, 'monitor.start')).toEqual([{}]);
      await press('Opriți monitorul');
      await page.getByText('Monitorul este oprit').waitFor();
      expect(await requests(page, 'monitor.stop')).toEqual([{}]);
    });

    it('holds thousands of lines, renders those in sight, and says what it missed', async () => {
      await open('desk-many');
      await press('Porniți monitorul');
      const table = page.getByRole('table');
      await table.waitFor();
      expect(await table.getAttribute('aria-rowcount')).toBe('4001');
      expect(await table.locator('tbody tr').count()).toBeLessThan(80);
      await page.getByText('10 linii nu au ajuns aici.').waitFor();
    });

    it('is off when the agent has gone', async () => {
      await open('desk');
      await press('Porniți monitorul');
      await page.getByRole('table').waitFor();
      await page.evaluate("window.scriptedPort.say({ type: 'agent-down', final: false })");
      await page.getByText('Monitorul este oprit').waitFor();
      expect(await page.getByRole('button', { name: 'Porniți monitorul' }).isDisabled()).toBe(true);
    });

    it('records a trace and saves it where the person says', async () => {
      await open('desk');
      await press('Înregistrați un traseu');
      await page.getByText('Se înregistrează un traseu').waitFor();
      expect(await requests(page, 'host.save')).toEqual([]);
      await press('Opriți și salvați traseul');
      await page.getByText('Salvat: Buletin trace.json').waitFor();
      const [saved] = await requests(page, 'host.save');
      expect(saved?.kind).toBe('json');
      expect(JSON.parse(String(saved?.content))).toMatchObject({ format: 'buletin-trace', version: 1 });
    });
  });

  describe('the inspector', () => {
    it('asks nobody outside unless it is told to', async () => {
      await open('desk');
      await tab('Certificate');
      await press('Cercetați');
      await page.getByRole('tree').waitFor();
      expect(await requests(page, 'inspect.certificate')).toEqual([
        { certificate: { id: '45' }, online: false, reader: 'Cititor de probă 00 00' },
      ]);
      expect(await text(page)).not.toContain('Ce spune autoritatea acum');
      await page.getByText('Semnătură', { exact: true }).click();
      await page.getByText('Întrebați și autoritatea (OCSP, CRL)').click();
      await press('Cercetați');
      await page.getByText('serverul nu răspunde la timp').waitFor();
      expect((await requests(page, 'inspect.certificate'))[1]).toMatchObject({
        certificate: { id: '46' },
        online: true,
      });
      expect(await text(page)).toMatch(/OCSP\s+nerevocat/);
      expect(await text(page)).toContain('rădăcină necunoscută');
    });

    it('has a tree for the keyboard, as ARIA wants it', async () => {
      await open('desk');
      await tab('Certificate');
      await press('Cercetați');
      const tree = page.getByRole('tree');
      await tree.waitFor();
      const at = () =>
        page.evaluate<string>(
          "[document.activeElement.getAttribute('aria-level'), document.activeElement.getAttribute('aria-expanded'), document.activeElement.innerText.trim().split('\\n')[0]].join(' ')",
        );
      const keys = async (...names: string[]) => {
        for (const name of names) await page.keyboard.press(name);
      };
      expect(await tree.locator('[tabindex="0"]').count()).toBe(1);
      await tree.locator('[tabindex="0"]').focus();
      expect(await at()).toBe('1 true SEQUENCE');
      await keys('ArrowRight', 'ArrowDown');
      expect(await at()).toBe('3 false [0]');
      await keys('ArrowRight');
      expect(await at()).toBe('3 true [0]');
      await keys('ArrowRight');
      expect(await at()).toBe('4  INTEGER');
      await keys('ArrowLeft', 'ArrowLeft');
      expect(await at()).toBe('3 false [0]');
      await keys('ArrowLeft');
      expect(await at()).toBe('2 true SEQUENCE');
      const before = await tree.getByRole('treeitem').count();
      await keys('*', 'End');
      expect(await tree.getByRole('treeitem').count()).toBeGreaterThan(before);
      expect(await at()).toBe('2  BIT STRING');
      await keys('Home', 'Enter');
      expect(await tree.getByRole('treeitem').count()).toBe(1);
    });

    it('shows hostile names as text', async () => {
      await open('desk-revoked');
      await tab('Certificate');
      await press('Cercetați');
      await page.getByText('revocat', { exact: true }).waitFor();
      expect(await text(page)).toContain('<img src=x');
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await page.evaluate(tooWide)).toBe(0);
    });

    it('forgets what it saw when the card goes', async () => {
      await open('desk');
      await tab('Certificate');
      await press('Cercetați');
      await page.getByRole('tree').waitFor();
      const left = await page.evaluate<string>(`(async () => {
        window.scriptedPort.removeCard();
        await new Promise((resolve) => requestAnimationFrame(resolve));
        return document.body.innerText;
      })()`);
      expect(left).not.toMatch(/EXEMPLU/);
    });
  });

  it('shows PINs, modules and servers with what is wrong in words', async () => {
    await open('desk');
    await tab('Starea PIN');
    expect(await page.getByRole('table', { name: 'Starea PIN' }).innerText()).toMatch(
      /PIN2[\s\S]*3 încercări/,
    );
    await tab('Module');
    await press('Căutați modulele');
    await page.getByRole('region', { name: 'exemplu' }).getByText('nu funcționează').waitFor();
    await tab('Servere');
    await press('Verificați serverele');
    await page.getByText('Nimic nu spune unde este acest server.').waitFor();
    const said = await text(page);
    expect(said).toContain('TLS_AES_256_GCM_SHA384');
    expect(said).toContain('nu este de încredere: SELF_SIGNED_CERT_IN_CHAIN');
    expect(said).toContain('diferă de al serverului cu 674 s');
    expect((await requests(page, 'inspect.connection')).map(({ which }) => which)).toEqual([
      ...['portal', 'mpass', 'ocsp', 'crl', 'tsa'],
    ]);
  });

  it.each(['desk', 'desk-revoked', 'desk-fails', 'agent-lost', 'no-reader'])(
    'has no fault that axe can see, and nothing stands out sideways: %s',
    async (scenario) => {
      await open(scenario, { width: 1024, height: 768, lang: 'ru' });
      for (const [name, button] of [
        ['Монитор', 'Включить монитор'],
        ['Сертификаты', 'Изучить'],
        ['Состояние PIN', 'Прочитать снова'],
        ['Модули', 'Найти модули'],
        ['Серверы', 'Проверить серверы'],
      ] as const) {
        await tab(name);
        const act = page.getByRole('button', { name: button });
        if ((await act.count()) > 0 && (await act.isEnabled())) await act.click();
        await page.waitForTimeout(150);
        await page.evaluate(withoutSpokenButtons);
        expect([name, await axeViolations(page)]).toEqual([name, []]);
        expect([name, await page.evaluate(tooWide)]).toEqual([name, 0]);
        await page.evaluate("document.documentElement.style.setProperty('--text-scale', '2')");
        expect([name, await page.evaluate(tooWide)]).toEqual([name, 0]);
        await page.evaluate("document.documentElement.style.setProperty('--text-scale', '1')");
      }
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      await page.evaluate(withoutSpokenButtons);
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
