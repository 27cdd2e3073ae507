import { describe, expect, it } from 'vitest';
import { ReaderTracker } from '../../../electron/engine/readers/reader-tracker.ts';

const atr = Uint8Array.of(0x3b, 0x80, 0x80, 0x01, 0x01);
const none = new Uint8Array(0);
const empty = (count: number, name = 'R') => ({ name, flags: 0x10, count, atr: none });
const present = (count: number, flags = 0x20, name = 'R') => ({ name, flags, count, atr });
const others = (): boolean => false;

function tracked(...looks: ReturnType<typeof empty>[]): ReaderTracker {
  const tracker = new ReaderTracker();
  for (const look of looks) tracker.look([look]);
  return tracker;
}

describe('ReaderTracker', () => {
  it.each([
    ['empty', 0x10, none, 'empty'],
    ['present', 0x20, atr, 'present'],
    ['in use by somebody, shared', 0x120, atr, 'present'],
    ['exclusive', 0xa0, atr, 'busy'],
    ['mute', 0x220, none, 'mute'],
    ['present without an ATR', 0x20, none, 'mute'],
    ['mute and exclusive', 0x2a0, none, 'mute'],
  ] as const)('%s', (_name, flags, bytes, state) => {
    const tracker = tracked({ name: 'R', flags, count: 1, atr: bytes });
    expect(tracker.readers(others)).toMatchObject([{ name: 'R', state, atr: bytes.length > 0 ? atr : null }]);
  });

  it('does not call our own exclusive hold busy', () => {
    expect(tracked(present(1, 0xa0)).readers((name) => name === 'R')[0]?.state).toBe('present');
  });

  it("knows the rig's readers for simulated, and no others", () => {
    const tracker = new ReaderTracker();
    tracker.look([
      present(0, 0x20, 'Buletin Virtual A 00 00'),
      present(0, 0x20, 'Gemalto PC Twin Reader 01 00'),
    ]);
    expect(tracker.readers(others).map(({ simulated }) => simulated)).toEqual([true, false]);
  });

  it('counts every coming and going, also two between looks', () => {
    const tracker = tracked(empty(0), present(1), present(3));
    expect(tracker.generation('R')).toBe(3);
    expect(tracker.readers(others)[0]?.generation).toBe(3);
  });

  it("goes on where the service's counter wraps", () => {
    expect(tracked(empty(65_534), present(65_535), present(1)).generation('R')).toBe(65_537);
  });

  it('stays where only the sharing changes', () => {
    expect(tracked(present(5), present(5, 0x120), present(5, 0xa0)).generation('R')).toBe(5);
  });

  it('sees changes where the system does not count', () => {
    const swapped = { ...present(0), atr: Uint8Array.of(0x3b, 0x00) };
    expect(tracked(empty(0), present(0), swapped, empty(0)).generation('R')).toBe(3);
  });

  it('grows when the service was away, whatever its new counter says', () => {
    const tracker = tracked(present(7));
    tracker.serviceRestarted();
    expect(tracker.has('R')).toBe(false);
    tracker.look([present(1)]);
    expect(tracker.generation('R')).toBe(8);
    tracker.look([empty(2)]);
    expect(tracker.generation('R')).toBe(9);
  });

  it('grows when a reader was unplugged and comes back', () => {
    const tracker = tracked(present(4));
    tracker.look([]);
    expect(tracker.has('R')).toBe(false);
    tracker.look([present(0)]);
    expect(tracker.generation('R')).toBe(5);
  });

  it('tells the generation of a card by its count, ahead of the watch, behind it, and across the wrap', () => {
    const tracker = tracked(present(5));
    expect(tracker.generationAt('R', 5)).toBe(5);
    expect(tracker.generationAt('R', 7)).toBe(7);
    expect(tracker.generationAt('R', 3)).toBe(3);
    expect(tracker.generationAt('unknown', 3)).toBe(3);
    const late = tracked(present(65_535));
    expect(late.generationAt('R', 0)).toBe(65_536);
  });
});
