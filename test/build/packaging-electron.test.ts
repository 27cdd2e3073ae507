import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { api, utils } from '@electron-forge/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildElectron } from '../../build/electron.ts';
import { applicationId, executableName, forgeConfig, productName } from '../../build/packaging/forge.ts';
import { findInstallation } from '../../electron/shell/electron/installation.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { needs } from '../run/needs.ts';
import { fuseSentinel, writeStubElectron } from './stub-electron.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const electronVersion = '45.4.1';
const folder = makeScratchFolder();
const project = path.join(folder, 'project');
let packaged = '';
const archive = () => path.join(packaged, 'resources', 'app.asar');
const program = (...parts: string[]) => path.join(packaged, 'resources', 'program', ...parts);

/** Forge, its hooks and its fuses as in `forge.config.ts`, on a stub of Electron and pages of three files. */
describe.skipIf(!needs('linux'))("Electron's application", () => {
  beforeAll(async () => {
    const zips = path.join(folder, 'zips');
    writeStubElectron(zips, electronVersion, process.arch);
    mkdirSync(path.join(project, 'out', 'window', 'assets'), { recursive: true });
    cpSync(path.join(root, 'package.json'), path.join(project, 'package.json'));
    writeFileSync(path.join(project, 'out', 'window', 'index.html'), '<!doctype html>');
    writeFileSync(path.join(project, 'out', 'window', 'pin.html'), '<!doctype html>');
    writeFileSync(path.join(project, 'out', 'window', 'assets', 'main-1.js'), 'export {};');
    for (const stray of [
      'out/gallery/index.html',
      'test/a.test.ts',
      '.env',
      'electron/main.ts',
      'out/x.log',
    ]) {
      mkdirSync(path.dirname(path.join(project, stray)), { recursive: true });
      writeFileSync(path.join(project, stray), 'not for people');
    }
    await buildElectron(path.join(project, 'out', 'electron'));
    const config = forgeConfig({ application: project, work: path.join(folder, 'work'), electronZips: zips });
    utils.registerForgeConfigForDirectory(project, config);
    const [result] = await api.package({
      dir: project,
      interactive: false,
      platform: 'linux',
      arch: process.arch === 'arm64' ? 'arm64' : 'x64',
      outDir: path.join(folder, 'packaged'),
    });
    packaged = result?.packagedPath ?? '';
  }, 180_000);
  afterAll(() => removeScratchFolder(folder));

  it('has an archive with the pages, two entry points and a manifest, and nothing else', () => {
    const files = listPackage(archive(), { isPack: false })
      .map((file) => file.split(path.sep).join('/'))
      .sort();
    expect(files).toEqual([
      '/out',
      '/out/electron',
      '/out/electron/main.js',
      '/out/electron/preload.cjs',
      '/out/window',
      '/out/window/assets',
      '/out/window/assets/main-1.js',
      '/out/window/index.html',
      '/out/window/pin.html',
      '/package.json',
    ]);
    expect(JSON.parse(extractFile(archive(), 'package.json').toString())).toEqual({
      name: 'buletin',
      productName: 'Buletin',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      description: expect.any(String),
      license: 'MIT',
      type: 'module',
      main: 'out/electron/main.js',
    });
    expect(readdirSync(path.join(packaged, 'resources')).sort()).toEqual(['app.asar', 'program']);
  });

  it('has entry points that need nothing but Electron and Node', () => {
    const main = extractFile(archive(), 'out/electron/main.js').toString();
    const named = [...main.matchAll(/^\s*import\b[^'"]*["']([^'"]+)["']/gm)].map((match) => match[1] ?? '');
    expect(named).toContain('electron');
    expect(named.filter((name) => name !== 'electron' && !isBuiltin(name))).toEqual([]);
    expect(main).not.toMatch(/\brequire\(|\bimport\(/);
    const preload = extractFile(archive(), 'out/electron/preload.cjs').toString();
    expect([...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map((match) => match[1])).toEqual([
      'electron',
    ]);
    expect(preload).not.toMatch(/^\s*import\b/m);
  });

  it('has all fuses set', () => {
    const binary = readFileSync(path.join(packaged, 'buletin-window')).toString('latin1');
    const at = binary.indexOf(fuseSentinel) + fuseSentinel.length + 2;
    expect(
      Object.fromEntries([...binary.slice(at, at + 9)].map((state, fuse) => [fuseNames[fuse], state])),
    ).toEqual({
      RunAsNode: '0',
      EnableCookieEncryption: '1',
      EnableNodeOptionsEnvironmentVariable: '0',
      EnableNodeCliInspectArguments: '0',
      EnableEmbeddedAsarIntegrityValidation: '1',
      OnlyLoadAppFromAsar: '1',
      LoadBrowserProcessSpecificV8Snapshot: '0',
      GrantFileProtocolExtraPrivileges: '0',
      WasmTrapHandlers: '1',
    });
  });

  it('has the program beside the archive, with its own Node, where the host looks for it', () => {
    const application = path.join(folder, 'unpacked');
    mkdirSync(application);
    // Plain Node reads no archives; of the manifest only the version matters.
    writeFileSync(path.join(application, 'package.json'), extractFile(archive(), 'package.json'));
    const found = findInstallation({
      application,
      resources: path.join(packaged, 'resources'),
      packaged: true,
      platform: 'linux',
      environment: {},
    });
    expect(found.program.node).toBe(program('runtime', 'node'));
    expect(execFileSync(found.program.node, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
    rmSync(application, { recursive: true });
  });

  it('has a program that runs in training mode from where it lies', () => {
    const printed = execFileSync(
      program('runtime', 'node'),
      [program('electron', 'cli', 'main.ts'), 'demo', '--json', '--own'],
      { encoding: 'utf8', env: { HOME: folder, LANG: 'C' }, cwd: '/' },
    );
    const { demo } = JSON.parse(printed) as {
      demo: { simulated: boolean; steps: unknown[]; data: unknown[] };
    };
    expect(demo.simulated).toBe(true);
    expect(demo.steps.length).toBeGreaterThan(5);
    expect(demo.data.length).toBeGreaterThan(0);
  }, 120_000);

  it.skipIf(!needs('native-pcsc'))('has a PC/SC addon that its Node loads', () => {
    const addon = program('native', 'pcsc', `buletin-pcsc.${process.platform}-${process.arch}.node`);
    const printed = execFileSync(
      program('runtime', 'node'),
      ['-p', `typeof require(${JSON.stringify(addon)}).watchReaders`],
      { encoding: 'utf8' },
    );
    expect(printed.trim()).toBe('function');
  });

  it.skipIf(!needs('module-host'))('has the program that PKCS#11 modules run in', () => {
    const host = program('native', 'module-host', `buletin-module-host.${process.platform}-${process.arch}`);
    const bytes = readFileSync(host);
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
    // It waits for its first message, and ends when its input does.
    const { error, signal } = spawnSync(host, ['/nowhere.so'], { input: '', timeout: 10_000 });
    expect({ error, signal }).toEqual({ error: undefined, signal: null });
  });

  it('has no tests, no window sources, no build tools and no host in the program', () => {
    const files = readdirSync(program(), { recursive: true, encoding: 'utf8' });
    const own = files.filter((file) => !file.startsWith('node_modules'));
    expect(own).toContain(path.join('electron', 'sandbox', 'portal', 'openapi.json'));
    expect(
      own.filter((file) =>
        /\.test\.|\.tsx$|\.d\.ts$|^test|^build|^electron\/(shell|main|preload)/.test(file),
      ),
    ).toEqual([]);
    const packages = files
      .filter((file) => /^node_modules\/(@[^/]+\/)?[^@/]+$/.test(file))
      .map((file) => file.slice('node_modules/'.length));
    expect(packages).toEqual(expect.arrayContaining(['zod', 'undici', 'fastify']));
    const forBuilders = ['electron', 'vite', 'vitest', 'typescript', 'react', 'react-dom', 'pdfjs-dist'];
    expect(packages.filter((name) => forBuilders.includes(name) || name.startsWith('node-'))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
  });
});

describe('the installers', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

  it('say the same as the application and as package.json', () => {
    const config = read('build/packaging/installers/electron-builder.json');
    expect(config).toMatchObject({
      appId: applicationId,
      productName,
      electronVersion,
      publish: null,
      win: { target: ['nsis'], executableName },
      mac: { target: ['dmg'] },
      linux: { target: ['deb', 'AppImage'], executableName },
    });
    expect(read('package.json')).toMatchObject({ devDependencies: { electron: electronVersion } });
  });

  it('are made by an electron-builder that is locked', () => {
    const manifest = read('build/packaging/installers/package.json') as {
      devDependencies: Record<string, string>;
    };
    expect(manifest.devDependencies).toEqual({
      'electron-builder': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(existsSync(path.join(root, 'build/packaging/installers/package-lock.json'))).toBe(true);
    expect(read('build/packaging/installers/package-lock.json')).toMatchObject({
      packages: {
        'node_modules/electron-builder': { version: manifest.devDependencies['electron-builder'] },
      },
    });
  });
});

/** In the order of Electron's fuse wire. */
const fuseNames = [
  'RunAsNode',
  'EnableCookieEncryption',
  'EnableNodeOptionsEnvironmentVariable',
  'EnableNodeCliInspectArguments',
  'EnableEmbeddedAsarIntegrityValidation',
  'OnlyLoadAppFromAsar',
  'LoadBrowserProcessSpecificV8Snapshot',
  'GrantFileProtocolExtraPrivileges',
  'WasmTrapHandlers',
];
