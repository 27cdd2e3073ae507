import { describe, expect, it } from 'vitest';
import { parseAodf } from '../../../../electron/engine/card/pkcs15/aodf.ts';
import { parseOdf } from '../../../../electron/engine/card/pkcs15/ef-odf.ts';
import { parsePrkdf } from '../../../../electron/engine/card/pkcs15/prkdf.ts';
import { cioBytes } from '../der-writing.ts';
import { bytes, hexOf } from '../scripted-channel.ts';

/**
 * Bytes of real cards, as GnuPG's smart card daemon quotes them beside its own decoding (scd/app-p15.c): a card with
 * DF 4016 and four RSA keys, and an ODF with absolute paths.
 */
describe('a signature card with DF 4016', () => {
  it('EF.ODF with paths from its own DF', () => {
    const odf = parseOdf(
      bytes('A006300404026034 A406300404026035 A506300404026036 A706300404026037 A806300404026038'),
    );
    expect(odf.map(({ kind, path }) => [kind, path && hexOf(path.file)])).toEqual([
      ['private-keys', '6034'],
      ['certificates', '6035'],
      ['trusted-certificates', '6036'],
      ['data', '6037'],
      ['authentication', '6038'],
    ]);
  });

  it('PrKDF 6034 with its padding', () => {
    const { objects, remarks } = parsePrkdf(
      bytes(`
        30 33 30 11 0C 08 53 4B 2E 43 48 2E 44 53 03 02 06 80 04 01 07 30 0C 04 01 01 03 03 06 00 40 02
        02 00 50 A1 10 30 0E 30 08 04 06 3F 00 40 16 00 50 02 02 04 00 30 33 30 11 0C 08 53 4B 2E 43 48
        2E 4B 45 03 02 06 80 04 01 0A 30 0C 04 01 0C 03 03 06 44 00 02 02 00 52 A1 10 30 0E 30 08 04 06
        3F 00 40 16 00 52 02 02 04 00 30 34 30 12 0C 09 53 4B 2E 43 48 2E 41 55 54 03 02 06 80 04 01 0A
        30 0C 04 01 0D 03 03 06 20 00 02 02 00 51 A1 10 30 0E 30 08 04 06 3F 00 40 16 00 51 02 02 04 00
        30 37 30 15 0C 0C 53 4B 2E 43 48 2E 44 53 2D 53 50 58 03 02 06 80 04 01 0A 30 0C 04 01 02 03 03
        06 20 00 02 02 00 53 A1 10 30 0E 30 08 04 06 3F 00 40 16 00 53 02 02 04 00 00 00 00 00 00 00 00
        00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`),
    );
    expect(remarks).toEqual([]);
    expect(
      objects.map(({ label, id, authId, keyReference, modulusLength, path, usage }) => [
        label,
        id,
        authId,
        keyReference,
        modulusLength,
        path && hexOf(path.file),
        Object.entries(usage).flatMap(([name, set]) => (set ? [name] : [])),
      ]),
    ).toEqual([
      ['SK.CH.DS', '01', '07', 0x50, 1024, '3F0040160050', ['nonRepudiation']],
      ['SK.CH.KE', '0c', '0a', 0x52, 1024, '3F0040160052', ['decipher', 'keyDecipher']],
      ['SK.CH.AUT', '0d', '0a', 0x51, 1024, '3F0040160051', ['sign']],
      ['SK.CH.DS-SPX', '02', '0a', 0x53, 1024, '3F0040160053', ['sign']],
    ]);
  });

  it('the PIN of the signature key: 6 to 8 digits with 6 stored, changed on 19.04.2002', () => {
    // Written from the decoding, which is all that is quoted of this file.
    const { objects } = parseAodf(
      cioBytes(
        '30',
        '0C13 73706563696669632050494E20666F72204453 030200C0',
        '040107',
        `0303004C10 0A0101 020106 020106 020108 800102 180D 323030323034313931323132 5A
         3006 04043F004016`,
      ),
    );
    expect(objects[0]).toMatchObject({
      label: 'specific PIN for DS',
      authId: '07',
      flags: {
        local: true,
        initialized: true,
        needsPadding: true,
        exchangeReferenceData: true,
        unblockingPin: false,
      },
      type: 'ascii-numeric',
      minLength: 6,
      storedLength: 6,
      maxLength: 8,
      reference: 2,
      padByte: undefined,
    });
    expect(objects[0]?.path && hexOf(objects[0].path.file)).toBe('3F004016');
  });
});

it('EF.ODF of another card, with absolute paths and zeros at its end', () => {
  const odf = parseOdf(
    bytes(`A00A300804063F0050154401 A10A300804063F0050154411 A40A300804063F0050154441
      A50A300804063F0050154451 A80A300804063F0050154481 00000000`),
  );
  expect(odf.map(({ kind, path }) => [kind, path && hexOf(path.file)])).toEqual([
    ['private-keys', '3F0050154401'],
    ['public-keys', '3F0050154411'],
    ['certificates', '3F0050154441'],
    ['trusted-certificates', '3F0050154451'],
    ['authentication', '3F0050154481'],
  ]);
});
