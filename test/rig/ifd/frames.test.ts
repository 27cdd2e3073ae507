import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAnswer, FrameReader, frameLimit, status } from './frames.ts';

describe('frames between the reader driver and the test program', () => {
  it('writes length, status and body', () => {
    expect([...encodeAnswer(status.done, Uint8Array.of(0x90, 0x00))]).toEqual([0, 0, 0, 3, 0, 0x90, 0x00]);
    expect([...encodeAnswer(status.noCard)]).toEqual([0, 0, 0, 1, 1]);
  });

  it('finds the same frames however the stream is cut', () => {
    // POWER up, then TRANSMIT with protocol 1 and an APDU of four bytes.
    const stream = Uint8Array.of(0, 0, 0, 2, 2, 1, 0, 0, 0, 6, 3, 1, 0x00, 0xa4, 0x04, 0x00);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 6 }), (cuts) => {
        const reader = new FrameReader();
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const frames = edges.slice(1).flatMap((end, i) => reader.push(stream.slice(edges[i], end)));
        expect(frames.map((frame) => [frame.kind, ...frame.body])).toEqual([
          [2, 1],
          [3, 1, 0x00, 0xa4, 0x04, 0x00],
        ]);
      }),
    );
  });

  it('refuses a length of nothing and one above the limit', () => {
    expect(() => new FrameReader().push(Uint8Array.of(0, 0, 0, 0))).toThrow(RangeError);
    const tooLong = new Uint8Array(4);
    new DataView(tooLong.buffer).setUint32(0, frameLimit + 1);
    expect(() => new FrameReader().push(tooLong)).toThrow(RangeError);
  });
});
