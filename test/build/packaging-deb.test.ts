import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDeb } from '../../build/packaging/deb.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { needs } from '../run/needs.ts';

const folder = makeScratchFolder();
const root = path.join(folder, 'root');
const installed = (...parts: string[]) => path.join(root, ...parts);
/** What a login shell gives, and nothing of npm's. */
const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, LANG: 'C' };
let deb = '';

/** The package's files belong to root: dpkg runs as one, of a namespace whose root is us. */
const asRoot = process.getuid?.() === 0 ? [] : ['unshare', '-Ur'];

/** Lines as of `tar -tv`. */
function contents(): string[] {
  const list = execFileSync('dpkg-deb', ['-c', deb], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return list.trim().split('\n');
}

function dpkg(...args: string[]): string {
  const [command, ...rest] = [...asRoot, 'dpkg', `--root=${root}`, '--log=/dev/null', ...args];
  const run = spawnSync(command as string, rest, { encoding: 'utf8', env: environment });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

/** dpkg-deb builds it, dpkg installs it into a root of its own, it runs from there, dpkg takes all of it away. */
describe.skipIf(!needs('dpkg') || !needs('namespaces'))('the Debian package', () => {
  beforeAll(() => {
    const pages = path.join(folder, 'pages');
    mkdirSync(pages);
    writeFileSync(path.join(pages, 'index.html'), '<!doctype html>');
    writeFileSync(path.join(pages, 'pin.html'), '<!doctype html>');
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    const built = buildDeb({
      arch,
      folder,
      outDir: folder,
      compression: 'none',
      epoch: 1_700_000_000,
      pages,
    });
    deb = built.file;
    for (const name of ['info', 'updates', 'triggers'])
      mkdirSync(installed('var/lib/dpkg', name), { recursive: true });
    writeFileSync(installed('var/lib/dpkg/status'), '');
    // What it depends on is not in that root; that the names are right is another test.
    dpkg('--force-depends', '-i', deb);
  }, 180_000);
  afterAll(() => removeScratchFolder(folder));

  it('is named and describes itself as Debian wants it', () => {
    const field = (name: string) => execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' }).trim();
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
    expect(path.basename(deb)).toBe(`buletin_${version}_${arch}.deb`);
    expect(field('Package')).toBe('buletin');
    expect(field('Version')).toBe(version);
    expect(field('Architecture')).toBe(arch);
    expect(field('Depends').split(', ')).toEqual(
      expect.arrayContaining(['chromium | chromium-browser', 'pcscd', 'libpcsclite1']),
    );
    expect(dpkg('-s', 'buletin')).toContain('Status: install ok installed');
  });

  it('belongs to root, is writable by nobody else, and runs nothing when it is installed', () => {
    const lines = contents();
    expect(lines.length).toBeGreaterThan(500);
    expect(lines.filter((line) => !/^(d|-|l)\S{9} root\/root /.test(line))).toEqual([]);
    expect(
      lines.filter((line) => !line.startsWith('l') && /^.(....w|.......w|..s|.....s)/.test(line)),
    ).toEqual([]);
    const control = path.join(folder, 'control');
    execFileSync('dpkg-deb', ['-e', deb, control]);
    expect(readdirSync(control).sort()).toEqual(['control', 'md5sums']);
  });

  it('keeps to the places that belong to it', () => {
    const names = contents()
      .map((line) => line.split(/\s+/)[5] ?? '')
      .filter((name) => name !== '' && !name.endsWith('/'));
    const elsewhere = names.filter((name) => !name.startsWith('./usr/lib/buletin/'));
    expect(elsewhere.sort()).toEqual([
      './usr/bin/buletin',
      './usr/bin/buletin-window',
      './usr/share/applications/buletin.desktop',
      './usr/share/doc/buletin/changelog.gz',
      './usr/share/doc/buletin/copyright',
      './usr/share/icons/hicolor/scalable/apps/buletin.svg',
    ]);
    const own = names.map((name) => name.slice('./usr/lib/buletin/'.length));
    expect(own).toEqual(
      expect.arrayContaining(['runtime/node', 'electron/shell/start.ts', 'out/window/pin.html']),
    );
    expect(
      own.filter((name) => /^(test|build|native\/target|renderer\/(?!locales))|\.test\.|\.map$/.test(name)),
    ).toEqual([]);
    expect(own.filter((name) => name.startsWith('electron/shell/electron/'))).toEqual([]);
    expect(
      own.filter((name) => /^node_modules\/(electron|vite|vitest|react|typescript|node-)/.test(name)),
    ).toEqual([]);
  });

  it('names the licence of every package in it', () => {
    const copyright = readFileSync(installed('usr/share/doc/buletin/copyright'), 'utf8');
    const modules = readdirSync(installed('usr/lib/buletin/node_modules'))
      .filter((name) => !name.startsWith('.') && !name.startsWith('@'))
      .sort();
    expect(modules.length).toBeGreaterThan(30);
    for (const name of modules)
      expect(copyright).toMatch(
        new RegExp(`^Files: usr/lib/buletin/node_modules/${name}/\\*\\nCopyright: .+\\nLicense: [A-Z0]`, 'm'),
      );
    expect(copyright).toContain('Permission is hereby granted');
  });

  it('has commands that run on the Node that came along', () => {
    expect(readlinkSync(installed('usr/bin/buletin'))).toBe('../lib/buletin/bin/buletin');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const run = (name: string, ...args: string[]) =>
      execFileSync(installed('usr/bin', name), args, { encoding: 'utf8', env: environment, cwd: '/' });
    expect(run('buletin', '--version').trim()).toBe(`buletin ${version}`);
    expect(run('buletin-window', '--version').trim()).toBe(version);
    const status = JSON.parse(run('buletin', 'status', '--sandbox', '--own', '--json')) as {
      token: { simulated: boolean };
    };
    expect(status.token.simulated).toBe(true);
  }, 60_000);

  it('does not let the environment put code into its Node', () => {
    const stray = path.join(folder, 'stray.cjs');
    writeFileSync(stray, "process.stdout.write('STRAY\\n');");
    const printed = execFileSync(installed('usr/bin/buletin'), ['--version'], {
      encoding: 'utf8',
      env: { ...environment, NODE_OPTIONS: `--require=${stray}` },
    });
    expect(printed).not.toContain('STRAY');
  });

  it('is the same package when it is built again', () => {
    const sums = (control: string) => readFileSync(path.join(folder, control, 'md5sums'), 'utf8');
    const again = path.join(folder, 'again');
    const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
    const pages = path.join(folder, 'pages');
    const { file } = buildDeb({
      arch,
      folder: again,
      outDir: again,
      compression: 'none',
      epoch: 1_700_000_000,
      pages,
    });
    execFileSync('dpkg-deb', ['-e', file, path.join(again, 'control')]);
    expect(sums('again/control')).toBe(sums('control'));
    // Says nothing and succeeds when two files are the same, byte for byte.
    expect(execFileSync('cmp', [file, deb], { encoding: 'utf8' })).toBe('');
  }, 120_000);

  it('leaves nothing behind when it is purged', () => {
    dpkg('--purge', 'buletin');
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('var'),
    );
    expect(left).toEqual([]);
  });
});
