import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceReturn, serviceSocketPath } from '../../../electron/engine/readers/service-return.ts';

let folder: string;
let back: ServiceReturn | undefined;
let attempts: number;

beforeEach(() => {
  // The waits are played, the events of the file system are real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  folder = mkdtempSync(join(tmpdir(), 'service-return-'));
  attempts = 0;
});
afterEach(() => {
  back?.stop();
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** A service that stays away: each attempt fails. */
function absent(socketPath: string | undefined): void {
  back = new ServiceReturn(socketPath, () => {
    attempts++;
    back?.tryAgain();
  });
  back.tryAgain();
}

/** Lets attempts become rare: the next one is seconds away. */
function quiet(): void {
  vi.advanceTimersByTime(60_000);
  const before = attempts;
  while (attempts === before) vi.advanceTimersByTime(10);
}

/** Whether an event leads to an attempt well before the slow timer (5 s) could. */
async function attemptSoon(): Promise<boolean> {
  const before = attempts;
  for (let look = 0; look < 200 && attempts === before; look++) {
    await sleep(10);
    vi.advanceTimersByTime(10);
  }
  return attempts > before;
}

describe('the return of the service', () => {
  it('is tried at once when its socket appears', async () => {
    absent(join(folder, 'pcscd.comm'));
    quiet();
    writeFileSync(join(folder, 'pcscd.comm'), '');
    expect(await attemptSoon()).toBe(true);
  });

  it('is tried at once when the folders of its socket appear', async () => {
    absent(join(folder, 'run', 'pcscd', 'pcscd.comm'));
    quiet();
    mkdirSync(join(folder, 'run'));
    expect(await attemptSoon()).toBe(true);
    mkdirSync(join(folder, 'run', 'pcscd'));
    expect(await attemptSoon()).toBe(true);
    quiet();
    writeFileSync(join(folder, 'run', 'pcscd', 'pcscd.comm'), '');
    expect(await attemptSoon()).toBe(true);
  });

  it('is not tried for other files', async () => {
    absent(join(folder, 'pcscd.comm'));
    quiet();
    writeFileSync(join(folder, 'other'), '');
    expect(await attemptSoon()).toBe(false);
  });

  it('is tried twice a second where there is no event', async () => {
    absent(undefined);
    quiet();
    const before = attempts;
    vi.advanceTimersByTime(2_000);
    expect(attempts).toBe(before + 4);
  });

  it('is not tried after stopping', async () => {
    absent(join(folder, 'pcscd.comm'));
    back?.stop();
    writeFileSync(join(folder, 'pcscd.comm'), '');
    expect(await attemptSoon()).toBe(false);
  });

  it('has an address: the one given, the usual one, or none', () => {
    expect(serviceSocketPath('linux', { PCSCLITE_CSOCK_NAME: '/x/y' })).toBe('/x/y');
    expect(serviceSocketPath('linux', {})).toBe('/run/pcscd/pcscd.comm');
    expect(serviceSocketPath('darwin', { PCSCLITE_CSOCK_NAME: '/x/y' })).toBeUndefined();
    expect(serviceSocketPath('win32', {})).toBeUndefined();
  });
});
