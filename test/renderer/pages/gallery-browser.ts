/** The gallery in Chromium, served under the product's own policy: for looking at pages in any state. */

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildWindow } from '../../../build/window.ts';
import { findBrowser } from '../../../electron/shell/chromium/browser-binary.ts';
import { pageHeaders } from '../../../electron/shell/pages/page-headers.ts';
import { WindowFiles } from '../../../electron/shell/pages/window-files.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface View {
  readonly scenario: string;
  /** After the `#`. */
  readonly path: string;
  readonly lang?: 'ro' | 'ru' | 'en';
  readonly theme?: 'light' | 'dark';
  /** Of text, in percent. */
  readonly size?: number;
  readonly width?: number;
  readonly height?: number;
}

const looks = ({ lang = 'ro', theme = 'light', size = 100 }: Omit<View, 'scenario' | 'path'>) => ({
  lang,
  theme,
  size: String(size),
});

export class GalleryBrowser {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;
  /** What pages complained of: refusals of the policy, errors. */
  readonly complaints: string[] = [];

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<GalleryBrowser> {
    const folder = makeScratchFolder();
    await buildWindow({ gallery: true, outDir: folder });
    const files = new WindowFiles(folder);
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const file = files.get(pathname, 'main');
      response.writeHead(file ? 200 : 404, {
        ...pageHeaders('main'),
        'Content-Type': file?.type ?? 'text/plain',
      });
      response.end(file?.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({
      executablePath: findBrowser() ?? '',
      // Only our own pages are shown, and the confinement that the product needs has tests of its own.
      chromiumSandbox: false,
    });
    return new GalleryBrowser(folder, server, browser);
  }

  async open(view: View): Promise<Page> {
    const { scenario, path, width = 1280, height = 800 } = view;
    const page = await this.#page(`${scenario}${path}`, width, height);
    await page.goto(this.#address({ scenario, ...looks(view) }, path));
    await page.locator('main h1').first().waitFor();
    return page;
  }

  /** A PIN window with one of the questions of `prompts.ts`. */
  async openPin(
    pin: string,
    view: Omit<View, 'scenario' | 'path'> & { shuffled?: boolean } = {},
  ): Promise<Page> {
    const page = await this.#page(`pin ${pin}`, 420, 560);
    await page.goto(this.#address({ pin, shuffled: String(view.shuffled ?? false), ...looks(view) }, ''));
    await page.locator('h1').waitFor();
    return page;
  }

  #address(query: Record<string, string>, path: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/gallery.html?${new URLSearchParams(query)}#${path}`;
  }

  async #page(name: string, width: number, height: number): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    page.on('pageerror', (error) => this.complaints.push(`${name}: ${error.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // Chromium's own remark on the policy's sandbox, and the icon that it asks for by itself.
      if (message.type() === 'error' && !text.includes('404')) this.complaints.push(`${name}: ${text}`);
    });
    return page;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
    removeScratchFolder(this.#folder);
  }
}

/** The parameters of everything that the window has asked its host for by this method. */
export const requests = (page: Page, method: string): Promise<Record<string, unknown>[]> =>
  page.evaluate(
    `window.scriptedPort.said.filter((m) => m.type === 'request' && m.method === '${method}').map((m) => m.params)`,
  );

/** What axe-core finds wrong, a line for each element. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate(`${axeSource}; undefined`);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160))))`);
}
