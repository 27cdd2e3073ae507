import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadNativeAddon } from '../../../electron/engine/readers/native-addon.ts';
import type { PcscReaderService } from '../../../electron/engine/readers/pcsc-service.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import { PrivatePcscd } from '../../rig/pcscd.ts';
import { VirtualReader } from '../../rig/virtual-reader.ts';
import { ForeignClient, holdCard } from '../../rig/winscard/foreign-client.ts';
import { needs } from '../../run/needs.ts';
import { cycleCards, restartService } from './endurance.ts';
import { PcscRig } from './pcsc-rig.ts';
import { SlowEchoCard, slowCommand } from './slow-echo-card.ts';
import { failureCode, rejection, until, untilReader } from './waiting.ts';

const select = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);
const ok = Uint8Array.of(0x90, 0x00);

describe.skipIf(!needs('pcscd'))('PC/SC service on a real pcscd', () => {
  // libpcsclite reads the service's address once per process: one rig for all, each test leaves it running and its readers empty.
  let rig: PcscRig;
  let service: PcscReaderService;

  beforeEach(async () => {
    rig ??= await PcscRig.start(2);
    service = rig.service();
  });
  afterEach(async () => {
    for (const reader of rig.readers) reader.remove();
    // The next test must not meet the card of this one.
    if (rig.pcscd.running)
      await until(service, ({ readers }) => readers.every(({ state }) => state === 'empty'));
    await service.close();
  });

  const present = (index = 0) => untilReader(service, rig.reader(index).pcscName, 'present');

  describe('comes and goes', () => {
    it('absent at start, then there', async () => {
      await rig.pcscd.stop();
      await service.start();
      expect(service.snapshot).toMatchObject({
        service: 'absent',
        readers: [],
        failure: { code: 'service-absent' },
      });
      expect(await failureCode(service.connect('Any Reader'))).toBe('service-absent');
      await rig.pcscd.restart();
      const running = await until(service, (snapshot) => snapshot.service === 'running');
      expect(running.failure).toBeUndefined();
      expect((await until(service, ({ readers }) => readers.length === 2)).service).toBe('running');
    });

    it('killed while an APDU is under way: everybody is told, nobody hangs', async () => {
      await service.start();
      const card = new SlowEchoCard();
      rig.reader().insert(card);
      await present();
      const channel = await service.connect(rig.reader().pcscName);
      const begins = card.nextBegins();
      const answer = failureCode(channel.transmit(slowCommand(3_000)));
      await begins;
      await rig.pcscd.kill();
      expect(await answer).toBe('service-stopped');
      expect(await channel.gone).toBe('service-stopped');
      await until(service, (snapshot) => snapshot.service === 'stopped');
      expect(await failureCode(service.connect(rig.reader().pcscName))).toBe('service-stopped');
      await rig.pcscd.restart();
      await present();
      expect(await (await service.connect(rig.reader().pcscName)).transmit(select)).toEqual(ok);
    });

    it('left its socket behind: stopped, not absent, also to one who starts only now', async () => {
      await rig.pcscd.kill();
      await service.start();
      expect(service.snapshot.service).toBe('stopped');
      await rig.pcscd.restart();
      expect((await until(service, (snapshot) => snapshot.service === 'running')).failure).toBeUndefined();
    });

    it('takes connections and does not answer: start and connect end all the same', async () => {
      rig.pcscd.suspend();
      try {
        await service.start();
        expect(service.snapshot).toMatchObject({ service: 'stopped', failure: { code: 'service-stopped' } });
        expect(await failureCode(service.connect(rig.reader().pcscName))).toBe('service-stopped');
      } finally {
        rig.pcscd.resume();
      }
      await until(service, (snapshot) => snapshot.service === 'running');
    });

    it('falls silent later: connecting ends', async () => {
      await service.start();
      rig.pcscd.suspend();
      try {
        const failure = await rejection(service.connect(rig.reader().pcscName));
        expect(failure).toMatchObject({ code: 'service-stopped', detail: 'the service does not answer' });
      } finally {
        rig.pcscd.resume();
      }
    });

    it.skipIf(!needs('unprivileged'))('refuses this user', async () => {
      rig.pcscd.refuseAccess();
      try {
        await service.start();
        expect(service.snapshot).toMatchObject({ service: 'refused', failure: { code: 'service-refused' } });
        expect(await failureCode(service.connect(rig.reader().pcscName))).toBe('service-refused');
      } finally {
        rig.pcscd.allowAccess();
      }
      await until(service, (snapshot) => snapshot.service === 'running');
    });

    it('again and again', async () => {
      await service.start();
      expect(await restartService(service, rig, 5)).toEqual({ restarts: 5, channelsTold: 5 });
    });
  });

  describe('never blocks', () => {
    it('the event loop or the files of others while seven cards take their time', async () => {
      await service.start();
      const card = new SlowEchoCard();
      rig.reader().insert(card);
      await present();
      const name = rig.reader().pcscName;
      const channels = await Promise.all(Array.from({ length: 7 }, () => service.connect(name)));
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const begins = card.nextBegins();
      const answers = channels.map((channel) => failureCode(channel.transmit(slowCommand(1_000))));
      await begins;
      // The thread pool is Node's own: files are read meanwhile.
      expect((await readFile(import.meta.filename)).length).toBeGreaterThan(0);
      expect(card.answered).toBe(0);
      const closing = Promise.all(channels.map((channel) => channel.close()));
      const turns = await new Promise<number>((resolve) => {
        let count = 0;
        const timer = setInterval(() => {
          if (++count < 10) return;
          clearInterval(timer);
          resolve(count);
        }, 5);
      });
      expect(turns).toBe(10);
      expect(card.answered).toBe(0);
      await closing;
      delay.disable();
      expect(await Promise.all(answers)).toEqual(Array.from({ length: 7 }, () => 'cancelled'));
      // Nanoseconds. A blocked loop would show the card's whole second; a busy machine shows some of it.
      expect(delay.max).toBeLessThan(700e6);
    });

    it('one reader because of another', async () => {
      await service.start();
      const slow = new SlowEchoCard();
      rig.reader(0).insert(slow);
      rig.reader(1).insert(new EchoCard());
      await Promise.all([present(0), present(1)]);
      const first = await service.connect(rig.reader(0).pcscName);
      const second = await service.connect(rig.reader(1).pcscName);
      const begins = slow.nextBegins();
      const answer = first.transmit(slowCommand(800));
      await begins;
      for (let index = 0; index < 20; index++) expect(await second.transmit(select)).toEqual(ok);
      rig.reader(1).remove();
      expect(await second.gone).toBe('removed');
      expect(slow.answered).toBe(0);
      expect(await answer).toEqual(ok);
    });

    it('another program by openings that nobody waits for any more', async () => {
      await service.start();
      rig.reader().insert(new EchoCard());
      await present();
      const name = rig.reader().pcscName;
      const hold = await holdCard(rig.pcscd, name, 'transaction', 10_000);
      const codes = [];
      for (let index = 0; index < 3; index++) {
        codes.push(await failureCode(service.connect(name, { timeoutMs: 50 })));
      }
      expect(codes).toEqual(['reader-held', 'reader-held', 'reader-held']);
      await hold.release();
      // What was opened late was let go: the whole card can be had by another program.
      await using foreign = new ForeignClient(rig.pcscd);
      let exclusive = await rejectionOrNothing(foreign.connect(name, 'exclusive'));
      for (let tries = 0; exclusive && tries < 100; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        exclusive = await rejectionOrNothing(foreign.connect(name, 'exclusive'));
      }
      expect(exclusive).toBeUndefined();
    });

    it('another program by a transaction that we gave up waiting for', async () => {
      await service.start();
      rig.reader().insert(new EchoCard());
      await present();
      const name = rig.reader().pcscName;
      const channel = await service.connect(name);
      const hold = await holdCard(rig.pcscd, name, 'transaction', 10_000);
      expect(await failureCode(channel.transaction(async () => 1))).toBe('reader-held');
      await hold.release();
      const next = await holdCard(rig.pcscd, name, 'transaction', 10);
      await next.released;
      expect(await channel.transaction(() => channel.transmit(select))).toEqual(ok);
    });
  });

  describe('cards', () => {
    it.each(['before', 'during', 'after'] as const)(
      'pulled %s an APDU: a removal, whatever the driver says',
      async (pull) => {
        await service.start();
        const reader = rig.reader();
        reader.insert(new EchoCard());
        await present();
        const channel = await service.connect(reader.pcscName);
        reader.onApdu = () => ({ pull });
        const first = pull === 'after' ? await channel.transmit(select) : undefined;
        expect(first).toEqual(pull === 'after' ? ok : undefined);
        expect(await failureCode(channel.transmit(select))).toBe('card-removed');
        expect(await channel.gone).toBe('removed');
        reader.onApdu = undefined;
      },
    );

    it('come and go 200 times, and none is missed', async () => {
      await service.start();
      expect(await cycleCards(service, rig.reader(), 200)).toEqual({
        insertions: 200,
        removals: 200,
        counted: 400,
      });
    });

    it('are swapped 50 times as fast as the driver can, and each is counted', async () => {
      await service.start();
      const name = rig.reader().pcscName;
      const before = (await untilReader(service, name, 'empty')).generation;
      let swaps = 0;
      for (; swaps < 50; swaps++) {
        rig.reader().insert(new EchoCard());
        await untilReader(service, name, 'present', before + 2 * swaps);
      }
      expect((await present()).generation).toBe(before + 2 * swaps - 1);
    });
  });

  describe('readers', () => {
    it('that come and go are told of (pcscd is restarted for that)', async () => {
      await service.start();
      const third = await VirtualReader.open('Buletin Virtual C');
      await rig.pcscd.restart(...rig.readers, third);
      const names = (await until(service, ({ readers }) => readers.length === 3)).readers.map(
        ({ name }) => name,
      );
      expect(names).toEqual([
        'Buletin Virtual A 00 00',
        'Buletin Virtual B 01 00',
        'Buletin Virtual C 02 00',
      ]);
      await rig.pcscd.restart(...rig.readers);
      await until(service, ({ readers }) => readers.length === 2);
      await third.close();
    });

    it('answer control codes, such as the features of PC/SC part 10', async () => {
      // CM_IOCTL_GET_FEATURE_REQUEST: 3400.
      const code = loadNativeAddon().controlCode(3400);
      expect(code).toBe(process.platform === 'win32' ? 0x0031_3520 : 0x4200_0d48);
      const features = await VirtualReader.open('Buletin Virtual PIN pad', {
        features: {
          control: async (asked, input) =>
            asked === 0x4200_0d48 ? Uint8Array.of(0x06, 0x04, 0x42, 0x33, 0x00, 0x06, ...input) : undefined,
        },
      });
      features.insert(new EchoCard());
      await rig.pcscd.restart(...rig.readers, features);
      await service.start();
      await untilReader(service, features.pcscName, 'present');
      const channel = await service.connect(features.pcscName);
      expect(await channel.control(code, Uint8Array.of(7))).toEqual(
        Uint8Array.of(0x06, 0x04, 0x42, 0x33, 0x00, 0x06, 0x07),
      );
      await rig.pcscd.restart(...rig.readers);
      await until(service, ({ readers }) => readers.length === 2);
      await features.close();
    });
  });

  it('and its pcscd are put away', async () => {
    await rig.dispose();
    expect(rig.pcscd).toBeInstanceOf(PrivatePcscd);
    expect(rig.pcscd.running).toBe(false);
  });
});

async function rejectionOrNothing(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
