import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cargoProblem, libraryFile, nativeParts, programFile } from '../../build/native-parts.ts';
import { needs } from '../run/needs.ts';

describe('what cargo printed, in words', () => {
  it.each([
    ['error: package `napi v3.16.1` cannot be built because it requires rustc 1.88 or newer', 'too old'],
    ['error: the lock file native/Cargo.lock needs to be updated but --locked was passed', 'Cargo.lock'],
    ['error: failed to get `pcsc` as a dependency\n  Could not resolve host: index.crates.io', 'cargo fetch'],
    ['error: attempting to make an HTTP request, but --offline was specified', 'cargo fetch'],
    ['error: linker `cc` not found', 'C compiler'],
    ['error: could not write: No space left on device (os error 28)', 'disk is full'],
    ['error[E0308]: mismatched types', 'its own message is above'],
  ])('%s', (printed, words) => {
    expect(cargoProblem(printed)).toContain(words);
  });
});

describe('native parts', () => {
  it('lie where the loader looks for them', () => {
    expect(nativeParts('linux', 'arm64').map(({ output }) => output)).toContain(
      'native/pcsc/buletin-pcsc.linux-arm64.node',
    );
    expect(nativeParts('darwin', 'arm64').map(({ output }) => output)).toContain(
      'native/module-host/buletin-module-host.darwin-arm64',
    );
    expect(programFile('buletin-module-host', 'win32')).toBe('buletin-module-host.exe');
    expect(programFile('buletin-module-host', 'linux')).toBe('buletin-module-host');
    expect(libraryFile('buletin-pcsc', 'linux')).toBe('libbuletin_pcsc.so');
    expect(libraryFile('buletin-pcsc', 'win32')).toBe('buletin_pcsc.dll');
    expect(libraryFile('buletin-pcsc', 'darwin')).toBe('libbuletin_pcsc.dylib');
  });
});

describe('native parts for 64-bit Windows', () => {
  it('have a module host for 32-bit modules beside the other', () => {
    const hosts = nativeParts('win32', 'x64').filter(({ crate }) => crate === 'buletin-module-host');
    expect(hosts.map(({ output, target }) => [output, target])).toEqual([
      ['native/module-host/buletin-module-host.win32-x64.exe', undefined],
      ['native/module-host/buletin-module-host.win32-ia32.exe', 'i686-pc-windows-msvc'],
    ]);
  });
});

describe.skipIf(!needs('linux'))('npm run build:native', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'build-native-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A command of this name that prints and exits as told. */
  function command(name: string, printed: string, exit: number): void {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "${printed}" >&2\nexit ${exit}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  function build(): { status: number | null; told: string } {
    const script = join(import.meta.dirname, '..', '..', 'build', 'native.ts');
    const env = { PATH: folder, CARGO_HOME: join(folder, 'cargo-home'), HOME: folder };
    const { status, stderr } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
    return { status, told: stderr };
  }

  it('says how to get Rust when there is no cargo', () => {
    const { status, told } = build();
    expect(status).toBe(1);
    expect(told).toContain('Rust is not installed');
    expect(told).toContain('--sandbox');
  });

  it('says which package to install when the PC/SC library is missing', () => {
    command('cargo', 'asked: $*', 99);
    command('pkg-config', 'Package libpcsclite was not found', 1);
    const { status, told } = build();
    expect(status).toBe(1);
    expect(told).toContain('apt-get install pkgconf libpcsclite-dev');
    expect(told).not.toMatch(/asked: .*buletin-pcsc/);
    // What needs no such library is built all the same.
    expect(told).toMatch(/asked: .*buletin-module-host/);
  });

  it('explains a failing cargo after its own message', () => {
    command('cargo', 'error: failed to download from the registry', 101);
    command('pkg-config', '', 0);
    const { status, told } = build();
    expect(status).toBe(1);
    expect(told).toContain('error: failed to download from the registry');
    expect(told).toContain('cargo fetch --locked');
  });
});
