import { setTimeout as sleep } from 'node:timers/promises';
import { loadNativeAddon } from '../../electron/engine/readers/native-addon.ts';
import { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';

/**
 * A process that a test starts with a reader's name: it does something that could crash a native addon or keep
 * the process alive, and prints "ready" where the test has to act. What counts is how it ends.
 */
const [scenario, reader] = process.argv.slice(2) as [string, string];
const slow = Uint8Array.of(0x80, 0x40, 0x07, 0xd0);
const addon = loadNativeAddon();
const ready = (): void => console.log('ready');
const collect = globalThis.gc as () => void;

async function openedCard() {
  let thread: ReturnType<typeof addon.openCard> | undefined;
  await new Promise<void>((resolve, reject) => {
    thread = addon.openCard(reader, false, (id, code) => {
      if (id === 0) code === 0 ? resolve() : reject(new Error(`0x${code.toString(16)}`));
    });
  });
  return thread as NonNullable<typeof thread>;
}

const scenarios: Record<string, () => Promise<void>> = {
  /** process.exit while an APDU, a blocked connect and a watch are under way. */
  exit: async () => {
    addon.watchReaders(() => undefined);
    (await openedCard()).transmit(1, slow);
    await sleep(50);
    ready();
    process.exit(0);
  },
  /** The script ends with everything closed, though a thread is still stuck in an APDU. */
  end: async () => {
    const service = new PcscReaderService();
    await service.start();
    // The process before this one may have left pcscd with an APDU to finish.
    const channel = await service.connect(reader, { timeoutMs: 10_000 });
    channel.transmit(slow).catch(() => undefined);
    await sleep(50);
    await service.close();
    ready();
  },
  /** The script ends while an opening that was given up is still blocked by another program. */
  held: async () => {
    const service = new PcscReaderService();
    await service.start();
    const code = await service.connect(reader, { timeoutMs: 50 }).catch((failure) => failure.code);
    await service.close();
    console.log(code);
  },
  /** Cards and watches are dropped without closing, and collected; then once more after the service has died. */
  collected: async () => {
    for (let round = 0; round < 5; round++) {
      addon.watchReaders(() => undefined);
      (await openedCard()).transmit(1, Uint8Array.of(0x00, 0xa4, 0x00, 0x00));
    }
    collect();
    await sleep(50);
    let code = 0;
    addon.watchReaders((ended) => {
      code = ended;
    });
    await openedCard();
    ready();
    while (code === 0) await sleep(10);
    for (let round = 0; round < 10; round++) {
      collect();
      await sleep(10);
    }
    process.exit(0);
  },
  /** A worker thread is terminated while its card is at work. */
  worker: async () => {
    const { Worker } = await import('node:worker_threads');
    const source = `
      const { loadNativeAddon } = await import(${JSON.stringify(new URL('../../electron/engine/readers/native-addon.ts', import.meta.url).href)});
      const addon = loadNativeAddon();
      addon.watchReaders(() => undefined);
      const card = addon.openCard(${JSON.stringify(reader)}, false, (id) => {
        if (id !== 0) return;
        card.transmit(1, Uint8Array.of(0x80, 0x40, 0x00, 0x50));
        postMessage('at work');
      });
      const { parentPort } = await import('node:worker_threads');
      function postMessage(text) { parentPort.postMessage(text); }`;
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    }
    await sleep(200);
    ready();
    process.exit(0);
  },
};

await scenarios[scenario]?.();
