import path from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig } from 'vite';
import { pdfFiles } from './pdf-files.ts';

/**
 * `npm run build:window [-- --gallery]`: bundles the pages into static files, `out/window` for the product,
 * `out/gallery-window` with the scripted host for looking at every state.
 *
 * Strict content security policies hold for the result: no inline script or style, no data: address, nothing
 * from elsewhere.
 */

const root = path.resolve(import.meta.dirname, '..');

/** Where the product's pages lie. */
export const windowFolder = path.join(root, 'out', 'window');
export const galleryFolder = path.join(root, 'out', 'gallery-window');

export interface WindowBuild {
  /** Default: `out/window`, or `out/gallery-window`. */
  readonly outDir?: string;
  /** With the pages that play states on a scripted host. Never part of the product. */
  readonly gallery?: boolean;
}

/** Vite's settings for a build. */
export function windowConfig({ outDir, gallery = false }: WindowBuild = {}): InlineConfig {
  const pages = gallery ? ['index', 'pin', 'gallery'] : ['index', 'pin'];
  return {
    root: path.join(root, 'renderer'),
    configFile: false,
    envDir: false,
    publicDir: false,
    // Addresses relative to the page: the same files serve under every host's own scheme.
    base: './',
    logLevel: 'warn',
    cacheDir: path.join(root, 'out', '.vite'),
    plugins: [react(), pdfFiles(root)],
    json: { stringify: true },
    build: {
      outDir: outDir ?? (gallery ? galleryFolder : windowFolder),
      emptyOutDir: true,
      target: 'chrome120',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2048,
      rollupOptions: { input: pages.map((page) => path.join(root, 'renderer', `${page}.html`)) },
    },
  };
}

/** Builds the pages. */
export async function buildWindow(options: WindowBuild = {}): Promise<void> {
  await build(windowConfig(options));
}

if (process.argv[1] === import.meta.filename) {
  const gallery = process.argv.includes('--gallery');
  await buildWindow({ gallery });
  console.log(path.relative(root, gallery ? galleryFolder : windowFolder));
}
