import { describe, expect, it } from 'vitest';
import { encodeTlv, readTlv, readTlvHeader, readTlvList } from '../../../electron/engine/card/tlv.ts';
import { bytes, failureFrom, hexOf } from './scripted-channel.ts';

const malformed = (call: () => unknown) => {
  const failure = failureFrom(call);
  expect(failure.code).toBe('card-malformed');
  return failure.detail ?? '';
};

describe('reading', () => {
  it('takes tags of one, two and three bytes', () => {
    const list = readTlvList(bytes('8001AA 7F6602AABB BF810100 DF2101CC'));
    expect(list.map(({ tag }) => tag)).toEqual([0x80, 0x7f66, 0xbf8101, 0xdf21]);
    expect(list.map(({ constructed }) => constructed)).toEqual([false, true, true, false]);
    expect(list.map(({ value }) => hexOf(value))).toEqual(['AA', 'AABB', '', 'CC']);
    expect(hexOf(list[1]?.encoding ?? new Uint8Array(0))).toBe('7F6602AABB');
  });

  it('takes lengths of one to four bytes, also longer than need be', () => {
    for (const head of ['0402', '048102', '04820002', '0483000002']) {
      expect(hexOf(readTlv(bytes(`${head}1234`)).value)).toBe('1234');
    }
    const long = readTlv(Uint8Array.from([0x04, 0x82, 0x01, 0x00, ...new Uint8Array(256)]));
    expect(long.value.length).toBe(256);
  });

  it('descends', () => {
    // The answer of an IDEMIA card to the question for its try counters.
    const answer = readTlv(bytes('70 0C BF8101 08 A006 9A0103 9B0102'));
    const tries = answer.find(0xbf8101)?.find(0xa0)?.find(0x9b);
    expect(hexOf(tries?.value ?? new Uint8Array(0))).toBe('02');
    expect(answer.find(0x80)).toBeUndefined();
  });

  it('looks at the inside only when asked', () => {
    const odd = readTlv(bytes('3003 0405FF'));
    expect(odd.value.length).toBe(3);
    malformed(() => odd.children());
  });
});

describe('padding', () => {
  it('is skipped before, between and after objects, and FF ends the list', () => {
    const list = readTlvList(bytes('0000 800101 00 800102 0000 FFFF 800103'), { padding: true });
    expect(list.map(({ value }) => value[0])).toEqual([1, 2]);
    expect(readTlvList(bytes('FFFFFFFF'), { padding: true })).toEqual([]);
    expect(readTlvList(bytes('00000000'), { padding: true })).toEqual([]);
  });

  it('is not expected without the option, nor inside an object', () => {
    expect(malformed(() => readTlvList(bytes('800101 FFFFFFFF')))).toMatch(/more than three bytes/);
    malformed(() => readTlv(bytes('3005 800101 FFFF'), { padding: true }).children());
  });
});

describe('refusals', () => {
  it.each([
    ['indefinite length', '3080 020101 0000', /indefinite length/],
    ['five length bytes', '308400000001', /length field 84/],
    ['reserved length FF', '04FF00', /length field FF/],
    ['tag of four bytes', '1F81818101', /more than three bytes/],
    ['ends in the tag', '1F81', /ends in the header/],
    ['ends before the length', '30', /ends in the header/],
    ['ends in the length', '308201', /ends in the header/],
    ['ends in the value', '0405010203', /claims 5 bytes/],
    ['claims 16 MiB', '0483FFFFFF00', /claims 16777215 bytes/],
  ])('%s', (_, hex, detail) => {
    expect(malformed(() => readTlvList(bytes(hex)))).toMatch(detail);
  });

  it('no object, or two, in place of one', () => {
    expect(malformed(() => readTlv(bytes('')))).toMatch(/^0 data objects/);
    expect(malformed(() => readTlv(bytes('0500 0500')))).toMatch(/^2 data objects/);
  });

  it('children of a primitive object', () => {
    malformed(() => readTlv(bytes('0400')).children());
  });
});

describe('bounds', () => {
  const bounds = { maxDepth: 3, maxItems: 4, maxLength: 20 };

  it('depth', () => {
    const third = readTlv(bytes('3006 3004 3002 0500'), { bounds }).find(0x30)?.find(0x30);
    expect(third?.value.length).toBe(2);
    expect(malformed(() => third?.children())).toMatch(/deeper than 3/);
  });

  it('items, over all levels together', () => {
    expect(readTlvList(bytes('0500 0500 0500 0500'), { bounds }).length).toBe(4);
    expect(malformed(() => readTlvList(bytes('0500 0500 0500 0500 0500'), { bounds }))).toMatch(
      /more than 4/,
    );
    const [a, b] = readTlvList(bytes('3002 0500 3004 0500 0500'), { bounds });
    expect(a?.children().length).toBe(1);
    expect(malformed(() => b?.children())).toMatch(/more than 4/);
  });

  it('asking again costs nothing', () => {
    const object = readTlv(bytes('3006 0500 0500 0500'), { bounds });
    for (let n = 0; n < 10; n++) expect(object.children().length).toBe(3);
  });

  it('length', () => {
    expect(malformed(() => readTlvList(new Uint8Array(21), { bounds, padding: true }))).toMatch(/21 bytes/);
    expect(malformed(() => readTlvList(new Uint8Array(65_537)))).toMatch(/65537 bytes/);
  });
});

describe('headers', () => {
  it('are told without the value', () => {
    expect(readTlvHeader(bytes('3082051F'))).toEqual({
      tag: 0x30,
      constructed: true,
      headerLength: 4,
      valueLength: 0x51f,
    });
    expect(readTlvHeader(bytes('AAAA 7F660A'), 2)).toMatchObject({
      tag: 0x7f66,
      headerLength: 3,
      valueLength: 10,
    });
    for (const start of ['', '30', '3082', '308205', '7F'])
      expect(readTlvHeader(bytes(start))).toBeUndefined();
  });
});

describe('writing', () => {
  it('uses the shortest length', () => {
    expect(hexOf(encodeTlv(0x80, bytes('04')))).toBe('800104');
    expect(hexOf(encodeTlv(0x7f66, bytes('')))).toBe('7F6600');
    expect(hexOf(encodeTlv(0xbf8101, bytes('AA')))).toBe('BF810101AA');
    expect(hexOf(encodeTlv(0x30, new Uint8Array(127)).subarray(0, 3))).toBe('307F00');
    expect(hexOf(encodeTlv(0x30, new Uint8Array(128)).subarray(0, 3))).toBe('308180');
    expect(hexOf(encodeTlv(0x30, new Uint8Array(256)).subarray(0, 4))).toBe('30820100');
    expect(() => encodeTlv(0x30, new Uint8Array(65_536))).toThrow(RangeError);
  });
});
