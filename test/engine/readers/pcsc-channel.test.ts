import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CardJobs } from '../../../electron/engine/readers/card-jobs.ts';
import { PcscChannel } from '../../../electron/engine/readers/pcsc-channel.ts';
import { FakeAddon, type FakeCardThread } from './fake-addon.ts';
import { failureCode } from './waiting.ts';

const select = Uint8Array.of(0x00, 0xa4, 0x00, 0x00);
const ok = Uint8Array.of(0x90, 0x00);
const atr = Uint8Array.of(0x3b, 0x00);

/** What a real pcscd cannot be made to do on demand: a card's thread answers by hand here, and time is played. */
describe('PcscChannel', () => {
  let channel: PcscChannel;
  let card: FakeCardThread;
  let ends: number;

  beforeEach(() => {
    vi.useFakeTimers();
    const addon = new FakeAddon();
    const jobs = new CardJobs(addon, 'Reader', false);
    card = addon.card;
    card.open(atr, 1);
    ends = 0;
    const facts = { readerName: 'Reader', atr, simulated: false, exclusive: false, generation: 1 };
    channel = new PcscChannel(jobs, facts, () => ends++);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['SCARD_E_NOT_TRANSACTED', 0x80100016],
    ['SCARD_E_COMM_DATA_LOST', 0x8010002f],
    ['SCARD_W_UNRESPONSIVE_CARD', 0x80100066],
    ['SCARD_W_UNPOWERED_CARD', 0x80100067],
  ])('takes a spoilt exchange (%s) for a removal only when the watch says so', async (_name, code) => {
    const stays = failureCode(channel.transmit(select));
    card.last('transmit').answer(code);
    let said = false;
    void stays.then(() => {
      said = true;
    });
    await vi.advanceTimersByTimeAsync(590);
    expect(said).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(await stays).toBe('card-mute');
    const next = channel.transmit(select);
    card.last('transmit').answer(ok);
    expect(await next).toEqual(ok);

    const pulled = failureCode(channel.transmit(select));
    card.last('transmit').answer(code);
    await vi.advanceTimersByTimeAsync(400);
    channel.endWith('removed');
    expect(await pulled).toBe('card-removed');
  });

  it('ends by an error that says it plainly', async () => {
    const answer = failureCode(channel.transmit(select));
    card.last('transmit').answer(0x80100069);
    expect(await answer).toBe('card-removed');
    expect(await channel.gone).toBe('removed');
    expect(ends).toBe(1);
    expect(card.last('close').details).toBe(false);
    expect(await failureCode(channel.transmit(select))).toBe('card-removed');
  });

  it('gives an answer that is on the way a moment when the card is gone, and no longer', async () => {
    const verify = channel.transmit(select);
    card.canAbandon = false;
    channel.endWith('removed');
    card.last('transmit').answer(ok);
    expect(await verify).toEqual(ok);
  });

  it('answers at the end even when the driver never does', async () => {
    const verify = failureCode(channel.transmit(select));
    card.canAbandon = false;
    channel.endWith('reader-removed');
    await vi.advanceTimersByTimeAsync(110);
    expect(await verify).toBe('reader-removed');
  });

  it('calls a reader held only as long as the job can be taken back', async () => {
    const waiting = failureCode(channel.transmit(select));
    await vi.advanceTimersByTimeAsync(490);
    expect(card.abandoned).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    expect(await waiting).toBe('reader-held');
    expect(card.abandoned).toEqual([card.last('transmit').id]);

    card.canAbandon = false;
    const slow = channel.transmit(select);
    await vi.advanceTimersByTimeAsync(30_000);
    card.last('transmit').answer(ok);
    expect(await slow).toEqual(ok);
  });

  it('waits 90 seconds for a card, and without end for a person at a PIN pad', async () => {
    card.canAbandon = false;
    const never = failureCode(channel.transmit(select));
    await vi.advanceTimersByTimeAsync(90_010);
    expect(await never).toBe('card-timeout');
    const typed = channel.control(0x4200_0006, new Uint8Array(0));
    await vi.advanceTimersByTimeAsync(3_600_000);
    card.last('control').answer(ok);
    expect(await typed).toEqual(ok);
  });

  it('refuses a response without a status word', async () => {
    const answer = failureCode(channel.transmit(select));
    card.last('transmit').answer(Uint8Array.of(0x90));
    expect(await answer).toBe('reader-fault');
  });

  it('says undefined for attributes that are not there, and only for those', async () => {
    const missing = channel.attribute(0x10100);
    card.last('attribute').answer(0x8010001f);
    expect(await missing).toBeUndefined();
    const removed = failureCode(channel.attribute(0x10100));
    card.last('attribute').answer(0x80100069);
    expect(await removed).toBe('card-removed');
  });

  it('says that a fault of our own is one', async () => {
    const answer = failureCode(channel.transmit(select));
    card.endThread(1);
    expect(await answer).toBe('internal');
  });

  it('ends a transaction after the work, with the disposition asked for', async () => {
    const done = channel.transaction(async () => 'worked', 'reset');
    card.last('begin').answer(new Uint8Array(0));
    await vi.advanceTimersByTimeAsync(0);
    expect(card.last('end').details).toBe(true);
    // Ending failed: the work's result counts, the next call tells.
    card.last('end').answer(0x80100069);
    expect(await done).toBe('worked');
  });

  it('refuses a transaction inside another without posting anything', async () => {
    const outer = channel.transaction(() => failureCode(channel.transaction(async () => 1)));
    card.last('begin').answer(new Uint8Array(0));
    await vi.advanceTimersByTimeAsync(600);
    expect(card.jobs.filter(({ kind }) => kind === 'begin')).toHaveLength(1);
    card.last('end').answer(new Uint8Array(0));
    expect(await outer).toBe('internal');
  });

  it('closes within a second even when the thread is stuck, and releases the process', async () => {
    let closed = false;
    const closing = channel.close('reset').then(() => {
      closed = true;
    });
    expect(card.last('close').details).toBe(true);
    await vi.advanceTimersByTimeAsync(990);
    expect(closed).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    await closing;
    expect(card.loopReleased).toBe(true);
    expect(await channel.gone).toBe('closed');
    expect(ends).toBe(1);
  });
});
