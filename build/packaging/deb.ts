/**
 * The Debian package of Buletin with the Chromium host: the distribution's own browser shows the window, its pcscd
 * speaks to the readers, and Node comes along. No maintainer scripts: installing runs nothing of ours.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { copyrightText } from './copyright.ts';
import { projectRoot, readManifest, type StagedProgram, stageProgram } from './program.ts';

const templates = path.join(import.meta.dirname, 'debian');
const library = 'usr/lib/buletin';

/** Debian's name of an architecture. */
export const debianArchitectures = { x64: 'amd64', arm64: 'arm64' } as const;
export type DebArchitecture = keyof typeof debianArchitectures;

export interface DebOptions {
  readonly arch: DebArchitecture;
  /** Working folder; the package's tree is made in `tree`, and left there. */
  readonly folder: string;
  /** Where the package goes. */
  readonly outDir: string;
  readonly compression?: 'xz' | 'none';
  /** The moment that all files are dated, in seconds of the epoch, so that the same sources make the same package. */
  readonly epoch?: number;
  /** The built pages, if they lie elsewhere than in `out/window`. */
  readonly pages?: string;
}

export interface Deb {
  readonly file: string;
  readonly tree: string;
  readonly program: StagedProgram;
}

/**
 * What the package needs on the machine. `libpcsclite1` is what the PC/SC addon is bound to, `libc6` and
 * `libstdc++6` are what Node's own builds ask for; `util-linux` has `unshare` and `setpriv`.
 */
export const dependencies = [
  'chromium | chromium-browser',
  'pcscd',
  'libpcsclite1',
  'libc6 (>= 2.28)',
  'libstdc++6',
  'util-linux',
] as const;

/** The package's control file. */
export function controlFile(version: string, arch: DebArchitecture, installedKiB: number): string {
  return [
    'Package: buletin',
    `Version: ${version}`,
    `Architecture: ${debianArchitectures[arch]}`,
    'Maintainer: Buletin <packages@buletin.invalid>',
    `Installed-Size: ${installedKiB}`,
    `Depends: ${dependencies.join(', ')}`,
    'Recommends: libccid, opensc-pkcs11',
    'Section: utils',
    'Priority: optional',
    "Description: desktop client for Moldova's electronic identity cards",
    ' Reads the card on a reader, checks and changes its PINs, signs in to the',
    " state's portal, shows what the registers hold about the holder, and signs",
    ' PDF documents. With a training mode on simulated cards.',
    ' .',
    " The window is shown by the system's own Chromium. Node comes along.",
    '',
  ].join('\n');
}

/** Makes the package. @throws Error when something that belongs into it is not built or installed */
export function buildDeb(options: DebOptions): Deb {
  const { arch, folder, outDir } = options;
  const tree = path.join(folder, 'tree');
  rmSync(tree, { recursive: true, force: true });
  const inside = (...parts: string[]) => path.join(tree, ...parts);
  const program = stageProgram({
    folder: inside(library),
    host: 'chromium',
    platform: 'linux',
    arch,
    ...(options.pages === undefined ? {} : { pages: options.pages }),
  });

  mkdirSync(inside(library, 'bin'));
  mkdirSync(inside('usr/bin'), { recursive: true });
  for (const name of ['buletin', 'buletin-window']) {
    copyFileSync(path.join(templates, name), inside(library, 'bin', name));
    chmodSync(inside(library, 'bin', name), 0o755);
    symlinkSync(`../lib/buletin/bin/${name}`, inside('usr/bin', name));
  }
  put(
    inside('usr/share/applications/buletin.desktop'),
    readFileSync(path.join(templates, 'buletin.desktop')),
  );
  put(
    inside('usr/share/icons/hicolor/scalable/apps/buletin.svg'),
    readFileSync(path.join(templates, 'buletin.svg')),
  );

  const { version } = readManifest();
  const epoch = options.epoch ?? Math.floor(Date.now() / 1_000);
  put(inside('usr/share/doc/buletin/copyright'), copyrightText(projectRoot, inside(library)));
  put(inside('usr/share/doc/buletin/changelog.gz'), gzipSync(changelog(version, epoch), { level: 9 }));

  const files = filesUnder(tree);
  const bytes = files.reduce((sum, file) => sum + statSync(inside(file)).size, 0);
  put(inside('DEBIAN/control'), controlFile(version, arch, Math.ceil(bytes / 1_024)));
  put(inside('DEBIAN/md5sums'), files.map((file) => `${md5(inside(file))}  ${file}\n`).join(''));
  folders(tree);

  mkdirSync(outDir, { recursive: true });
  const file = path.join(outDir, `buletin_${version}_${debianArchitectures[arch]}.deb`);
  const compression = options.compression === 'none' ? ['-Znone'] : ['-Zxz'];
  const run = spawnSync('dpkg-deb', ['--root-owner-group', ...compression, '--build', tree, file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
  });
  if (run.status !== 0) throw new Error(`dpkg-deb: ${run.error?.message ?? run.stderr}`);
  return { file, tree, program };
}

function changelog(version: string, epoch: number): string {
  const date = new Date(epoch * 1_000).toUTCString().replace('GMT', '+0000');
  return `buletin (${version}) unstable; urgency=medium\n\n  * See the project's history.\n\n -- Buletin <packages@buletin.invalid>  ${date}\n`;
}

/** Regular files below a folder, from it, with slashes; without the package's own folder. */
function filesUnder(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(tree, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('DEBIAN/'))
    .sort();
}

/** Whatever the mask of whoever builds. */
function folders(tree: string): void {
  chmodSync(tree, 0o755);
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(path.join(entry.parentPath, entry.name), 0o755);
  }
}

function md5(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

function put(file: string, content: string | Uint8Array): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, 0o644);
}
