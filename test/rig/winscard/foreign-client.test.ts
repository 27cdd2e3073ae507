import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { needs } from '../../run/needs.ts';
import { EchoCard } from '../echo-card.ts';
import { PrivatePcscd } from '../pcscd.ts';
import { VirtualReader } from '../virtual-reader.ts';
import { apduLoop, ForeignClient, holdCard, readerState } from './foreign-client.ts';

const selectCommand = Uint8Array.of(0x00, 0xa4, 0x04, 0x00);
/** SCARD_E_SHARING_VIOLATION, SCARD_E_NO_SMARTCARD. */
const sharingViolation = '0x8010000B';
const noSmartcard = '0x8010000C';

describe.skipIf(!needs('rig'))('another program on the card', () => {
  let reader: VirtualReader;
  let pcscd: PrivatePcscd;
  let card: EchoCard;

  beforeEach(async () => {
    reader = await VirtualReader.open();
    card = new EchoCard();
    reader.insert(card);
    pcscd = await PrivatePcscd.start(reader);
  });
  afterEach(async () => {
    await pcscd.dispose();
    await reader.close();
  });

  it('times a loop of APDUs', async () => {
    const times = await apduLoop(pcscd, reader.pcscName, 200, Uint8Array.of(0x80, 0x20, 0x00, 0x10, 0x00));
    expect(times.count).toBe(200);
    expect(times.responseLength).toBe(18);
    expect(times.nanoseconds).toHaveLength(200);
    expect(Math.min(...times.nanoseconds)).toBeGreaterThan(0);
    // 200, and 20 to warm up.
    expect(reader.apduCount).toBe(220);
  });

  it('keeps everybody else out while it holds the card exclusively', async () => {
    const hold = await holdCard(pcscd, reader.pcscName, 'exclusive', 20_000);
    await using client = new ForeignClient(pcscd);
    await expect(client.connect(reader.pcscName)).rejects.toMatchObject({ code: sharingViolation });
    await client.watch(reader.pcscName);
    expect((await client.nextState()).state & readerState.exclusive).toBe(readerState.exclusive);
    await hold.release();
    expect((await client.connect(reader.pcscName)).atr).toBe('3b84014543484f05');
  });

  it('makes everybody else wait while it holds a transaction', async () => {
    await using client = new ForeignClient(pcscd);
    await client.connect(reader.pcscName);
    const hold = await holdCard(pcscd, reader.pcscName, 'transaction', 20_000);
    const order: string[] = [];
    const transmitted = client.transmit(selectCommand).then(() => order.push('transmitted'));
    // Nothing reaches the card before the other program lets go.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reader.apduCount).toBe(0);
    order.push('released');
    await hold.release();
    await transmitted;
    expect(order).toEqual(['released', 'transmitted']);
    expect(reader.apduCount).toBe(1);
  });

  it('lets go by itself when its time is over', async () => {
    const hold = await holdCard(pcscd, reader.pcscName, 'exclusive', 50);
    await hold.released;
    await using client = new ForeignClient(pcscd);
    expect((await client.connect(reader.pcscName)).protocol).toBe(2);
  });

  it('says why it could not hold the card', async () => {
    reader.remove();
    await reader.whenSettled();
    await expect(holdCard(pcscd, reader.pcscName, 'transaction', 50)).rejects.toThrow(noSmartcard);
  });
});
