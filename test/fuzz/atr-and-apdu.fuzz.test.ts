import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCommand, parseResponse } from '../../electron/engine/card/apdu.ts';
import { moldovanCardLikeness, parseAtr } from '../../electron/engine/card/atr.ts';
import { describeStatusWord, pinResult } from '../../electron/engine/card/status-word.ts';
import { bytes } from '../engine/card/scripted-channel.ts';
import { forAll, must, mutated, outcome, patience } from './fuzzing.ts';

const knownAtrs = [
  '3BDF96FF8131FE4580738421E0574D44415F415350810F87',
  '3B8F800180738421E0574D44415F415350810F34',
  '3BDB960080B1FE451F830012233F536549440F9000F1',
  '3B858131FE454F73454944FA',
  '3F65250052096A9000',
].map(bytes);

describe('ATR', { timeout: patience }, () => {
  it('any bytes: a decoded ATR that adds up, or card-malformed', async () => {
    await forAll(
      6_000,
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated(knownAtrs)), (input) => {
        const result = outcome(() => parseAtr(input));
        if ('failure' in result) return result.failure.code === 'card-malformed';
        const { historicalBytes, protocols, objects } = result.value;
        const inObjects = objects.reduce((sum, { value }) => sum + 1 + value.length, 0);
        return historicalBytes.length <= 15 && protocols.length > 0 && inObjects <= historicalBytes.length;
      }),
    );
  });

  it('a likeness is told without failing', async () => {
    await forAll(
      2_000,
      fc.property(mutated(knownAtrs), (input) => 'value' in outcome(() => moldovanCardLikeness(input))),
    );
  });
});

describe('APDU', { timeout: patience }, () => {
  it('any bytes are a response, or card-malformed', async () => {
    await forAll(
      3_000,
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => {
        const result = outcome(() => parseResponse(input));
        if ('failure' in result) return result.failure.code === 'card-malformed';
        return result.value.data.length + 2 === input.length;
      }),
    );
  });

  it('every status word has a meaning, and only 9000 accepts a PIN', async () => {
    let accepting = 0;
    for (let sw = 0; sw <= 0xffff; sw++) {
      const { verdict, triesLeft } = pinResult(sw);
      must(describeStatusWord(sw).length > 0, `no words for ${sw}`);
      must(triesLeft === undefined || (triesLeft <= 15 && sw >> 8 === 0x63), `${sw} leaves ${triesLeft}`);
      if (verdict === 'accepted') accepting = accepting === 0 ? sw : -1;
    }
    expect(accepting).toBe(0x9000);
  });

  it('commands are read back by the rules of ISO 7816-4', async () => {
    await forAll(
      2_000,
      fc.property(
        fc.uint8Array({ maxLength: 600 }),
        fc.option(fc.integer({ min: 1, max: 65_536 }), { nil: undefined }),
        fc.boolean(),
        (data, le, extended) => {
          const command = encodeCommand(
            { cla: 0, ins: 0xcb, p1: 0x3f, p2: 0xff, data, le },
            extended ? 'extended' : 'shortest',
          );
          const read = decode(command);
          must(read.le === le && read.data.equals(data), 'read back otherwise');
        },
      ),
    );
  });
});

/** A decoder after ISO 7816-4, 5.2, table 3, written the other way round than the encoder. */
function decode(command: Uint8Array): { data: Buffer; le: number | undefined } {
  const body = Buffer.from(command.subarray(4));
  if (body.length === 0) return { data: Buffer.alloc(0), le: undefined };
  const first = body.readUInt8(0);
  if (body.length === 1) return { data: Buffer.alloc(0), le: first || 256 };
  if (first !== 0) {
    const data = body.subarray(1, 1 + first);
    return { data, le: body.length === 1 + first ? undefined : body.readUInt8(1 + first) || 256 };
  }
  const length = body.readUInt16BE(1);
  if (body.length === 3) return { data: Buffer.alloc(0), le: length || 65_536 };
  const data = body.subarray(3, 3 + length);
  return { data, le: body.length === 3 + length ? undefined : body.readUInt16BE(3 + length) || 65_536 };
}
