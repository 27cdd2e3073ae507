/** Every page in every state: no finding of axe in light and dark, and each language switched at run time. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ScenarioName, scenarioNames } from '../../../renderer/test-support/scenarios.ts';
import { needs } from '../../run/needs.ts';
import { axeViolations, GalleryBrowser } from './gallery-browser.ts';
import { pagesOf, settled } from './states.ts';

vi.setConfig({ testTimeout: 180_000 });

const languages = ['ro', 'ru', 'en'] as const;
type Language = (typeof languages)[number];

/** Every sentence of a language that has no places to fill in. */
const sentences = (language: Language): Set<string> => {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (!value.includes('{') && value.length > 3) found.add(value.trim());
    } else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) walk(one);
  };
  for (const file of ['window', 'pages', 'fields', 'failures'])
    walk(
      JSON.parse(
        readFileSync(new URL(`../../../renderer/locales/${language}/${file}.json`, import.meta.url), 'utf8'),
      ),
    );
  return found;
};
const known = { ro: sentences('ro'), ru: sentences('ru'), en: sentences('en') };
/** What registers and readers say stays as they say it. */
const foreign: ReadonlySet<string> = new Set(['Agenția Servicii Publice']);
const keys: ReadonlySet<string> = new Set(
  ['window', 'pages', 'fields'].flatMap((file) =>
    Object.keys(
      JSON.parse(readFileSync(new URL(`../../../renderer/locales/ro/${file}.json`, import.meta.url), 'utf8')),
    ),
  ),
);

/** Everything that a page says: texts, and what is read aloud or shown on pointing. */
const said = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const found = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!node.parentElement.closest('[lang]:not(html), script, style, [data-live-announcer]')) found.push(node.data.trim());
    for (const element of document.body.querySelectorAll('*'))
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext'])
        if (element.hasAttribute(name)) found.push(element.getAttribute(name).trim());
    return found.filter(Boolean);
  })()`);

describe.skipIf(!needs('chromium'))('every page in every state', () => {
  let browser: GalleryBrowser;
  let page: Page;
  let all: readonly string[];
  beforeAll(async () => {
    browser = await GalleryBrowser.start();
    page = await browser.open({ scenario: 'ready', path: '/' });
    all = await page.evaluate<string[]>('window.galleryPages');
    await page.close();
  });
  afterEach(async () => {
    await page.close();
    expect(browser.complaints.splice(0)).toEqual([]);
  });
  afterAll(() => browser.stop());

  const goto = async (path: string) => {
    await page.evaluate(`location.hash = '${path}'`);
    await page.locator('main h1').first().waitFor();
    await settled(page);
  };
  const open = async (scenario: ScenarioName) => {
    page = await browser.open({ scenario, path: '/' });
    await settled(page);
  };

  it.each(scenarioNames)('%s: axe finds nothing, in light and dark', async (scenario) => {
    await open(scenario);
    const found: string[] = [];
    for (const path of pagesOf(scenario, all)) {
      await goto(path);
      for (const theme of ['dark', 'light']) {
        await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
        for (const violation of await axeViolations(page)) found.push(`${path}, ${theme}: ${violation}`);
      }
    }
    expect(found).toEqual([]);
  });

  const speak = async (language: Language) => {
    await page.evaluate(
      `document.querySelectorAll('.tools .segment')[${languages.indexOf(language)}].click()`,
    );
    await expect.poll(() => page.evaluate('document.documentElement.lang')).toBe(language);
    await settled(page);
  };
  /** Times go by while one looks. */
  const still = (texts: readonly string[]) => texts.map((text) => text.replace(/\d+/g, '#'));

  it.each(scenarioNames)('%s: speaks one language at a time, whichever was chosen last', async (scenario) => {
    await open(scenario);
    const wrong: string[] = [];
    for (const path of pagesOf(scenario, all)) {
      await goto(path);
      const first = await said(page);
      for (const language of ['ru', 'en', 'ro'] as const) {
        await speak(language);
        const texts = await said(page);
        for (const text of texts) {
          if (keys.has(text)) wrong.push(`${path}, ${language}: the key ${text}`);
          for (const other of languages) {
            if (
              other !== language &&
              !foreign.has(text) &&
              known[other].has(text) &&
              !known[language].has(text)
            )
              wrong.push(`${path}, ${language}: ${other} "${text}"`);
          }
        }
        // What was switched to is what would have been there from the start.
        if (language === 'ro' && JSON.stringify(still(texts)) !== JSON.stringify(still(first)))
          wrong.push(
            `${path}: other words after coming back: ${still(texts)
              .filter((text) => !still(first).includes(text))
              .join(' | ')}`,
          );
      }
    }
    expect(wrong).toEqual([]);
  });
});
