import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReaderService } from '../../../electron/engine/readers/reader-service.ts';
import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import type { ContractReader, ContractWorld } from './contract-world.ts';
import { SlowEchoCard, slowCommand } from './slow-echo-card.ts';
import { failureCode, rejection, until, untilReader } from './waiting.ts';

/** A started service with a card in the first reader. */
interface WithCard<Card> {
  readonly service: ReaderService;
  readonly reader: ContractReader;
  readonly name: string;
  readonly card: Card;
}

const select = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);
const ok = Uint8Array.of(0x90, 0x00);
/** `80 30`: how many commands the card has had since it was reset. */
const commandsSinceReset = Uint8Array.of(0x80, 0x30, 0x00, 0x00);
const atrOfEchoCard = Uint8Array.of(0x3b, 0x84, 0x01, 0x45, 0x43, 0x48, 0x4f, 0x05);

/** What every ReaderService does. */
export function readerServiceContract(
  name: string,
  possible: boolean,
  makeWorld: () => Promise<ContractWorld>,
): void {
  describe.skipIf(!possible)(`ReaderService: ${name}`, () => {
    let world: ContractWorld;
    const open: ReaderService[] = [];

    beforeAll(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      for (const service of open.splice(0)) await service.close();
      for (const { slot } of world.readers) slot.remove();
    });
    afterAll(async () => {
      await world.dispose();
    });

    async function started(): Promise<ReaderService> {
      const service = world.service();
      open.push(service);
      await service.start();
      // What the last test pulled is seen.
      await until(service, ({ readers }) => readers.every(({ state }) => state === 'empty'));
      return service;
    }

    function withCard(): Promise<WithCard<EchoCard>>;
    function withCard<Card extends SimulatedCard>(card: Card): Promise<WithCard<Card>>;
    async function withCard(card: SimulatedCard = new EchoCard()): Promise<WithCard<SimulatedCard>> {
      const service = await started();
      const [reader] = world.readers;
      reader.slot.insert(card);
      await untilReader(service, reader.name, 'present');
      return { service, reader, card, name: reader.name };
    }

    describe('readers', () => {
      it('are known when start has resolved, in order, and said to be simulated', async () => {
        const service = await started();
        await service.start();
        expect(service.snapshot.service).toBe('running');
        expect(
          service.snapshot.readers.map(({ name: reader, state, simulated, atr }) => [
            reader,
            state,
            simulated,
            atr,
          ]),
        ).toEqual([
          [world.readers[0].name, 'empty', true, null],
          [world.readers[1].name, 'empty', true, null],
        ]);
      });

      it('tell of a card that comes and goes, each time with a new generation', async () => {
        const service = await started();
        const { slot, name: reader } = world.readers[1];
        const empty = await untilReader(service, reader, 'empty');
        slot.insert(new EchoCard());
        const present = await untilReader(service, reader, 'present');
        expect(present.atr).toEqual(atrOfEchoCard);
        expect(present.generation).toBe(empty.generation + 1);
        slot.remove();
        const gone = await untilReader(service, reader, 'empty', present.generation);
        expect(gone.atr).toBeNull();
        expect(gone.generation).toBe(present.generation + 1);
        expect(service.snapshot.readers[0]?.state).toBe('empty');
      });

      it('do not hide a quick swap: the generation grows by two', async () => {
        const { service, reader, name: readerName } = await withCard();
        const before = await untilReader(service, readerName, 'present');
        const channel = await service.connect(readerName);
        reader.slot.remove();
        reader.slot.insert(new EchoCard(Uint8Array.of(0x3b, 0x80, 0x01, 0x81)));
        expect(await channel.gone).toBe('removed');
        const after = await untilReader(service, readerName, 'present', before.generation + 1);
        expect(after.generation).toBe(before.generation + 2);
        expect(after.atr).toEqual(Uint8Array.of(0x3b, 0x80, 0x01, 0x81));
        expect(await failureCode(channel.transmit(select))).toBe('card-removed');
      });

      it('show a card that does not answer as mute', async () => {
        const service = await started();
        world.readers[0].insertMute();
        const mute = await untilReader(service, world.readers[0].name, 'mute');
        expect(mute.atr).toBeNull();
        expect(await failureCode(service.connect(mute.name))).toBe('card-mute');
      });

      it('are not told of to a listener that stopped', async () => {
        const service = await started();
        let calls = 0;
        const stop = service.onChange(() => calls++);
        stop();
        world.readers[0].slot.insert(new EchoCard());
        await untilReader(service, world.readers[0].name, 'present');
        expect(calls).toBe(0);
      });
    });

    describe('connecting', () => {
      it('is refused where there is no card, and no such reader', async () => {
        const service = await started();
        expect(await failureCode(service.connect(world.readers[0].name))).toBe('card-absent');
        expect(await failureCode(service.connect('No Such Reader 00 00'))).toBe('reader-unknown-name');
      });

      it('gives the ATR and carries APDUs, short and as long as they get', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        expect(channel.readerName).toBe(reader);
        expect(channel.simulated).toBe(true);
        expect(channel.atr).toEqual(atrOfEchoCard);
        expect(await channel.transmit(select)).toEqual(ok);
        const longest = await channel.transmit(Uint8Array.of(0x80, 0x20, 0x00, 0x00));
        expect(longest.length).toBe(65_538);
        expect(longest.subarray(65_535)).toEqual(Uint8Array.of(0x5a, 0x90, 0x00));
        const command = new Uint8Array(7 + 65_535).fill(0xc3);
        command.set([0x80, 0x10, 0x00, 0x00, 0x00, 0xff, 0xff]);
        const echo = await channel.transmit(command);
        expect(echo.length).toBe(65_537);
        expect(echo.subarray(65_533)).toEqual(Uint8Array.of(0xc3, 0xc3, 0x90, 0x00));
      });

      it('refuses commands that are no APDUs before the card sees them', async () => {
        const { service, name: reader, card } = await withCard();
        const channel = await service.connect(reader);
        const before = card.commandsSinceReset;
        expect(await failureCode(channel.transmit(Uint8Array.of(0x00, 0xa4, 0x00)))).toBe('internal');
        expect(await failureCode(channel.transmit(new Uint8Array(65_545)))).toBe('internal');
        expect(card.commandsSinceReset).toBe(before);
      });

      it('copies the command at once: what the caller does with its bytes then does not matter', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        const command = Uint8Array.of(0x80, 0x10, 0x00, 0x00, 0x02, 0xaa, 0xbb);
        const answered = channel.transmit(command);
        command.fill(0);
        expect(await answered).toEqual(Uint8Array.of(0xaa, 0xbb, 0x90, 0x00));
      });

      it('can be given up', async () => {
        const { service, name: reader } = await withCard();
        expect(await failureCode(service.connect(reader, { signal: AbortSignal.abort() }))).toBe('cancelled');
        const hold = await world.hold(world.readers[0], 'transaction', 5_000);
        const abort = new AbortController();
        const connecting = rejection(service.connect(reader, { timeoutMs: 5_000, signal: abort.signal }));
        setTimeout(() => abort.abort(), 50);
        expect(await connecting).toMatchObject({ code: 'cancelled' });
        await hold.release();
      });

      it('reads attributes, and says undefined for those the reader does not have', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        const value = await channel.attribute(world.attribute.id);
        expect(new TextDecoder().decode(value)).toBe(world.attribute.value);
        // SCARD_ATTR_CURRENT_EBC_ENCODING, and a number that PC/SC does not know.
        expect(await channel.attribute(0x8020b)).toBeUndefined();
        expect(await channel.attribute(0x7fff_fffe)).toBeUndefined();
      });

      it('refuses a control code that the reader does not know', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        expect(await failureCode(channel.control(0x4200_0001, new Uint8Array(0)))).toBe('reader-fault');
        expect(await channel.transmit(select)).toEqual(ok);
      });
    });

    describe('transactions', () => {
      it('keep others out: their APDUs wait', async () => {
        const { service, name: reader } = await withCard();
        const [mine, other] = await Promise.all([service.connect(reader), service.connect(reader)]);
        const order: string[] = [];
        let others: Promise<unknown> = Promise.resolve();
        await mine.transaction(async () => {
          others = other.transmit(select).then(() => order.push('other'));
          for (let index = 0; index < 3; index++) {
            await mine.transmit(select);
            order.push('mine');
          }
        });
        await others;
        expect(order).toEqual(['mine', 'mine', 'mine', 'other']);
      });

      it('return what the work returned, and end when it throws', async () => {
        const { service, name: reader } = await withCard();
        const [mine, other] = await Promise.all([service.connect(reader), service.connect(reader)]);
        expect(await mine.transaction(async () => 42)).toBe(42);
        const thrown = new Error('the work failed');
        expect(await rejection(mine.transaction(() => Promise.reject(thrown)))).toBe(thrown);
        expect(await other.transaction(() => other.transmit(select))).toEqual(ok);
      });

      it('are not nested', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        const inner = await channel.transaction(() => failureCode(channel.transaction(async () => 1)));
        expect(inner).toBe('internal');
        expect(await channel.transmit(select)).toEqual(ok);
      });

      it('can end with a reset, after which the channel goes on with a fresh card', async () => {
        const { service, name: reader, card } = await withCard();
        const channel = await service.connect(reader);
        await channel.transaction(() => channel.transmit(select));
        const resets = card.resets;
        await channel.transaction(() => channel.transmit(select), 'reset');
        expect(await channel.transmit(commandsSinceReset)).toEqual(Uint8Array.of(0x01, 0x90, 0x00));
        expect(card.resets).toBe(resets + 1);
        await channel.transaction(async () => {
          expect(await channel.transmit(commandsSinceReset)).toEqual(Uint8Array.of(0x02, 0x90, 0x00));
        });
      });

      it('end with a reset for the others, who are told that the card has changed', async () => {
        const { service, name: reader } = await withCard();
        const [mine, other] = await Promise.all([service.connect(reader), service.connect(reader)]);
        await mine.transaction(() => mine.transmit(select), 'reset');
        expect(await failureCode(other.transmit(select))).toBe('card-changed');
        expect(await failureCode(other.transaction(async () => 1))).toBe('card-changed');
      });
    });

    describe('other programs', () => {
      it('in a transaction are noticed when connecting', async () => {
        const { service, name: reader } = await withCard();
        const hold = await world.hold(world.readers[0], 'transaction', 8_000);
        const failure = await rejection(service.connect(reader));
        expect(failure).toMatchObject({ code: 'reader-held', parameters: { reader } });
        expect(await failureCode(service.connect(reader))).toBe('reader-held');
        await hold.release();
        const channel = await service.connect(reader, { timeoutMs: 5_000 });
        expect(await channel.transmit(select)).toEqual(ok);
      });

      it('in a transaction are noticed by a channel that is open already, which goes on afterwards', async () => {
        const { service, name: reader, card } = await withCard();
        const channel = await service.connect(reader);
        const hold = await world.hold(world.readers[0], 'transaction', 8_000);
        const before = card.commandsSinceReset;
        const refusals = [channel.transmit(select), channel.transaction(() => channel.transmit(select))];
        expect(await Promise.all(refusals.map(failureCode))).toEqual(['reader-held', 'reader-held']);
        await hold.release();
        expect(await channel.transmit(commandsSinceReset)).toEqual(Uint8Array.of(before + 1, 0x90, 0x00));
      });

      it('are waited for when they are quick', async () => {
        const { service, name: reader } = await withCard();
        const hold = await world.hold(world.readers[0], 'transaction', 150);
        const channel = await service.connect(reader, { timeoutMs: 5_000 });
        expect(await channel.transmit(select)).toEqual(ok);
        await hold.release();
      });

      it('with the card to themselves make the reader busy', async () => {
        const { service, name: reader } = await withCard();
        const hold = await world.hold(world.readers[0], 'exclusive', 8_000);
        await untilReader(service, reader, 'busy');
        expect(await failureCode(service.connect(reader))).toBe('reader-busy');
        await hold.release();
        await untilReader(service, reader, 'present');
        await (await service.connect(reader)).close();
      });

      it('are kept out by our own exclusive channel, which is not busy to us', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader, { share: 'exclusive' });
        expect(await failureCode(service.connect(reader))).toBe('reader-busy');
        expect(await failureCode(world.hold(world.readers[0], 'exclusive', 10))).not.toBe('none');
        expect((await untilReader(service, reader, 'present')).state).toBe('present');
        await channel.close();
        expect(await (await service.connect(reader)).transmit(select)).toEqual(ok);
      });

      it('that reset the card are told of', async () => {
        const { service, name: reader } = await withCard();
        const channel = await service.connect(reader);
        await channel.transmit(select);
        await world.resetByOther(world.readers[0]);
        expect(await failureCode(channel.transmit(select))).toBe('card-changed');
        await channel.close();
        expect(await (await service.connect(reader)).transmit(select)).toEqual(ok);
      });
    });

    describe('the end of a channel', () => {
      it('comes in the middle of an APDU when the card is pulled', async () => {
        const card = new SlowEchoCard();
        const { service, reader, name: readerName } = await withCard(card);
        const channel = await service.connect(readerName);
        const begins = card.nextBegins();
        const answer = failureCode(channel.transmit(slowCommand(5_000)));
        await begins;
        reader.slot.remove();
        expect(await answer).toBe('card-removed');
        expect(await channel.gone).toBe('removed');
        expect(await failureCode(channel.transaction(async () => 1))).toBe('card-removed');
        reader.slot.insert(new EchoCard());
        await untilReader(service, readerName, 'present');
        expect(await (await service.connect(readerName)).transmit(select)).toEqual(ok);
      });

      it('comes inside a transaction, for the work and for the transaction', async () => {
        const { service, reader, name: readerName } = await withCard();
        const channel = await service.connect(readerName);
        const outcome = failureCode(
          channel.transaction(async () => {
            await channel.transmit(select);
            reader.slot.remove();
            return channel.transmit(select);
          }),
        );
        expect(await outcome).toBe('card-removed');
        expect(await channel.gone).toBe('removed');
      });

      it('comes without a call, by the event alone', async () => {
        const { service, reader, name: readerName } = await withCard();
        const channel = await service.connect(readerName);
        reader.slot.remove();
        expect(await channel.gone).toBe('removed');
      });

      it('comes by closing, also during an APDU, which blocks nothing', async () => {
        const card = new SlowEchoCard();
        const { service, name: readerName } = await withCard(card);
        const channel = await service.connect(readerName);
        const begins = card.nextBegins();
        const answer = failureCode(channel.transmit(slowCommand(1_000)));
        await begins;
        const closed = channel.close();
        expect(await answer).toBe('cancelled');
        expect(await channel.gone).toBe('closed');
        // Answered before the card was done: nobody waited for it.
        expect(card.answered).toBe(0);
        await closed;
        await channel.close();
        expect(await failureCode(channel.transmit(select))).toBe('cancelled');
      });

      it('leaves the card as it is, or resets it', async () => {
        const { service, name: readerName } = await withCard();
        // Keeps the card under power: a service may turn off a card that nobody has open.
        const keeper = await service.connect(readerName);
        const first = await service.connect(readerName);
        await first.transmit(select);
        await first.close();
        const second = await service.connect(readerName);
        expect(await second.transmit(commandsSinceReset)).toEqual(Uint8Array.of(0x02, 0x90, 0x00));
        await second.close('reset');
        const third = await service.connect(readerName);
        expect(await third.transmit(commandsSinceReset)).toEqual(Uint8Array.of(0x01, 0x90, 0x00));
        expect(await failureCode(keeper.transmit(select))).toBe('card-changed');
      });

      it('comes for all channels when the service object is closed, even during an APDU', async () => {
        const card = new SlowEchoCard();
        const { service, name: readerName } = await withCard(card);
        const [busy, idle] = await Promise.all([service.connect(readerName), service.connect(readerName)]);
        const begins = card.nextBegins();
        const answer = failureCode(busy.transmit(slowCommand(1_000)));
        await begins;
        await service.close();
        expect(card.answered).toBe(0);
        expect(await answer).toBe('cancelled');
        expect(await Promise.all([busy.gone, idle.gone])).toEqual(['closed', 'closed']);
        expect(await failureCode(service.connect(readerName))).toBe('cancelled');
        await service.close();
      });
    });

    describe('the service', () => {
      it('that stops and returns is told of, and cards of before are gone', async () => {
        const { service, name: readerName } = await withCard();
        const before = await untilReader(service, readerName, 'present');
        const channel = await service.connect(readerName);
        await world.stopService();
        expect(await channel.gone).toBe('service-stopped');
        const stopped = await until(service, (snapshot) => snapshot.service !== 'running');
        expect(stopped).toMatchObject({
          service: 'stopped',
          readers: [],
          failure: { code: 'service-stopped' },
        });
        expect(await failureCode(channel.transmit(select))).toBe('service-stopped');
        expect(await failureCode(service.connect(readerName))).toBe('service-stopped');
        await world.startService();
        const back = await untilReader(service, readerName, 'present');
        expect(service.snapshot.failure).toBeUndefined();
        expect(back.generation).toBeGreaterThan(before.generation);
        expect(await (await service.connect(readerName)).transmit(select)).toEqual(ok);
      });
    });
  });
}
