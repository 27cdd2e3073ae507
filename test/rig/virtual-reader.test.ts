import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../run/needs.ts';
import { EchoCard } from './echo-card.ts';
import { openscAtr, openscReaders, openscSend } from './judges/opensc-tool.ts';
import { PrivatePcscd } from './pcscd.ts';
import { attribute } from './reader-attributes.ts';
import { VirtualReader } from './virtual-reader.ts';
import { ForeignClient, readerState } from './winscard/foreign-client.ts';

const selectCommand = Uint8Array.of(0x00, 0xa4, 0x04, 0x00);
const countCommand = Uint8Array.of(0x80, 0x30, 0x00, 0x00, 0x01);
const ok = Uint8Array.of(0x90, 0x00);

/** Codes of pcsclite.h. */
const notTransacted = '0x80100016';
const removedCard = '0x80100069';
const noSmartcard = '0x8010000C';
const unpoweredCard = '0x80100067';
const unsupportedFeature = '0x8010001F';

/** ECHO with extended Lc and Le (65,536). */
function extendedEcho(data: Uint8Array): Uint8Array {
  const command = new Uint8Array(7 + data.length + 2);
  command.set([0x80, 0x10, 0x00, 0x00, 0x00, data.length >> 8, data.length & 0xff]);
  command.set(data, 7);
  return command;
}

describe.skipIf(!needs('rig'))('a virtual reader on a real pcscd', () => {
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let client: ForeignClient;

  beforeEach(async () => {
    reader = await VirtualReader.open();
    pcscd = await PrivatePcscd.start(reader);
    client = new ForeignClient(pcscd);
  });
  afterEach(async () => {
    await client.close();
    await pcscd.dispose();
    await reader.close();
  });

  it.skipIf(!needs('opensc'))('shows its card to opensc-tool', async () => {
    reader.insert(new EchoCard());
    await reader.whenSettled();
    expect(await openscReaders(pcscd)).toContain('Buletin Virtual Reader 00 00');
    expect(await openscAtr(pcscd, reader.pcscName)).toBe('3b84014543484f05');
    const echo = Uint8Array.of(0x80, 0x10, 0x00, 0x00, 0x03, 0xca, 0xfe, 0x01, 0x00);
    const wrongInstruction = Uint8Array.of(0x80, 0x77, 0x00, 0x00);
    expect(await openscSend(pcscd, reader.pcscName, [selectCommand, echo, wrongInstruction])).toEqual([
      ok,
      Uint8Array.of(0xca, 0xfe, 0x01, 0x90, 0x00),
      Uint8Array.of(0x6d, 0x00),
    ]);
  });

  it('carries the longest command and the longest response', async () => {
    reader.insert(new EchoCard());
    await reader.whenSettled();
    expect(await client.connect(reader.pcscName)).toEqual({ protocol: 2, atr: '3b84014543484f05' });
    const data = new Uint8Array(randomBytes(65_535));
    const command = extendedEcho(data);
    expect(command.length).toBe(65_544);
    const response = await client.transmit(command);
    expect(Buffer.compare(response, Buffer.concat([data, ok]))).toBe(0);

    const longest = await client.transmit(Uint8Array.of(0x80, 0x20, 0x00, 0x00, 0x00, 0x00, 0x00));
    expect(longest.length).toBe(65_538);
    expect(reader.apduCount).toBe(2);
  });

  it('tells each insertion and removal, with a growing count', async () => {
    await client.watch(reader.pcscName);
    expect((await client.nextState()).state).toBe(readerState.empty);
    for (let round = 0; round < 10; round++) {
      reader.insert(new EchoCard());
      const inserted = await client.nextState();
      expect(inserted.state & 0xffff & ~readerState.unpowered).toBe(readerState.present);
      expect(inserted.state >>> 16).toBe(2 * round + 1);
      expect(inserted.atr).toBe('3b84014543484f05');
      reader.remove();
      const removed = await client.nextState();
      expect(removed.state & 0xffff).toBe(readerState.empty);
      expect(removed.state >>> 16).toBe(2 * round + 2);
    }
    expect(client.pendingStates).toBe(0);
  });

  it('does not hide a removal behind the next card', async () => {
    reader.insert(new EchoCard());
    await reader.whenSettled();
    await client.connect(reader.pcscName);
    await client.watch(reader.pcscName);
    const before = (await client.nextState()).state >>> 16;
    // Both within one turn of the event loop: pcscd cannot have looked in between.
    reader.remove();
    reader.insert(new EchoCard(Uint8Array.of(0x3b, 0x81, 0x01, 0x42, 0xc2)));
    let now = await client.nextState();
    while ((now.state & readerState.present) === 0) now = await client.nextState();
    expect(now.state >>> 16).toBe(before + 2);
    expect(now.atr).toBe('3b810142c2');
    await expect(client.transmit(selectCommand)).rejects.toMatchObject({ code: removedCard });
  });

  it('is asked for its card when there is a reason to, not all the time', async () => {
    reader.insert(new EchoCard());
    await reader.whenSettled();
    for (let round = 0; round < 5; round++) {
      await client.connect(reader.pcscName);
      await client.transmit(selectCommand);
      await client.disconnect();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reader.presenceCount).toBeLessThan(40);
  });

  it('reports a card that does not answer as mute', async () => {
    await client.watch(reader.pcscName);
    await client.nextState();
    reader.insertMute(new EchoCard());
    const state = (await client.nextState()).state;
    expect(state & (readerState.present | readerState.mute)).toBe(readerState.present | readerState.mute);
    // SCARD_W_UNPOWERED_CARD
    await expect(client.connect(reader.pcscName)).rejects.toMatchObject({ code: unpoweredCard });
  });

  it('resets the card and keeps the connection', async () => {
    const card = new EchoCard();
    reader.insert(card);
    await reader.whenSettled();
    await client.connect(reader.pcscName);
    await client.transmit(selectCommand);
    expect([...(await client.transmit(countCommand))]).toEqual([2, 0x90, 0x00]);
    const resets = card.resets;
    expect(await client.reset()).toBe('3b84014543484f05');
    expect(card.resets).toBe(resets + 1);
    expect([...(await client.transmit(countCommand))]).toEqual([1, 0x90, 0x00]);
  });

  it('answers attributes, and says which it does not have', async () => {
    reader.insert(new EchoCard());
    await reader.whenSettled();
    await client.connect(reader.pcscName);
    reader.attributes.set(attribute.vendorIfdSerialNumber, Uint8Array.of(0x41, 0x42, 0x00));
    expect([...(await client.attribute(attribute.vendorIfdSerialNumber))]).toEqual([0x41, 0x42, 0x00]);
    expect(Buffer.from(await client.attribute(attribute.atrString)).toString('hex')).toBe('3b84014543484f05');
    expect(Buffer.from(await client.attribute(attribute.vendorName)).toString()).toBe('Buletin test rig\0');
    await expect(client.attribute(0x0001_0199)).rejects.toMatchObject({ code: unsupportedFeature });
    // No features, no control codes.
    await expect(client.control(0x4200_0d48)).rejects.toMatchObject({ code: unsupportedFeature });
  });

  describe('with a hook on its APDUs', () => {
    let card: EchoCard;
    beforeEach(async () => {
      card = new EchoCard();
      reader.insert(card);
      await reader.whenSettled();
      await client.connect(reader.pcscName);
      reader.resetApduCount();
    });

    it('shows it each command with its index, and sends what it wants instead', async () => {
      const seen: [number, string][] = [];
      reader.onApdu = (index, command) => {
        seen.push([index, Buffer.from(command).toString('hex')]);
        return index === 1 ? { response: Uint8Array.of(0x69, 0x82) } : undefined;
      };
      expect(await client.transmit(selectCommand)).toEqual(ok);
      expect([...(await client.transmit(countCommand))]).toEqual([0x69, 0x82]);
      expect(seen).toEqual([
        [0, '00a40400'],
        [1, '8030000001'],
      ]);
      expect(card.commandsSinceReset).toBe(2);
    });

    it.each([
      ['before', 0],
      ['during', 1],
    ] as const)('pulls the card %s the command is executed', async (pull, executed) => {
      reader.onApdu = () => ({ pull });
      await expect(client.transmit(selectCommand)).rejects.toMatchObject({ code: notTransacted });
      expect(card.commandsSinceReset).toBe(executed);
      expect(reader.card).toBeNull();
    });

    it('pulls the card after the answer', async () => {
      await client.watch(reader.pcscName);
      await client.nextState();
      reader.onApdu = () => ({ pull: 'after' });
      expect(await client.transmit(selectCommand)).toEqual(ok);
      expect((await client.nextState()).state & readerState.empty).toBe(readerState.empty);
      await expect(client.transmit(selectCommand)).rejects.toMatchObject({ code: removedCard });
    });

    it('ends a slow command at once when the card is pulled, and never runs it on the same card later', async () => {
      let started: () => void = () => {};
      const underWay = new Promise<void>((resolve) => {
        started = resolve;
      });
      reader.onApdu = () => {
        started();
        return { delayMs: 300 };
      };
      const pending = client.transmit(selectCommand);
      await underWay;
      const refused = expect(pending).rejects.toMatchObject({ code: notTransacted });
      reader.remove();
      reader.insert(card);
      await refused;
      // The wait of 300 ms runs out with the card in the reader again.
      await new Promise((resolve) => setTimeout(resolve, 350));
      expect(card.commandsSinceReset).toBe(0);
    });
  });

  it('can say, as some readers do, that there is no card when it was pulled', async () => {
    await using other = await VirtualReader.open('Another Reader', { pulledAnswer: 'no-card' });
    await pcscd.restart(other);
    await using program = new ForeignClient(pcscd);
    other.insert(new EchoCard());
    await other.whenSettled();
    await program.connect(other.pcscName);
    other.onApdu = () => ({ pull: 'before' });
    await expect(program.transmit(selectCommand)).rejects.toMatchObject({ code: noSmartcard });
  });
});

