import { describe, expect, it } from 'vitest';
import { InProcessReader, InProcessReaderService } from '../../../electron/engine/readers/in-process.ts';
import type { SimulatedSlot } from '../../../electron/sandbox/cards/simulated-card.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import { readerServiceContract } from './contract.ts';
import type { ContractReader } from './contract-world.ts';
import { failureCode, until, untilReader } from './waiting.ts';

/** SCARD_ATTR_VENDOR_NAME. */
const vendorName = 0x1_0100;

class MuteCard extends EchoCard {
  constructor() {
    super(new Uint8Array(0));
  }
}

readerServiceContract('simulated in this process', true, async () => {
  const attributes = new Map([[vendorName, new TextEncoder().encode('Buletin')]]);
  const readers = ['Simulated A', 'Simulated B'].map((name): ContractReader => {
    const slot: SimulatedSlot & InProcessReader = new InProcessReader(name, { attributes });
    return { slot, name, insertMute: () => slot.insert(new MuteCard()) };
  }) as [ContractReader, ContractReader];
  const slots = readers.map(({ slot }) => slot as InProcessReader);
  let newest: InProcessReaderService | undefined;
  /** Another service on the same readers is another program. */
  const other = new InProcessReaderService(slots);
  return {
    readers,
    attribute: { id: vendorName, value: 'Buletin' },
    service: () => {
      newest = new InProcessReaderService(slots);
      return newest;
    },
    hold: async (reader, how, milliseconds) => {
      const channel = await other.connect(reader.name, {
        share: how === 'exclusive' ? 'exclusive' : 'shared',
      });
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const timer = setTimeout(release, milliseconds);
      const { promise: held, resolve: begun } = Promise.withResolvers<void>();
      const wait = async (): Promise<void> => {
        begun();
        await released;
      };
      const ended = (how === 'transaction' ? channel.transaction(wait) : wait()).then(() => channel.close());
      await held;
      return {
        release: async () => {
          clearTimeout(timer);
          release();
          await ended;
        },
      };
    },
    resetByOther: async (reader) => {
      await (await other.connect(reader.name)).close('reset');
    },
    stopService: async () => newest?.setServiceState('stopped'),
    startService: async () => newest?.setServiceState('running'),
    dispose: () => other.close(),
  };
});

describe('InProcessReaderService', () => {
  it('plugs and unplugs readers while it runs', async () => {
    const reader = new InProcessReader('First');
    reader.insert(new EchoCard());
    const service = new InProcessReaderService([reader]);
    await service.start();
    const channel = await service.connect('First');
    service.plug(new InProcessReader('Second'));
    await until(service, ({ readers }) => readers.length === 2);
    service.unplug('First');
    expect(await channel.gone).toBe('reader-removed');
    expect(await failureCode(channel.transmit(Uint8Array.of(0, 0xa4, 0, 0)))).toBe('reader-removed');
    expect((await until(service, ({ readers }) => readers.length === 1)).readers[0]?.name).toBe('Second');
    await service.close();
  });

  it.each([
    ['absent', 'service-absent'],
    ['refused', 'service-refused'],
  ] as const)('plays a service that is %s', async (state, code) => {
    const service = new InProcessReaderService([new InProcessReader('Reader')]);
    service.setServiceState(state);
    await service.start();
    expect(service.snapshot).toMatchObject({ service: state, readers: [], failure: { code } });
    expect(await failureCode(service.connect('Reader'))).toBe(code);
    await service.close();
  });

  it('answers control codes where the reader has a handler', async () => {
    const control = (code: number, input: Uint8Array) =>
      code === 7 ? Uint8Array.of(...input, 9) : undefined;
    const reader = new InProcessReader('Reader', { control });
    reader.insert(new EchoCard());
    const service = new InProcessReaderService([reader]);
    const channel = await service.connect('Reader');
    expect(await channel.control(7, Uint8Array.of(1, 2))).toEqual(Uint8Array.of(1, 2, 9));
    expect(await failureCode(channel.control(8, Uint8Array.of()))).toBe('reader-fault');
    await service.close();
  });

  it('zeroes its copy of the command once the card has answered', async () => {
    const seen: Uint8Array[] = [];
    const card = new EchoCard();
    const reader = new InProcessReader('Reader');
    reader.insert({
      atr: card.atr,
      reset: () => card.reset(),
      transmit: (command) => {
        seen.push(command);
        return card.transmit(command);
      },
    });
    const service = new InProcessReaderService([reader]);
    const channel = await service.connect('Reader');
    await channel.transmit(Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x04, 0x31, 0x32, 0x33, 0x34));
    expect(seen).toEqual([new Uint8Array(9)]);
    await service.close();
  });

  it('tells of each card of a hundred swaps', async () => {
    const reader = new InProcessReader('Reader');
    const service = new InProcessReaderService([reader]);
    await service.start();
    for (let swap = 0; swap < 100; swap++) {
      reader.insert(new EchoCard());
      if (swap % 3 === 0) await untilReader(service, 'Reader', 'present');
    }
    const last = await untilReader(service, 'Reader', 'present', 198);
    // 100 insertions, and 99 removals before the next card.
    expect(last.generation).toBe(199);
    await service.close();
  });
});
