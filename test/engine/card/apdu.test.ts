import { describe, expect, it } from 'vitest';
import { encodeCommand, parseResponse } from '../../../electron/engine/card/apdu.ts';
import { bytes, failureFrom, hexOf } from './scripted-channel.ts';

const verify = { cla: 0x00, ins: 0x20, p1: 0x00, p2: 0x01 };

describe('command APDUs (ISO 7816-4, 5.2)', () => {
  it.each([
    ['case 1', verify, '00200001'],
    ['case 2 short, Le 1', { cla: 0, ins: 0xb0, p1: 1, p2: 2, le: 1 }, '00B0010201'],
    ['case 2 short, Le 256', { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 256 }, '00B0000000'],
    ['case 2 extended, Le 257', { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 257 }, '00B00000000101'],
    ['case 2 extended, Le 65,536', { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 65_536 }, '00B00000000000'],
    ['case 3 short', { ...verify, data: bytes('31323334FFFFFFFF') }, '002000010831323334FFFFFFFF'],
    [
      'case 4 short',
      { cla: 0, ins: 0xa4, p1: 8, p2: 0, data: bytes('50154401'), le: 256 },
      '00A40800045015440100',
    ],
    ['empty data is no data', { ...verify, data: new Uint8Array(0) }, '00200001'],
  ])('%s', (_, command, expected) => {
    expect(hexOf(encodeCommand(command))).toBe(expected);
  });

  it('goes over to extended form with the 256th data byte', () => {
    const longest = encodeCommand({ ...verify, data: new Uint8Array(255).fill(0xaa) });
    expect(hexOf(longest.subarray(0, 7))).toBe('00200001FFAAAA');
    expect(longest.length).toBe(4 + 1 + 255);
    const extended = encodeCommand({ ...verify, data: new Uint8Array(256).fill(0xaa) });
    expect(hexOf(extended.subarray(0, 9))).toBe('00200001000100AAAA');
    expect(extended.length).toBe(4 + 3 + 256);
  });

  it('codes case 4 extended with a two-byte Le', () => {
    const command = encodeCommand({ ...verify, data: bytes('0102'), le: 65_536 });
    expect(hexOf(command)).toBe('00200001' + '000002' + '0102' + '0000');
    expect(hexOf(encodeCommand({ ...verify, data: bytes('0102'), le: 300 }))).toBe(
      '00200001' + '000002' + '0102' + '012C',
    );
    expect(hexOf(encodeCommand({ ...verify, data: bytes('0102'), le: 256 }, 'extended'))).toBe(
      '00200001' + '000002' + '0102' + '0100',
    );
  });

  it('codes the longest command there is', () => {
    const command = encodeCommand({ ...verify, data: new Uint8Array(65_535), le: 65_536 });
    expect(command.length).toBe(65_544);
    expect(hexOf(command.subarray(4, 7))).toBe('00FFFF');
  });

  it.each([
    { ...verify, cla: 256 },
    { ...verify, p2: -1 },
    { ...verify, ins: 1.5 },
    { ...verify, le: 0 },
    { ...verify, le: 65_537 },
    { ...verify, data: new Uint8Array(65_536) },
  ])('refuses fields outside their ranges', (command) => {
    expect(() => encodeCommand(command)).toThrow(RangeError);
  });
});

describe('response APDUs', () => {
  it('splits data and status word', () => {
    expect(parseResponse(bytes('01026A82'))).toEqual({ data: bytes('0102'), sw: 0x6a82 });
    expect(parseResponse(bytes('9000'))).toEqual({ data: new Uint8Array(0), sw: 0x9000 });
    expect(parseResponse(new Uint8Array(65_538).fill(0x90)).data.length).toBe(65_536);
  });

  it.each(['', '90', '0000', '5000', 'FFFF', '8000', 'A000'])('refuses "%s"', (hex) => {
    expect(failureFrom(() => parseResponse(bytes(hex))).code).toBe('card-malformed');
  });

  it('refuses more bytes than an extended Le can ask for', () => {
    expect(failureFrom(() => parseResponse(new Uint8Array(65_539).fill(0x90))).code).toBe('card-malformed');
  });
});