describe.skipIf(!needs('rig'))('several virtual readers on one pcscd', () => {
  it('have their own names, cards and pace', async () => {
    await using first = await VirtualReader.open();
    await using second = await VirtualReader.open();
    await using third = await VirtualReader.open('A Reader of Another Kind');
    first.insert(new EchoCard());
    second.insert(new EchoCard(Uint8Array.of(0x3b, 0x81, 0x01, 0x42, 0xc2)));
    await using pcscd = await PrivatePcscd.start(first, second, third);
    await using slow = new ForeignClient(pcscd);
    await using quick = new ForeignClient(pcscd);
    expect(await quick.readers()).toEqual([
      'Buletin Virtual Reader 00 00',
      'Buletin Virtual Reader 01 00',
      'A Reader of Another Kind 02 00',
    ]);
    expect([first, second, third].map((reader) => reader.pcscName)).toEqual(await quick.readers());

    await slow.connect(first.pcscName);
    expect((await quick.connect(second.pcscName)).atr).toBe('3b810142c2');
    const arrived = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<undefined>();
    first.onApdu = () => {
      arrived.resolve();
      return letGo.promise;
    };
    const pending = slow.transmit(selectCommand);
    await arrived.promise;
    // A command that waits in the first reader does not keep the second from answering.
    expect(await quick.transmit(selectCommand)).toEqual(ok);
    letGo.resolve(undefined);
    expect(await pending).toEqual(ok);
  });
});
