/**
 * How Electron's application is put together: Electron Forge packs the archive, sets the fuses and lays the program
 * beside it. Installers are made from the result by electron-builder (`installers/`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { FusesPlugin } from '@electron-forge/plugin-fuses';
import type { ForgeConfig } from '@electron-forge/shared-types';
import { builtPages, projectRoot, readManifest, stageProgram } from './program.ts';

export const productName = 'Buletin';
/** Name of the executable, on all systems but macOS. */
export const executableName = 'buletin-window';
export const applicationId = 'md.buletin.Buletin';

/**
 * Every fuse is set, and a fuse that a later Electron adds stops the build until somebody has decided about it.
 * The agent has a Node of its own, so Electron is never to act as one.
 */
export const fuses = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  // There is one snapshot for all processes.
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  // WebAssembly's bounds are checked by the processor, as in Chromium.
  [FuseV1Options.WasmTrapHandlers]: true,
} as const;

export interface ForgeOptions {
  /** The folder that holds `package.json`, `out/window` and `out/electron`. */
  readonly application?: string;
  /** Where the program is laid before it is copied. */
  readonly work?: string;
  /** Folder with Electron's own archives (`electron-vVERSION-PLATFORM-ARCH.zip`), for builders without a network. */
  readonly electronZips?: string | undefined;
  /** Builds pages and entry points first. */
  readonly build?: () => Promise<void>;
}

/** What goes into the archive, from the application's folder. Folders on the way to it are in the list too. */
const packed = /^$|^\/package\.json$|^\/out$|^\/out\/(window|electron)(\/|$)/;

export function forgeConfig(options: ForgeOptions = {}): ForgeConfig {
  const application = options.application ?? projectRoot;
  const work = options.work ?? path.join(projectRoot, 'out', 'packaging');
  const program = path.join(work, 'program');
  return {
    packagerConfig: {
      name: productName,
      executableName,
      appBundleId: applicationId,
      appCategoryType: 'public.app-category.utilities',
      asar: true,
      // What the archive holds is bundled already.
      prune: false,
      ignore: (file) => !packed.test(file.split(path.sep).join('/')),
      extraResource: [program],
      tmpdir: path.join(work, 'temporary'),
      ...(options.electronZips === undefined ? {} : { electronZipDir: options.electronZips }),
    },
    rebuildConfig: { onlyModules: [] },
    plugins: [new FusesPlugin(fuses)],
    hooks: {
      generateAssets: async () => options.build?.(),
      prePackage: async (_config, platform, arch) => {
        builtPages(path.join(application, 'out', 'window'));
        const target = { platform: platform as NodeJS.Platform, arch: arch as NodeJS.Architecture };
        stageProgram({ folder: program, host: 'none', ...target });
      },
      packageAfterCopy: async (_config, archive) => reduceManifest(archive),
    },
  };
}

/** The archive's own manifest says what Electron reads, not how Buletin is built. */
function reduceManifest(archive: string): void {
  const file = path.join(archive, 'package.json');
  const { version, main } = JSON.parse(readFileSync(file, 'utf8')) as { version: string; main: string };
  const { name, description, license } = readManifest();
  const manifest = { name, productName, version, description, license, type: 'module', main };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}
