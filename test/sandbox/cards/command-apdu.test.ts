import { describe, expect, it } from 'vitest';
import { parseCommandApdu } from '../../../electron/sandbox/cards/kernel/command-apdu.ts';
import { bytes, hex } from './desk.ts';

describe('command APDUs, cases 1 to 4 of ISO 7816-4', () => {
  it.each([
    ['case 1', '00A40000', '', 0, false],
    ['case 2 short', '00B0000010', '', 16, false],
    ['case 2 short, Le 00', '00B0000000', '', 256, false],
    ['case 2 extended', '00B00000 00 0400', '', 1024, true],
    ['case 2 extended, Le 0000', '00B00000 00 0000', '', 65536, true],
    ['case 3 short', '00A4000C 02 3F00', '3F00', 0, false],
    ['case 3 extended', '00A4000C 00 0002 3F00', '3F00', 0, true],
    ['case 4 short', '00A40000 02 3F00 00', '3F00', 256, false],
    ['case 4 short, Le FF', '00A40000 02 3F00 FF', '3F00', 255, false],
    ['case 4 extended', '00A40000 00 0002 3F00 0100', '3F00', 256, true],
    ['case 4 extended, Le 0000', '00A40000 00 0002 3F00 0000', '3F00', 65536, true],
  ])('%s', (_name, command, data, ne, extended) => {
    const parsed = parseCommandApdu(bytes(command));
    expect(parsed && { data: hex(parsed.data), ne: parsed.ne, extended: parsed.extended }).toEqual({
      data,
      ne,
      extended,
    });
  });

  it.each([
    ['empty', ''],
    ['three bytes', '00A400'],
    ['Lc longer than the data', '00A4000C 03 3F00'],
    ['more than Le behind the data', '00A4000C 02 3F00 00 00'],
    ['extended marker alone with one byte', '00B00000 00 01'],
    ['extended Lc of zero with data', '00A4000C 00 0000 3F00'],
    ['extended Lc longer than the data', '00A4000C 00 0003 3F00'],
    ['half an extended Le', '00A4000C 00 0002 3F00 01'],
  ])('refuses lengths that do not add up: %s', (_name, command) => {
    expect(parseCommandApdu(bytes(command))).toBeUndefined();
  });
});
