import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  loadingFailure,
  loadNativeAddon,
  nativeAddonPath,
} from '../../electron/engine/readers/native-addon.ts';
import { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';
import { SlowEchoCard } from '../engine/readers/slow-echo-card.ts';
import { failureCode } from '../engine/readers/waiting.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { holdCard } from '../rig/winscard/foreign-client.ts';
import { needs } from '../run/needs.ts';

describe('loading the addon', () => {
  it('says that it is missing when it was not built', async () => {
    const missing = join(tmpdir(), 'no-such-addon.node');
    expect(() => loadNativeAddon(missing)).toThrow(expect.objectContaining({ code: 'native-missing' }));
    const service = new PcscReaderService({ load: () => loadNativeAddon(missing) });
    expect(await failureCode(service.start())).toBe('native-missing');
    expect(await failureCode(service.connect('Any Reader'))).toBe('native-missing');
    expect(service.snapshot).toMatchObject({ service: 'absent', failure: { code: 'native-missing' } });
    await service.close();
  });

  it('says that it is missing when the file is no addon', () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-addon-'));
    writeFileSync(join(folder, 'broken.node'), 'not an addon');
    expect(() => loadNativeAddon(join(folder, 'broken.node'))).toThrow(
      expect.objectContaining({ code: 'native-missing', parameters: { file: 'broken.node' } }),
    );
    rmSync(folder, { recursive: true });
  });

  it('takes a system without the PC/SC library for one without the service', async () => {
    // What the loader of glibc, and that of musl, say.
    const glibc = new Error('libpcsclite.so.1: cannot open shared object file: No such file or directory');
    expect(loadingFailure(glibc, 'x.node').code).toBe('service-absent');
    const other = new Error('libgcc_s.so.1: cannot open shared object file: No such file or directory');
    expect(loadingFailure(other, 'x.node').code).toBe('native-missing');
    const service = new PcscReaderService({
      load: () => {
        throw loadingFailure(glibc, 'x.node');
      },
    });
    await service.start();
    expect(service.snapshot).toMatchObject({ service: 'absent', failure: { code: 'service-absent' } });
    await service.close();
  });
});

describe.skipIf(!needs('native-pcsc'))('the addon', () => {
  it('needs nothing of Node but Node-API', () => {
    // Symbols of V8 or of Node's own C++ would bind it to one version.
    expect(readFileSync(nativeAddonPath()).includes('_ZN2v8')).toBe(false);
    expect(readFileSync(nativeAddonPath()).includes('_ZN4node')).toBe(false);
    const addon = createRequire(import.meta.url)(nativeAddonPath()) as Record<string, unknown>;
    expect(Object.keys(addon).sort()).toEqual([
      'CardThread',
      'ReaderWatch',
      'controlCode',
      'lookAtReader',
      'openCard',
      'watchReaders',
    ]);
  });

  it('refuses a reader name that PC/SC cannot be asked for', () => {
    expect(() => loadNativeAddon().openCard('a\0b', false, () => undefined)).toThrow(/reader name/);
  });
});

describe.skipIf(!needs('pcscd'))('the addon in a process of its own', () => {
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;

  beforeAll(async () => {
    reader = await VirtualReader.open('Buletin Virtual');
    pcscd = await PrivatePcscd.start(reader);
    reader.insert(new SlowEchoCard());
  });
  afterAll(async () => {
    await pcscd.dispose();
    await reader.close();
  });

  /** Runs one scenario; `atReady` acts when it says so. Resolves with how it ended and what it printed. */
  async function run(scenario: string, atReady: () => Promise<void> = async () => {}) {
    const script = join(import.meta.dirname, 'addon-child.ts');
    const child = spawn(process.execPath, ['--expose-gc', script, scenario, reader.pcscName], {
      env: { ...process.env, ...pcscd.environment, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let complaint = '';
    child.stdout.on('data', (text) => {
      const first = printed === '';
      printed += text;
      if (first) void atReady();
    });
    child.stderr.on('data', (text) => {
      complaint += text;
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000);
    const ended = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
    clearTimeout(patience);
    return { ...ended, printed: printed.trim(), complaint };
  }

  it.each(['exit', 'end', 'worker'])('survives: %s', async (scenario) => {
    expect(await run(scenario)).toEqual({ code: 0, signal: null, printed: 'ready', complaint: '' });
  });

  it('does not keep the process alive by an opening that another program blocks', async () => {
    const hold = await holdCard(pcscd, reader.pcscName, 'transaction', 15_000);
    let over = false;
    void hold.released.then(() => {
      over = true;
    });
    expect(await run('held')).toEqual({ code: 0, signal: null, printed: 'reader-held', complaint: '' });
    expect(over).toBe(false);
    await hold.release();
  });

  it('is collected without a crash, also after the service has died', async () => {
    expect(await run('collected', () => pcscd.kill())).toEqual({
      code: 0,
      signal: null,
      printed: 'ready',
      complaint: '',
    });
    await pcscd.restart();
  });
});

describe('the build', () => {
  it('is not part of installing', () => {
    const manifest = createRequire(import.meta.url)('../../package.json') as {
      scripts: Record<string, string>;
    };
    expect(manifest.scripts['build:native']).toMatch(/native\.ts/);
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish']) {
      expect(manifest.scripts[name] ?? '').not.toMatch(/native|cargo/);
    }
    expect(existsSync(join(import.meta.dirname, '..', '..', 'native', 'Cargo.lock'))).toBe(true);
  });
});
