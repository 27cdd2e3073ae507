/**
 * `npm run gallery [-- --lang=ro --theme=dark --size=1024x768 --only=sign]`: pictures of every page and state on the
 * scripted host, in each language, theme and size, in one HTML page: `out/gallery/index.html`. For people to look at.
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

const sizes = ['1280x800', '1024x768'] as const;

const { values } = parseArgs({
  options: {
    lang: { type: 'string' },
    theme: { type: 'string' },
    size: { type: 'string' },
    /** Scenarios whose name begins with it. */
    only: { type: 'string', default: '' },
  },
});
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
  if (scenario.startsWith('doctor-')) return ['/diagnostics', '/diagnostics/report'];
  if (scenario.startsWith('desk')) return ['/diagnostics/helpdesk'];
  if (scenario.startsWith('training-')) return ['/diagnostics/training'];
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

/** What a person does on a page before there is something to see: presses the page's first main button, so often. */
const presses = (scenario: string, at: string): number => {
  if (at !== '/sign' || !scenario.startsWith('sign-')) return 0;
  return scenario === 'sign-scan' ? 1 : 2;
};

/** How long a state takes to show itself: a skeleton comes late on purpose, thousands of rows are sorted. */
const patienceMs = (scenario: string): number =>
  scenario === 'data-loading' ? 1_500 : scenario === 'data-many' ? 4_000 : 0;

const press = `(async () => {
  const find = () => document.querySelector('main :is(.button-primary, .button-sign):not([disabled])');
  for (let i = 0; i < 40 && !find(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  const before = document.body.innerText;
  find()?.click();
  for (let i = 0; i < 40 && document.body.innerText === before; i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 400));
})()`;

interface Shot {
  readonly scenario: string;
  readonly page: string;
  readonly language: string;
  readonly theme: string;
  readonly size: string;
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
  const look = (width: number, height: number) =>
    page.cdp.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
  const take = async (query: string, shot: Omit<Shot, 'file'>) => {
    const { scenario, page: at, language, theme, size } = shot;
    await open(`${query}&lang=${language}&theme=${theme}&n=${shots.length}`, `#${at}`);
    await page.evaluate(settle).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, patienceMs(scenario)));
    for (let left = presses(scenario, at); left > 0; left--) await page.evaluate(press);
    const name = `${scenario}${at.replaceAll('/', '-')}-${language}-${theme}-${size}.png`;
    const file = path.join('pictures', name);
    await page.screenshot(path.join(gallery, file));
    shots.push({ ...shot, file });
  };
  const wanted = (names: readonly string[]) => names.filter((name) => name.startsWith(values.only));
  for (const language of chosen(languages, values.lang)) {
    for (const theme of chosen(themes, values.theme)) {
      const common = { language, theme };
      for (const size of chosen(sizes, values.size)) {
        const [width = 0, height = 0] = size.split('x').map(Number);
        await look(width, height);
        for (const scenario of wanted(scenarios)) {
          for (const at of pagesOf(scenario, pages))
            await take(`scenario=${scenario}`, { ...common, scenario, page: at, size });
        }
      }
      await look(420, 560);
      for (const prompt of wanted(prompts.map((one) => `pin-${one}`)))
        await take(`pin=${prompt.slice(4)}`, { ...common, scenario: prompt, page: '', size: '420x560' });
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
          ({ file, language, theme, size }) =>
            `<a href="${file}"><img loading="lazy" src="${file}" alt=""><br>${language}, ${theme}, ${size}</a>`,
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
