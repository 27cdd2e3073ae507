import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';
import { cycleCards, restartService } from '../engine/readers/endurance.ts';
import { PcscRig } from '../engine/readers/pcsc-rig.ts';
import { until, untilReader } from '../engine/readers/waiting.ts';
import { EchoCard } from '../rig/echo-card.ts';
import { needs } from '../run/needs.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What this process holds: resident bytes after collection, open files, threads. */
async function holdings() {
  for (let round = 0; round < 3; round++) {
    collect();
    await sleep(50);
  }
  const count = (folder: string): number => readdirSync(`/proc/self/${folder}`).length;
  return { rss: process.memoryUsage().rss, files: count('fd'), threads: count('task') };
}

describe.skipIf(!needs('pcscd'))('readers for a long time', () => {
  let rig: PcscRig;
  let service: PcscReaderService;

  beforeEach(async () => {
    rig ??= await PcscRig.start(1);
    service = rig.service();
    await service.start();
  });
  afterEach(async () => {
    rig.reader().remove();
    if (rig.pcscd.running)
      await until(service, ({ readers }) => readers.every(({ state }) => state === 'empty'));
    await service.close();
  });

  it('1,000 insertions and removals: none missed, none false, nothing kept', async () => {
    await cycleCards(service, rig.reader(), 300);
    const before = await holdings();
    expect(await cycleCards(service, rig.reader(), 1_000)).toEqual({
      insertions: 1_000,
      removals: 1_000,
      counted: 2_000,
    });
    const after = await holdings();
    expect(after.rss - before.rss).toBeLessThan(5 * 1024 * 1024);
    expect(after.files).toBe(before.files);
    expect(after.threads).toBe(before.threads);
  });

  it('1,000 channels opened, used, pulled or closed: threads and files come back', async () => {
    const reader = rig.reader();
    const use = async (times: number): Promise<void> => {
      for (let index = 0; index < times; index++) {
        const generation = (await untilReader(service, reader.pcscName, 'empty')).generation;
        reader.insert(new EchoCard());
        await untilReader(service, reader.pcscName, 'present', generation);
        const channel = await service.connect(reader.pcscName);
        await channel.transaction(() => channel.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x00)));
        if (index % 2 === 0) await channel.close();
        reader.remove();
        await channel.gone;
        await channel.close();
      }
    };
    // The memory of threads reaches its height slowly, and stays there.
    await use(1_500);
    const before = await holdings();
    await use(1_000);
    const after = await holdings();
    expect(after.rss - before.rss).toBeLessThan(5 * 1024 * 1024);
    expect(after.files).toBe(before.files);
    expect(after.threads).toBe(before.threads);
  });

  it('50 restarts of pcscd: told each time, ready each time, nothing kept', async () => {
    await restartService(service, rig, 10);
    const before = await holdings();
    expect(await restartService(service, rig, 50)).toEqual({ restarts: 50, channelsTold: 50 });
    const after = await holdings();
    expect(after.rss - before.rss).toBeLessThan(5 * 1024 * 1024);
    expect(after.files).toBe(before.files);
    expect(after.threads).toBe(before.threads);
  });

  it('are put away', async () => {
    await rig.dispose();
    expect(rig.pcscd.running).toBe(false);
  });
});
