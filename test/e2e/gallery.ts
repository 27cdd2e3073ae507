/**
 * `npm run gallery [-- --lang=ro --theme=dark]`: pictures of every page and state on the scripted host, in each
 * language and theme, in one HTML page: `out/gallery/index.html`. For people to look at.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildWindow, galleryFolder } from '../../build/window.ts';
import { languages } from '../../electron/contract/text/languages.ts';
import { findBrowser } from '../../electron/shell/chromium/browser-binary.ts';
import { ChromiumHost } from '../../electron/shell/chromium/chromium-host.ts';
import { findConfinement } from '../../electron/shell/chromium/confinement.ts';
import { Shell } from '../../electron/shell/pages/shell.ts';
import { defaultSettings, UserSettings } from '../../electron/shell/pages/user-settings.ts';
import { WindowFiles } from '../../electron/shell/pages/window-files.ts';
import { PageDriver } from '../rig/window/page-driver.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const gallery = path.join(root, 'out', 'gallery');
const themes = ['light', 'dark'] as const;

const { values } = parseArgs({ options: { lang: { type: 'string' }, theme: { type: 'string' } } });
const chosen = <T extends string>(all: readonly T[], one: string | undefined): readonly T[] =>
  one === undefined ? all : all.filter((each) => each === one);

/** Pages that look different in a state, beside the first page. */
const pagesOf = (scenario: string, pages: readonly string[]): readonly string[] => {
  if (scenario === 'signed-in') return pages;
  if (scenario.startsWith('data-')) return pages.filter((page) => page.startsWith('/data/'));
  if (scenario.startsWith('sign-')) return ['/sign'];
  if (scenario.startsWith('pins-') || scenario === 'change-first') return ['/pins', '/sign'];
  if (scenario === 'removed' || scenario === 'idle-out') return ['/', '/data/personal', '/sign'];
  if (scenario.startsWith('agent-') || scenario === 'no-reader') return ['/', '/pins', '/certificates'];
  if (scenario.startsWith('ready')) return ['/', '/certificates', '/pins'];
  return ['/'];
};

/** Waits until nothing loads or moves; a state that never ends is taken as it is. */
const settle = `(async () => {
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  let before;
  for (let i = 0; i < 12; i++) {
    await document.fonts.ready;
    await pause(80);
    const now = document.body.innerText;
    if (now !== '' && now === before) break;
    before = now;
  }
  for (const animation of document.getAnimations())
    if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
})()`;

interface Shot {
  readonly scenario: string;
  readonly page: string;
  readonly language: string;
  readonly theme: string;
  readonly file: string;
}

async function main(): Promise<number> {
  const binary = findBrowser();
  const confinement = findConfinement();
  if (binary === undefined || confinement.impossible !== undefined) {
    console.log('the gallery needs Chromium and a kernel that lets its sandbox be');
    return 1;
  }
  await buildWindow({ gallery: true });
  rmSync(gallery, { recursive: true, force: true });
  mkdirSync(path.join(gallery, 'pictures'), { recursive: true });
  const host = new ChromiumHost({
    binary,
    confinement,
    headless: true,
    files: new WindowFiles(galleryFolder),
  });
  const agent = Object.assign(new EventEmitter(), {
    client: { request: () => Promise.reject(new Error('the gallery has no agent')) },
  });
  const settings = new UserSettings(path.join(gallery, 'no-settings'), defaultSettings());
  const shell = new Shell({ agent, host, settings });
  try {
    await host.open(shell);
    if (!host.main) throw new Error('no window');
    const shots = await takeAll(new PageDriver(host.main));
    writeFileSync(path.join(gallery, 'index.html'), overview(shots));
    console.log(
      `${shots.length} pictures: ${path.relative(process.cwd(), path.join(gallery, 'index.html'))}`,
    );
    return 0;
  } finally {
    shell.close();
    await host.close();
  }
}

async function takeAll(page: PageDriver): Promise<Shot[]> {
  const open = async (query: string, hash = '') => {
    // Another query is another document; the same one with another hash is not.
    await page.cdp.send('Page.navigate', { url: `https://buletin.invalid/gallery.html?${query}${hash}` });
    await page.evaluate(settle).catch(() => undefined);
  };
  await open('');
  const scenarios = await page.evaluate<string[]>('galleryScenarios');
  const pages = await page.evaluate<string[]>('galleryPages');
  const prompts = await page.evaluate<string[]>('galleryPrompts');
  const shots: Shot[] = [];
  const size = (width: number, height: number) =>
    page.cdp.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  const take = async (query: string, scenario: string, at: string, language: string, theme: string) => {
    await open(`${query}&lang=${language}&theme=${theme}&n=${shots.length}`, `#${at}`);
    await page.evaluate(settle).catch(() => undefined);
    const file = path.join('pictures', `${scenario}${at.replaceAll('/', '-')}-${language}-${theme}.png`);
    await page.screenshot(path.join(gallery, file));
    shots.push({ scenario, page: at, language, theme, file });
  };
  for (const language of chosen(languages, values.lang)) {
    for (const theme of chosen(themes, values.theme)) {
      await size(1280, 860);
      for (const scenario of scenarios) {
        for (const at of pagesOf(scenario, pages))
          await take(`scenario=${scenario}`, scenario, at, language, theme);
      }
      await size(420, 560);
      for (const prompt of prompts) await take(`pin=${prompt}`, `pin-${prompt}`, '', language, theme);
    }
  }
  return shots;
}

function overview(shots: readonly Shot[]): string {
  const rows = new Map<string, Shot[]>();
  for (const shot of shots) {
    const row = `${shot.scenario} ${shot.page}`;
    rows.set(row, [...(rows.get(row) ?? []), shot]);
  }
  const body = [...rows].map(
    ([row, pictures]) =>
      `<section><h2>${row}</h2><div>${pictures
        .map(
          ({ file, language, theme }) =>
            `<a href="${file}"><img loading="lazy" src="${file}" alt=""><br>${language}, ${theme}</a>`,
        )
        .join('')}</div></section>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Buletin: all pages and states</title>
<style>body{font:14px system-ui;margin:24px}section div{display:flex;flex-wrap:wrap;gap:12px}img{width:420px;border:1px solid #999}</style>
<h1>Buletin: all pages and states</h1><p>All people, numbers and claims are invented.</p>
${body.join('\n')}
</html>
`;
}

process.exitCode = await main();
