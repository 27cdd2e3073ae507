/** Training in Chromium, on the scripted host. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureCodes } from '../../../electron/contract/failures/catalogue.ts';
import { languages } from '../../../electron/contract/text/languages.ts';
import { loadText } from '../../../renderer/app/text.tsx';
import { situation } from '../../../renderer/pages/training/situation.ts';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser, requests, type View } from './gallery-browser.ts';

/** A button that was busy is read aloud by its name for some seconds, also when the button has gone: not a picture. */
const withoutSpokenButtons = `for (const spoken of document.querySelectorAll('[data-live-announcer] [role="img"]'))
  if (!document.getElementById(spoken.getAttribute('aria-labelledby'))) spoken.remove();`;
const tooWide = `(() => { const main = document.querySelector('main'); return main.scrollWidth - main.clientWidth; })()`;

it.each(languages)('has a sentence for every failure before it happens, in %s', async (language) => {
  const words = await loadText(language);
  for (const code of failureCodes) {
    const said = situation(code, words);
    expect([code, said === code || said.includes('NaN') || said.length < 8]).toEqual([code, false]);
  }
});

describe.skipIf(!needs('chromium'))('training in Chromium', () => {
  let browser: GalleryBrowser;
  let page: Page;
  const open = async (scenario: string, view: Partial<View> = {}) => {
    page = await browser.open({ scenario, path: '/diagnostics/training', ...view });
    return page;
  };
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const steps = () =>
    page.getByRole('list', { name: 'Pașii exercițiului' }).getByRole('listitem').allInnerTexts();
  beforeAll(async () => {
    browser = await GalleryBrowser.start();
  });
  afterEach(async () => {
    await page.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.stop());

  it('says how to open it where everything is real, and shows nothing simulated', async () => {
    await open('doctor-healthy');
    await page.getByText('npm start -- --sandbox').waitFor();
    expect(await page.getByRole('tab').count()).toBe(0);
    expect(await page.locator('.watermark').count()).toBe(0);
    expect(await requests(page, 'training.exercises')).toEqual([]);
  });

  it('is watermarked in training mode', async () => {
    await open('training-exercises');
    await page.getByRole('tab', { name: 'Exerciții' }).waitFor();
    expect(await page.locator('.watermark').count()).toBe(1);
    expect(await page.getByText('Mod de instruire').count()).toBe(1);
  });

  it('ticks off the steps of an exercise as they happen', async () => {
    await open('training-exercises');
    await press('Începeți: Prima folosire');
    await page.getByRole('region', { name: 'Exercițiul de acum' }).waitFor();
    expect(await requests(page, 'training.start')).toEqual([{ exercise: 'first-use' }]);
    expect((await steps())[0]).toContain('acum');
    await press('Puneți cardul');
    await expect.poll(async () => (await steps())[0]).toContain('făcut');
    // A step that is done on another page, by the person and not by a press here.
    await page.evaluate("location.hash = '/pins'");
    await page.getByRole('heading', { name: 'Coduri PIN', exact: true }).waitFor();
    await page.evaluate(`window.scriptedPort.event({ kind: 'training', training: {
      simulated: true, exercise: 'first-use', audience: 'citizen', acts: ['insert', 'remove'], finished: true,
      worldTime: '2026-11-22T09:30:00.000Z', diagnosis: null,
      steps: ['card-inserted', 'pin1-changed', 'pin2-changed', 'pin1-verified', 'card-removed']
        .map((step) => ({ step, done: true })) } })`);
    await page.evaluate("location.hash = '/diagnostics/training'");
    await page.getByText('Ați terminat exercițiul.').waitFor();
    await press('Opriți exercițiul');
    await page.getByRole('region', { name: 'Exercițiul de acum' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('region', { name: 'Prima folosire' }).innerText()).toContain('Terminat');
  });

  it('takes an answer to a case, says what was true, and why', async () => {
    await open('training-case');
    const present = page.getByRole('region', { name: 'Exercițiul de acum' });
    await present.getByText('Certificatul a expirat').click();
    await press('Acesta este răspunsul meu');
    await present.getByText('Nu aceasta era cauza. Era: Certificatul este revocat.').waitFor();
    expect(await present.innerText()).toContain('se vede la OCSP');
    expect(await requests(page, 'training.diagnose')).toEqual([{ cause: 'certificate-expired' }]);
    await tab('Zece cazuri');
    await page.getByText('Niciun caz rezolvat').waitFor();
    await press('Începeți: Cazul 9');
    await present.getByText('Certificatul este revocat').click();
    await press('Acesta este răspunsul meu');
    await present.getByText('Așa este: Certificatul este revocat.').waitFor();
    await page.getByText('Un caz rezolvat din 10').waitFor();
  });

  it('puts a chosen card on the simulated reader, and shows the envelope', async () => {
    await open('training-exercises');
    await tab('Card și coduri');
    expect(await page.getByRole('region', { name: 'Plicul cu coduri' }).innerText()).toMatch(
      /PIN1\s+4271\s+PIN2\s+836145\s+PUK\s+70318264/,
    );
    await page.getByText('Carte de identitate din 2025').click();
    await page.getByLabel('Ce se întâmplă cu el').selectOption('last-try');
    await press('Puneți cardul pe cititor');
    expect(await requests(page, 'sandbox.insert')).toEqual([{ card: '2025:last-try' }]);
    await press('Luați cardul');
    expect(await requests(page, 'sandbox.remove')).toEqual([{}]);
  });

  it('shows what every failure looks like, found by its words', async () => {
    await open('training-exercises');
    await tab('Arată-mi cum arată când');
    const list = page.getByRole('region', { name: 'Situații' });
    await list.waitFor();
    expect(await list.getByRole('button').count()).toBe(failureCodes.length);
    await page.getByLabel('Căutați o situație').fill('pin-wrong');
    await list.getByRole('button').first().click();
    const screen = page.getByRole('region', { name: 'Ecranul, așa cum apare' });
    await screen.waitFor();
    expect(await screen.innerText()).toContain('2 încercări');
    expect(await page.getByRole('region', { name: 'Ce s-a întâmplat' }).innerText()).toContain(
      'Se introduce un PIN greșit.',
    );
    expect(await requests(page, 'training.show')).toEqual([{ code: 'pin-wrong' }]);
  });

  it.each(['training-exercises', 'training-first-use', 'training-case', 'training-fails', 'doctor-healthy'])(
    'has no fault that axe can see, and nothing stands out sideways: %s',
    async (scenario) => {
      await open(scenario, { width: 1024, height: 768, lang: 'ru' });
      for (const name of ['Упражнения', 'Десять случаев', 'Карта и коды', 'Покажите, как выглядит']) {
        if ((await page.getByRole('tab').count()) > 0) await tab(name);
        await page.waitForTimeout(150);
        await page.evaluate(withoutSpokenButtons);
        expect([name, await axeViolations(page)]).toEqual([name, []]);
        expect([name, await page.evaluate(tooWide)]).toEqual([name, 0]);
        await page.evaluate("document.documentElement.style.setProperty('--text-scale', '2')");
        expect([name, await page.evaluate(tooWide)]).toEqual([name, 0]);
        await page.evaluate("document.documentElement.style.setProperty('--text-scale', '1')");
      }
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      expect(await axeViolations(page)).toEqual([]);
    },
  );
});
