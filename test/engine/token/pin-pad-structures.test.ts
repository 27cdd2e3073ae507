import { describe, expect, it } from 'vitest';
import {
  featureRequestCode,
  parseFeatureList,
  parsePinProperties,
  parseTlvProperties,
} from '../../../electron/engine/token/pin-pad/features.ts';
import {
  layoutDigits,
  type PinLayout,
  pinLayout,
  pinModifyStructure,
  pinVerifyStructure,
} from '../../../electron/engine/token/pin-pad/structures.ts';
import { bytes } from '../card/scripted-channel.ts';

/** PC/SC part 10: everything here is typed from the standard's tables. */

const hexOf = (structure: Uint8Array): string => Buffer.from(structure).toString('hex');
const layout = (...args: Parameters<typeof pinLayout>): PinLayout => pinLayout(...args) as PinLayout;
const rules = { min: 4, max: 8, validation: 2 };

describe('the list of features', () => {
  it('is asked for with the control code of the platform', () => {
    expect(featureRequestCode('linux')).toBe(0x42000d48);
    expect(featureRequestCode('darwin')).toBe(0x42000d48);
    // CTL_CODE(FILE_DEVICE_SMARTCARD 0x31, function 3400, METHOD_BUFFERED, FILE_ANY_ACCESS)
    expect(featureRequestCode('win32')).toBe(0x00313520);
  });

  it('gives the control code of each feature, big-endian', () => {
    const list = parseFeatureList(bytes('060442330006070442330007120442330012'));
    expect([...list]).toEqual([
      [6, 0x42330006],
      [7, 0x42330007],
      [0x12, 0x42330012],
    ]);
  });

  it.each([
    ['cut off', '0604423300'],
    ['with another length', '060342330006'],
    ['with a feature twice', '060442330006060442330007'],
    ['with no control code', '060400000000'],
    ['endless', '010442330001'.repeat(65)],
  ])('is none when it is %s', (_, hex) => {
    expect([...parseFeatureList(bytes(hex))]).toEqual([]);
  });
});

describe('properties', () => {
  it('tell lengths, how an entry ends, and the USB device', () => {
    // bEntryValidationCondition 7, 4 to 12 digits, dwMaxAPDUDataSize, 076B:6622
    const tlv = bytes('020107060104 07010c 0a0400000100 0b026b07 0c022266'.replaceAll(' ', ''));
    expect(parseTlvProperties(tlv)).toEqual({
      validation: 7,
      minDigits: 4,
      maxDigits: 12,
      usb: { vendor: 0x076b, product: 0x6622 },
    });
    expect(parsePinProperties(bytes('10020700'))).toEqual({ validation: 7 });
  });

  it('that are broken say nothing', () => {
    expect(parseTlvProperties(bytes('0601'))).toEqual({});
    expect(parseTlvProperties(bytes('06ff04'))).toEqual({});
    expect(parseTlvProperties(bytes('060100'))).toEqual({});
    expect(parsePinProperties(bytes('100207'))).toEqual({});
  });
});

it('whatever a reader answers is read without a fault, and never as more than it holds', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return (state >> 8) % below;
  };
  for (let round = 0; round < 3_000; round++) {
    const answer = Uint8Array.from({ length: random(48) }, () => random(256));
    const features = parseFeatureList(answer);
    expect(features.size * 6).toBeLessThanOrEqual(answer.length);
    const {
      minDigits = 1,
      maxDigits = 1,
      validation = 0,
    } = { ...parsePinProperties(answer), ...parseTlvProperties(answer) };
    for (const value of [minDigits, maxDigits, validation]) expect(value).toBeLessThanOrEqual(0xffff);
  }
});

describe('PIN_VERIFY_STRUCTURE', () => {
  const verify = bytes('00200001');

  it('for ASCII digits in a filled block', () => {
    const ascii = layout({ coding: 'ascii', padding: { storedLength: 8, padByte: 0xff } });
    expect(hexOf(pinVerifyStructure(verify, ascii, rules))).toBe(
      // timeouts 30 s, format, block, length; XXYY 0408 little-endian; key; 1 message; 0418; index; prologue; 13
      `1e1e820800${'0804'}0201${'1804'}00${'000000'}${'0d000000'}0020000108ffffffffffffffff`,
    );
  });

  it('for ASCII digits alone: the reader says how many there are', () => {
    const ascii = layout({ coding: 'ascii', padding: undefined });
    expect(hexOf(pinVerifyStructure(verify, ascii, { min: 6, max: 12, validation: 1 }))).toBe(
      `1e1e820000${'0c06'}0101${'1804'}00${'000000'}${'05000000'}0020000100`,
    );
  });

  it('for packed BCD', () => {
    const bcd = layout({ coding: 'bcd', padding: { storedLength: 4, padByte: 0x00 } });
    expect(hexOf(pinVerifyStructure(verify, bcd, rules))).toBe(
      `1e1e810400${'0804'}0201${'1804'}00${'000000'}${'09000000'}002000010400000000`,
    );
    expect(layoutDigits({ coding: 'bcd', padding: { storedLength: 4, padByte: 0 } })).toBe(8);
  });

  it('for ISO 9564-1 format 2: count of digits in the low nibble of the first byte', () => {
    const block = layout({ coding: 'iso9564-1', padding: undefined });
    expect(hexOf(pinVerifyStructure(verify, block, { min: 4, max: 12, validation: 2 }))).toBe(
      `1e1e894704${'0c04'}0201${'1804'}00${'000000'}${'0d000000'}002000010820ffffffffffffff`,
    );
  });

  it('does not exist for what the standard has no words for', () => {
    expect(
      pinLayout({ coding: 'half-nibble-bcd', padding: { storedLength: 8, padByte: 0xff } }),
    ).toBeUndefined();
    expect(pinLayout({ coding: 'bcd', padding: undefined })).toBeUndefined();
    expect(pinLayout({ coding: 'ascii', padding: { storedLength: 16, padByte: 0 } })).toBeUndefined();
  });
});

describe('PIN_MODIFY_STRUCTURE', () => {
  const ascii = layout({ coding: 'ascii', padding: { storedLength: 8, padByte: 0x00 } });

  it('asks for the old PIN and twice for the new one', () => {
    expect(hexOf(pinModifyStructure(bytes('00240002'), ascii, rules, true))).toBe(
      // insertion offsets 0 and 8; XXYY; bConfirmPIN 3; key; 3 messages; 0418; indices 0, 1, 2; prologue; 21
      `1e1e820800${'0008'}${'0804'}030203${'1804'}${'000102'}${'000000'}${'15000000'}0024000210${'00'.repeat(16)}`,
    );
  });

  it('asks for the new PIN alone, twice', () => {
    expect(hexOf(pinModifyStructure(bytes('002c0201'), ascii, rules, false))).toBe(
      `1e1e820800${'0000'}${'0804'}010202${'1804'}${'010200'}${'000000'}${'0d000000'}002c020108${'00'.repeat(8)}`,
    );
  });
});
