import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CardOpenings } from '../../../electron/engine/readers/card-openings.ts';
import { FakeAddon } from './fake-addon.ts';
import { failureCode } from './waiting.ts';

const atr = Uint8Array.of(0x3b, 0x00);
const shared = { exclusive: false };
const inUse = 0x120;

describe('CardOpenings', () => {
  let addon: FakeAddon;
  let openings: CardOpenings;

  beforeEach(() => {
    vi.useFakeTimers();
    addon = new FakeAddon();
    openings = new CardOpenings(addon);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('says after half a second that another program is in the way', async () => {
    addon.flags = inUse;
    const opening = failureCode(openings.open('R', shared));
    await vi.advanceTimersByTimeAsync(510);
    expect(await opening).toBe('reader-held');
    expect(addon.card.loopReleased).toBe(true);
  });

  it('takes over an opening that was left behind instead of making another', async () => {
    addon.flags = inUse;
    const first = failureCode(openings.open('R', shared));
    await vi.advanceTimersByTimeAsync(510);
    expect(await first).toBe('reader-held');
    const second = openings.open('R', shared);
    expect(addon.cards).toHaveLength(1);
    addon.card.open(atr, 4);
    expect((await second).opened).toEqual({ atr, count: 4 });
    // Another kind of opening is another one.
    void failureCode(openings.open('R', { exclusive: true }));
    expect(addon.cards.map(({ exclusive }) => exclusive)).toEqual([false, true]);
  });

  it('lets a card go that was opened when nobody waited any more', async () => {
    addon.flags = inUse;
    const opening = failureCode(openings.open('R', shared));
    await vi.advanceTimersByTimeAsync(510);
    await opening;
    addon.card.open(atr, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(addon.card.last('close').details).toBe(false);
    void failureCode(openings.open('R', shared));
    expect(addon.cards).toHaveLength(2);
  });

  it('gives a card time to power up when no other program can be the reason', async () => {
    const opening = openings.open('R', shared);
    await vi.advanceTimersByTimeAsync(4_000);
    addon.card.open(atr, 1);
    expect((await opening).opened.atr).toEqual(atr);
    const never = failureCode(openings.open('R', shared));
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await never).toBe('card-mute');
  });

  it('says that the service is silent when it has not even answered', async () => {
    const opening = openings.open('R', shared);
    addon.card.answered = false;
    const code = failureCode(opening);
    await vi.advanceTimersByTimeAsync(510);
    expect(await code).toBe('service-stopped');
  });

  it('is cancelled by its signal, before and while waiting', async () => {
    expect(await failureCode(openings.open('R', { ...shared, signal: AbortSignal.abort() }))).toBe(
      'cancelled',
    );
    expect(addon.cards).toHaveLength(0);
    const abort = new AbortController();
    const opening = failureCode(openings.open('R', { ...shared, signal: abort.signal }));
    abort.abort();
    expect(await opening).toBe('cancelled');
  });

  it('gives up what was left behind when closed', async () => {
    addon.flags = inUse;
    const opening = failureCode(openings.open('R', shared));
    await vi.advanceTimersByTimeAsync(510);
    await opening;
    openings.close();
    expect(addon.card.abandoned).toEqual([0]);
    expect(addon.card.last('close').details).toBe(false);
  });

  it.each([
    ['card-absent', 0x8010000c],
    ['card-mute', 0x80100066],
    ['reader-busy', 0x8010000b],
    ['reader-unknown-name', 0x80100009],
    ['service-refused', 0x8010006a],
  ])('is refused with %s', async (code, scard) => {
    const opening = failureCode(openings.open('R', shared));
    addon.card.refuse(scard);
    expect(await opening).toBe(code);
  });
});
