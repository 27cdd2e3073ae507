/**
 * `npm run build:electron`: bundles Electron's two entry points into `out/electron`. Electron's Node reads no
 * TypeScript, and a sandboxed preload script may load nothing but `electron`, so each becomes one file.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { build, type InlineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

/** Where the entry points go. */
export const electronFolder = path.join(root, 'out', 'electron');

const outside = ['electron', /^node:/, ...builtinModules];

/** Vite's settings for one entry point. */
export function electronConfig(entry: 'main' | 'preload', outDir = electronFolder): InlineConfig {
  const file = entry === 'main' ? 'main.js' : 'preload.cjs';
  return {
    root,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'warn',
    cacheDir: path.join(root, 'out', '.vite'),
    // Nothing is left to be found in node_modules: the archive has none.
    ssr: { noExternal: true, target: 'node' },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      ssr: path.join(root, 'electron', `${entry}.ts`),
      rollupOptions: {
        external: outside,
        output: {
          format: entry === 'main' ? 'es' : 'cjs',
          entryFileNames: file,
          codeSplitting: false,
        },
      },
    },
  };
}

/** Builds both. */
export async function buildElectron(outDir = electronFolder): Promise<void> {
  await build(electronConfig('main', outDir));
  await build(electronConfig('preload', outDir));
}

if (process.argv[1] === import.meta.filename) {
  await buildElectron();
  console.log(path.relative(root, electronFolder));
}
