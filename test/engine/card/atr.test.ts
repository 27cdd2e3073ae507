import { describe, expect, it } from 'vitest';
import {
  atrPattern,
  matchesAtr,
  moldovanCardLikeness,
  parseAtr,
  parseCardCapabilities,
} from '../../../electron/engine/card/atr.ts';
import { bytes, failureFrom, hexOf } from './scripted-channel.ts';

/** "Moldavian 2025 ID Card (eID)" and its sibling in the public list of ATRs. */
const eid = '3BDF96FF8131FE4580738421E0574D44415F415350810F87';
const sibling = '3BDF96008131FE4580738421E0574D44415F415350810F78';
/** The same historical bytes over a contactless reader, by PC/SC part 3. */
const contactless = '3B8F800180738421E0574D44415F415350810F34';

describe('the two public Moldovan ATRs', () => {
  it.each([
    [eid, 0xff],
    [sibling, 0x00],
  ])('%s', (hex, tc1) => {
    const atr = parseAtr(bytes(hex));
    expect(atr.convention).toBe('direct');
    expect(atr.interfaceBytes).toEqual([
      { ta: 0x96, tb: undefined, tc: tc1, td: 0x81 },
      { ta: undefined, tb: undefined, tc: undefined, td: 0x31 },
      { ta: 0xfe, tb: 0x45, tc: undefined, td: undefined },
    ]);
    expect(atr.protocols).toEqual([1]);
    expect(hexOf(atr.historicalBytes)).toBe('80738421E0574D44415F415350810F');
    expect(atr.objects).toEqual([
      { tag: 7, value: bytes('8421E0') },
      { tag: 5, value: bytes('4D44415F415350') },
      { tag: 8, value: bytes('0F') },
    ]);
    expect(Buffer.from(atr.issuerData ?? []).toString()).toBe('MDA_ASP');
    expect(atr.capabilities).toEqual({
      selectByFullName: true,
      selectByPartialName: false,
      selectByPath: false,
      selectByFileIdentifier: false,
      shortFileIdentifiers: true,
      commandChaining: true,
      extendedLength: true,
      extendedLengthInformation: true,
    });
    expect(atr.check).toBe('valid');
    expect(moldovanCardLikeness(bytes(hex))).toBe('contact');
  });

  it('keep their historical bytes over a contactless reader', () => {
    const atr = parseAtr(bytes(contactless));
    expect(atr.protocols).toEqual([0, 1]);
    expect(hexOf(atr.historicalBytes)).toBe('80738421E0574D44415F415350810F');
    expect(atr.check).toBe('valid');
    expect(moldovanCardLikeness(bytes(contactless))).toBe('contactless');
  });
});

describe('likeness to the Moldovan card', () => {
  it('is also seen in the issuer data alone', () => {
    expect(moldovanCardLikeness(bytes('3B898001 80 574D44415F415350 00'))).toBe('issuer-data');
    expect(moldovanCardLikeness(bytes('3B888001 C1 4D44415F415350 00'))).toBe('issuer-data');
    expect(moldovanCardLikeness(bytes(eid.slice(0, -2)))).toBe('issuer-data');
  });

  it.each([
    ['German STARCOS card with the same beginning', '3BDF96FF8131FE45805B44452E42415F53433335328105B5'],
    ['Romanian card of the same platform', '3BDF96008131FE4580738421E05569780000808307900024'],
    ['Estonian card', '3BDB960080B1FE451F830012233F536549440F9000F1'],
    ['nothing', ''],
    ['garbage', '00112233'],
  ])('is not seen in: %s', (_, hex) => {
    expect(moldovanCardLikeness(bytes(hex))).toBeUndefined();
  });
});

describe('other ATRs', () => {
  it('decodes a T=0 card without check byte', () => {
    const atr = parseAtr(bytes('3B 02 14 50'));
    expect(atr.protocols).toEqual([0]);
    expect(hexOf(atr.historicalBytes)).toBe('1450');
    expect(atr.objects).toEqual([]);
    expect(atr.check).toBe('absent');
  });

  it('decodes inverse convention and the shortest ATR', () => {
    expect(parseAtr(bytes('3F00')).convention).toBe('inverse');
    expect(parseAtr(bytes('3B00')).historicalBytes.length).toBe(0);
  });

  it('leaves T=15 out of the protocols', () => {
    // TD1 = 80 (T=0), TD2 = 1F (T=15), TA3: the class indicator.
    expect(parseAtr(bytes('3B 80 80 1F 03 9C')).protocols).toEqual([0]);
  });

  it('reads historical bytes of category 00: three status bytes at the end are no object', () => {
    const atr = parseAtr(bytes('3B 06 00 31C0 05 9000'));
    expect(atr.objects).toEqual([{ tag: 3, value: bytes('C0') }]);
  });

  it('gives no objects for historical bytes that overrun themselves', () => {
    expect(parseAtr(bytes('3B 03 80 7F 01')).objects).toEqual([]);
  });

  it('tells a wrong and a missing check byte', () => {
    expect(parseAtr(bytes(`${eid.slice(0, -2)}00`)).check).toBe('wrong');
    expect(parseAtr(bytes(eid.slice(0, -2))).check).toBe('wrong');
  });

  it.each([
    ['nothing', ''],
    ['one byte', '3B'],
    ['34 bytes', `3B0F${'00'.repeat(32)}`],
    ['a foreign initial character', '3A00'],
    ['interface bytes missing', '3BF011'],
    ['historical bytes missing', '3B05010203'],
    ['bytes left over', '3B0201020304'],
    ['TD chained for ever', `3B80${'80'.repeat(31)}`],
  ])('refuses: %s', (_, hex) => {
    expect(failureFrom(() => parseAtr(bytes(hex))).code).toBe('card-malformed');
  });
});

describe('card capabilities', () => {
  it('may be shorter than three bytes', () => {
    expect(parseCardCapabilities(undefined)).toBeUndefined();
    expect(parseCardCapabilities(new Uint8Array(0))).toBeUndefined();
    expect(parseCardCapabilities(bytes('30'))).toMatchObject({
      selectByPath: true,
      selectByFileIdentifier: true,
      commandChaining: false,
      extendedLength: false,
    });
  });
});

describe('patterns', () => {
  it('match by mask and by length', () => {
    const pattern = atrPattern('3B..01');
    expect(matchesAtr(pattern, bytes('3BFF01'))).toBe(true);
    expect(matchesAtr(pattern, bytes('3BFF02'))).toBe(false);
    expect(matchesAtr(pattern, bytes('3BFF0101'))).toBe(false);
  });

  it.each(['', '3', '3B.', 'XY', '3B ..'])('are refused when written "%s"', (text) => {
    expect(() => atrPattern(text)).toThrow(RangeError);
  });
});
