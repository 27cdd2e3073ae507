import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import type { ReadersSnapshot } from '../../../electron/engine/readers/reader-service.ts';
import { FakeAddon } from './fake-addon.ts';
import { failureCode } from './waiting.ts';

const atr = Uint8Array.of(0x3b, 0x00);
const look = (count: number) => [{ name: 'R', flags: 0x20, count, atr }];
const commError = 0x80100013;
const noService = 0x8010001d;

/** The watch answers by hand here, and time is played: what a system service does that no test can arrange. */
describe('PcscReaderService, as the service comes and goes', () => {
  let addon: FakeAddon;
  let service: PcscReaderService;
  let told: ReadersSnapshot[];

  beforeEach(async () => {
    vi.useFakeTimers();
    addon = new FakeAddon();
    service = new PcscReaderService({ load: () => addon, socketPath: undefined });
    told = [];
    service.onChange((snapshot) => told.push(snapshot));
    const started = service.start();
    addon.watch.onLook(0, look(1));
    await started;
  });
  afterEach(async () => {
    vi.useRealTimers();
    await service.close();
  });

  it('does not alarm when an idle service leaves and comes back with the next call', async () => {
    vi.advanceTimersByTime(60_000);
    addon.watch.onLook(commError, null);
    expect(addon.watches).toHaveLength(2);
    // Whoever connects meanwhile waits for the outcome.
    const connecting = service.connect('R');
    addon.watch.onLook(0, look(0));
    await vi.waitFor(() => addon.card);
    addon.card.open(atr, 0);
    expect((await connecting).atr).toEqual(atr);
    expect(told.map((snapshot) => snapshot.service)).toEqual(['running', 'running']);
    // The card may be another one.
    expect(told.map(({ readers }) => readers[0]?.generation)).toEqual([1, 2]);
  });

  it('says at once that it stopped when it does not come back, and tries again later', async () => {
    vi.advanceTimersByTime(60_000);
    addon.watch.onLook(commError, null);
    const connecting = failureCode(service.connect('R'));
    addon.watch.onLook(noService, null);
    expect(await connecting).toBe('service-stopped');
    expect(service.snapshot).toMatchObject({ service: 'stopped', readers: [] });
    const tries = addon.watches.length;
    vi.advanceTimersByTime(20);
    expect(addon.watches).toHaveLength(tries + 1);
    addon.watch.onLook(0, look(0));
    expect(service.snapshot.service).toBe('running');
    vi.advanceTimersByTime(60_000);
    expect(addon.watches).toHaveLength(tries + 1);
  });

  it('does not spin on a service that leaves as soon as it is reached', async () => {
    for (let round = 0; round < 5; round++) {
      addon.watch.onLook(commError, null);
      vi.advanceTimersByTime(500);
      addon.watch.onLook(0, look(0));
    }
    expect(addon.watches).toHaveLength(6);
  });

  it('says after two seconds that it is silent, and goes on when it speaks', async () => {
    vi.advanceTimersByTime(60_000);
    addon.watch.onLook(commError, null);
    const connecting = failureCode(service.connect('R'));
    vi.advanceTimersByTime(2_000);
    expect(await connecting).toBe('service-stopped');
    expect(service.snapshot).toMatchObject({
      service: 'stopped',
      failure: { detail: 'the service does not answer' },
    });
    addon.watch.onLook(0, look(0));
    expect(service.snapshot.service).toBe('running');
  });

  it('ends a card that was swapped between connecting and the next look', async () => {
    const connecting = service.connect('R');
    await vi.waitFor(() => addon.card);
    addon.card.open(atr, 1);
    const channel = await connecting;
    let end: string | undefined;
    void channel.gone.then((reason) => {
      end = reason;
    });
    addon.watch.onLook(0, look(3));
    await vi.advanceTimersByTimeAsync(0);
    expect(end).toBe('removed');
  });

  it('keeps a card that was connected before the watch told of it', async () => {
    const connecting = service.connect('R');
    await vi.advanceTimersByTimeAsync(0);
    // The card of count 3 was connected; the watch still stands at 1, then catches up.
    addon.card.open(atr, 3);
    const channel = await connecting;
    let gone = false;
    void channel.gone.then(() => {
      gone = true;
    });
    addon.watch.onLook(0, look(2));
    addon.watch.onLook(0, look(3));
    await vi.advanceTimersByTimeAsync(0);
    expect(gone).toBe(false);
    addon.watch.onLook(0, look(4));
    expect(await channel.gone).toBe('removed');
  });

  it('hears nothing any more after closing', async () => {
    const { watch } = addon;
    await service.close();
    expect(watch.stopped).toBe(true);
    watch.onLook(0, look(9));
    watch.onLook(commError, null);
    expect(told).toHaveLength(1);
    expect(addon.watches).toHaveLength(1);
  });
});
