/** Diagnostics and the support report in Chromium, on the scripted host. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleText } from '../../../electron/contract/diagnostics/bundle.ts';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser, requests, type View } from './gallery-browser.ts';

const text = (page: Page) => page.locator('main').innerText();
const tooWide = `(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth; })()`;

const states = [
  ...['doctor-running', 'doctor-healthy', 'doctor-problems', 'doctor-offline', 'doctor-hostile'],
  ...['doctor-fails', 'agent-lost'],
];

describe.skipIf(!needs('chromium'))('the diagnostics in Chromium', () => {
  let browser: GalleryBrowser;
  let page: Page;
  const open = async (scenario: string, view: Partial<View> = {}) => {
    page = await browser.open({ scenario, path: '/diagnostics', ...view });
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

  it('looks by itself, and says first what to fix first: cause, steps and who can', async () => {
    await open('doctor-problems');
    await page.getByRole('heading', { name: '2 probleme de rezolvat' }).waitFor();
    const first = page.getByRole('article').first();
    const said = await first.innerText();
    expect(said).toContain('GnuPG (programul scdaemon) ține cititorul „ACS ACR39U ICC Reader 00 00”');
    expect(said).toContain('Lăsați GnuPG să împartă cititorul');
    expect(said).toContain('Dumneavoastră');
    expect(await page.getByRole('article').nth(1).innerText()).toContain('11 minute');
    expect(await requests(page, 'doctor.run')).toEqual([{}]);
  });

  it('opens the steps of the others, with the commands that somebody else must give', async () => {
    await open('doctor-problems');
    const second = page.getByRole('article').nth(1);
    await second.getByRole('button', { name: 'Arătați pașii' }).click();
    expect(await second.innerText()).toContain('timedatectl set-ntp true');
    expect(await second.getByRole('button', { name: 'Reparați' }).count()).toBe(0);
  });

  it('shows the exact change before it asks for it, and asks the shell, not the agent', async () => {
    await open('doctor-problems');
    await page.getByRole('button', { name: 'Reparați' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Ce se va schimba' });
    const said = await dialog.innerText();
    for (const line of ['~/.gnupg/scdaemon.conf', 'disable-ccid', 'pcsc-shared', 'gpgconf --kill scdaemon'])
      expect(said).toContain(line);
    expect(await requests(page, 'host.doctor.fix')).toEqual([]);
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Faceți schimbarea' }).click();
    await page.getByText('Rezolvat. Am verificat din nou.').waitFor();
    expect(await requests(page, 'host.doctor.fix')).toEqual([
      { id: 'D08', cause: 'gnupg-holds-reader', lines: ['disable-ccid', 'pcsc-shared'] },
    ]);
    expect(await requests(page, 'doctor.fix')).toEqual([]);
    expect(await requests(page, 'doctor.run')).toHaveLength(2);
  });

  it('changes nothing when the person says no, here or in the dialog of the system', async () => {
    await open('doctor-fix-declined');
    await page.getByRole('button', { name: 'Reparați' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: 'Faceți schimbarea' }).click();
    await dialog.getByText('Ați renunțat. Nimic nu s-a schimbat.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Reparați' }).click();
    await dialog.getByRole('button', { name: 'Renunțați' }).click();
    expect(await requests(page, 'host.doctor.fix')).toHaveLength(1);
  });

  it('says that all is well only when it is, with what was looked at', async () => {
    await open('doctor-healthy');
    await page.getByRole('heading', { name: 'Totul este în ordine' }).waitFor();
    const list = page.getByRole('region', { name: 'În ordine: 27' });
    expect(await list.getByRole('listitem').count()).toBe(6);
    await list.getByRole('button', { name: 'Arătați toate' }).click();
    expect(await list.getByRole('listitem').count()).toBe(27);
    await page.close();
    await open('doctor-problems');
    await page.getByText('Nu s-a putut verifica: 1').waitFor();
    expect(await text(page)).not.toContain('Totul este în ordine');
  });

  it('says how long it has been looking, and can be stopped', async () => {
    await open('doctor-running');
    await page.getByText(/Au trecut \d secunde\./).waitFor({ timeout: 10_000 });
    await page.getByRole('button', { name: 'Renunțați' }).click();
    await page.getByText('Verificarea a fost oprită.').waitFor();
    await page.getByRole('button', { name: 'Verificați', exact: true }).click();
    await expect.poll(() => requests(page, 'doctor.run')).toHaveLength(2);
  });

  it('looks again when somebody comes back: a report says how things were', async () => {
    await open('doctor-healthy');
    await page.getByRole('heading', { name: 'Totul este în ordine' }).waitFor();
    await page.waitForTimeout(3_100);
    await page.evaluate("location.hash = '/help'");
    await page.getByRole('heading', { name: 'Ajutor' }).waitFor();
    await page.evaluate("location.hash = '/diagnostics'");
    await expect.poll(() => requests(page, 'doctor.run')).toHaveLength(2);
  });

  it('shows the code in groups and copies it', async () => {
    await open('doctor-problems');
    await page.getByRole('button', { name: 'Copiați codul 00HR-PTWG' }).click();
    await page.getByText('Copiat', { exact: true }).waitFor();
    await page.getByLabel('Codul citit la telefon').focus();
    await page.keyboard.press('Control+V');
    expect(await page.getByLabel('Codul citit la telefon').inputValue()).toBe('00HR-PTWG');
  });

  it('turns a code from the phone into its findings, without an agent, as it was heard', async () => {
    await open('agent-lost');
    await page.getByLabel('Codul citit la telefon').fill(' oohr ptwg');
    await page.keyboard.press('Enter');
    const reading = page.getByRole('status', { name: 'Arătați constatările' });
    await reading.waitFor();
    const said = await reading.innerText();
    expect(said).toMatch(/GnuPG[\s\S]*Ceasul calculatorului[\s\S]*Mai multe module/);
    await page.getByLabel('Codul citit la telefon').fill('00HR-PTWH');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await reading.count()).toBe(0);
  });

  it('sets how much is logged, and has the log shown without learning where it lies', async () => {
    await open('doctor-healthy');
    await page.getByText('Detalii', { exact: true }).click();
    await expect.poll(() => requests(page, 'log.level')).toEqual([{}, { level: 'details' }]);
    await page.getByRole('button', { name: 'Deschideți folderul' }).click();
    expect(await requests(page, 'host.log.show')).toEqual([{}]);
    expect(await requests(page, 'log.place')).toEqual([]);
  });

  it('shows every line of the report before it is saved, and saves just that', async () => {
    await open('doctor-problems', { path: '/diagnostics/report' });
    expect(await requests(page, 'report.make')).toEqual([]);
    await page.getByRole('button', { name: 'Pregătiți raportul' }).click();
    const preview = page.getByRole('region', { name: 'Conținutul întreg al fișierului' });
    await preview.waitFor();
    await preview.evaluate((element) => element.scrollTo(0, 1e9));
    await preview.getByText('"traces": []').waitFor();
    expect(await requests(page, 'host.report.save')).toEqual([]);
    await page.getByRole('button', { name: 'Salvați raportul' }).click();
    await page.getByText('Salvat: Buletin report 2026-11-22.json').waitFor();
    const [saved] = await requests(page, 'host.report.save');
    const lines = bundleText(saved?.bundle as never).split('\n');
    expect(await text(page)).toContain(`${new Intl.NumberFormat('ro').format(lines.length - 1)} de linii`);
    expect(lines).toContain('  "traces": []');
  });

  it('shows hostile names as text', async () => {
    await open('doctor-hostile');
    await page.getByText('<img src=x').first().waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await text(page)).not.toContain('\u202e');
  });

  it.each(states)('has no fault that axe can see, and nothing stands out sideways: %s', async (scenario) => {
    await open(scenario, { width: 1024, height: 768 });
    await page.waitForTimeout(200);
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(tooWide)).toBe(0);
    await page.evaluate("document.documentElement.dataset.theme = 'dark'");
    expect(await axeViolations(page)).toEqual([]);
  });

  it.each(['/diagnostics', '/diagnostics/report'])(
    'cuts nothing off in Russian, on a small screen, with large letters: %s',
    async (path) => {
      await open('doctor-hostile', { path, lang: 'ru', width: 1024, height: 768, size: 200 });
      if (path.endsWith('report')) await page.getByRole('button', { name: 'Подготовить отчёт' }).click();
      await page.waitForTimeout(200);
      expect(await page.evaluate(tooWide)).toBe(0);
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
