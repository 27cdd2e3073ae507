/** The built window (`npm run build:window`): what a page can load, and nothing beside it. Both hosts serve from it. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PageKind } from '../../contract/pages/page-messages.ts';

/** Where the build leaves the window. */
export const windowFolder = fileURLToPath(new URL('../../../out/window', import.meta.url));

/** First page of each kind of window. */
export const firstPage: Readonly<Record<PageKind, string>> = { main: 'index.html', pin: 'pin.html' };

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pfb': 'application/octet-stream',
  '.bcmap': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export interface WindowFile {
  readonly body: Buffer;
  readonly type: string;
}

export class WindowFiles {
  /** By path below the folder, with slashes. */
  readonly #paths = new Map<string, string>();
  readonly #loaded = new Map<string, WindowFile>();

  /** Lists the folder once: only what is there now, of a known type, is ever given out. */
  constructor(folder = windowFolder) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || types[extname(entry.name)] === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      this.#paths.set(relative(folder, path).split(sep).join('/'), path);
    }
  }

  /**
   * The file for a request of a page of this kind.
   * @param pathname of the address; `/` is the kind's first page
   */
  get(pathname: string, kind: PageKind): WindowFile | undefined {
    const name = pathname === '/' ? firstPage[kind] : pathname.slice(1);
    // The other kind's page has another origin, and another policy.
    if (name === firstPage[kind === 'main' ? 'pin' : 'main']) return undefined;
    const path = this.#paths.get(name);
    if (path === undefined) return undefined;
    let file = this.#loaded.get(name);
    if (!file) {
      file = { body: readFileSync(path), type: types[extname(name)] ?? 'application/octet-stream' };
      this.#loaded.set(name, file);
    }
    return file;
  }
}
