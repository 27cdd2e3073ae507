import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, writeFrame } from '../../electron/contract/protocol/framing.ts';

const frame = (text: string) => {
  const body = Buffer.from(text);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
};

describe('frames', () => {
  it('have four bytes of big-endian length', async () => {
    const stream = new PassThrough();
    writeFrame(stream, { a: 1 });
    expect(stream.read().toString('hex')).toBe(`00000007${Buffer.from('{"a":1}').toString('hex')}`);
  });

  it('come out whole however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 30 }),
        (texts, cuts) => {
          const bytes = Buffer.concat(texts.map(frame));
          const points = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
            bytes.length,
          ];
          const reader = new FrameReader(4096);
          const out: string[] = [];
          for (let i = 1; i < points.length; i++) {
            const chunk = bytes.subarray(points[i - 1], points[i]);
            if (chunk.length > 0) out.push(...reader.push(Buffer.from(chunk)).map(String));
          }
          expect(out).toEqual(texts);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('are refused when empty or over the limit, before their body has come', () => {
    expect(() => new FrameReader(10).push(Buffer.from('00000000', 'hex'))).toThrow(RangeError);
    expect(() => new FrameReader(10).push(Buffer.from('0000000b', 'hex'))).toThrow(RangeError);
    expect(() => new FrameReader(10).push(Buffer.from('ffffffff', 'hex'))).toThrow(RangeError);
    expect(new FrameReader(10).push(Buffer.from('0000000a', 'hex'))).toEqual([]);
  });
});
