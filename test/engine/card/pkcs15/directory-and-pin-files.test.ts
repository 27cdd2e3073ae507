import { describe, expect, it } from 'vitest';
import { parseAodf } from '../../../../electron/engine/card/pkcs15/aodf.ts';
import { parseEfDir } from '../../../../electron/engine/card/pkcs15/ef-dir.ts';
import { parseOdf } from '../../../../electron/engine/card/pkcs15/ef-odf.ts';
import { parseTokenInfo } from '../../../../electron/engine/card/pkcs15/token-info.ts';
import { cio, cioBytes } from '../der-writing.ts';
import { bytes, failureFrom, hexOf } from '../scripted-channel.ts';
import { aodf, efDir, efOdf, efTokenInfo } from './example-files.ts';

const malformed = (call: () => unknown) => {
  const failure = failureFrom(call);
  expect(failure.code).toBe('card-malformed');
  return failure.detail ?? '';
};

describe('EF.DIR', () => {
  it('lists applications', () => {
    expect(parseEfDir(efDir)).toEqual([
      { aid: bytes('A000000063504B43532D3135'), label: 'Buletin', path: bytes('3F005015') },
    ]);
  });

  it('with padding, records of other kinds, and paths that do not say 3F00', () => {
    const list = parseEfDir(bytes('00 6106 4F04A0000001 7F4900 6104 51025015 00 6100 FFFF'));
    expect(list).toEqual([
      { aid: bytes('A0000001'), label: '', path: undefined },
      { aid: undefined, label: '', path: bytes('3F005015') },
    ]);
  });

  it('a path that cannot be one is as good as none', () => {
    expect(parseEfDir(bytes('610B 4F04A0000001 51033F0050'))[0]?.path).toBeUndefined();
  });

  it('empty is empty', () => {
    expect(parseEfDir(bytes('FFFFFFFF'))).toEqual([]);
    expect(parseEfDir(new Uint8Array(0))).toEqual([]);
  });

  it('refuses absurd AIDs and too many applications', () => {
    malformed(() => parseEfDir(bytes(`6113 4F11 ${'A0'.repeat(17)}`)));
    malformed(() => parseEfDir(bytes('6103 4F01A0'.repeat(17))));
    malformed(() => parseEfDir(bytes('6120 4F04A0000001')));
  });
});

describe('EF.ODF', () => {
  it('tells where the directory files are', () => {
    expect(parseOdf(efOdf).map(({ kind, path }) => [kind, path && hexOf(path.file)])).toEqual([
      ['authentication', '3F0050154401'],
      ['private-keys', '3F0050154402'],
      ['public-keys', '3F0050154403'],
      ['certificates', '3F0050154404'],
    ]);
  });

  it('takes objects in place of a path, relative paths, and unknown entries', () => {
    const odf = parseOdf(bytes('A004 A002 3000 A406 3004 04024404 AF00 0000 FF'));
    expect(odf).toEqual([
      { kind: 'private-keys', objects: bytes('3000') },
      { kind: 'certificates', path: { file: bytes('4404'), index: undefined, length: undefined } },
    ]);
  });

  it('passes over a path that names nothing', () => {
    expect(parseOdf(bytes('A804 3002 0400'))).toEqual([]);
  });

  it('refuses nonsense', () => {
    malformed(() => parseOdf(bytes('A802 0500')));
    malformed(() => parseOdf(bytes('A806 3004 04025031 FE')));
    malformed(() => parseOdf(bytes('A805 3003 040150')));
    expect(parseOdf(bytes(`A814 3012 0410${'50'.repeat(16)}`)).length).toBe(1);
    expect(malformed(() => parseOdf(bytes(`A816 3014 0412${'50'.repeat(18)}`)))).toMatch(/path of 18 bytes/);
    malformed(() => parseOdf(bytes('A806 3004 04024401'.repeat(33))));
  });
});

describe('EF.TokenInfo', () => {
  it('names the card', () => {
    expect(parseTokenInfo(efTokenInfo)).toEqual({
      version: 0,
      serialNumber: '0102030405',
      manufacturer: 'Sandbox',
      label: 'SIMULATED',
      flags: { readOnly: false, authenticationRequired: true, prnGeneration: true },
      algorithms: [],
    });
  });

  it('may say little', () => {
    expect(parseTokenInfo(bytes('3006 020100 030100 0000 FF'))).toMatchObject({
      serialNumber: '',
      manufacturer: '',
      label: '',
      flags: { readOnly: false },
    });
  });

  it('lists algorithms', () => {
    // reference 1, CKM_ECDSA (0x1041), NULL, operations, algId 1.2.840.10045.4.3.3, algRef 54.
    const info = parseTokenInfo(
      bytes('3024 020100 030100 A21C 301A 020101 02021041 0500 03020640 06082A8648CE3D040303 020154'),
    );
    expect(info.algorithms).toEqual([{ reference: 1, mechanism: 0x1041, cardReference: 0x54 }]);
  });

  it('has its label made fit to be shown', () => {
    // "A", a line feed, a right-to-left override, "B", a blank, a zero, and a byte that is not UTF-8.
    const info = parseTokenInfo(bytes('3012 020100 800A 410AE280AE 42 20 00 FF 43 030100'));
    expect(info.label).toBe('A B \u{FFFD}C');
  });

  it('refuses what is none', () => {
    malformed(() => parseTokenInfo(bytes('')));
    malformed(() => parseTokenInfo(bytes('3000')));
    malformed(() => parseTokenInfo(bytes('3006 030100 020100')));
    malformed(() => parseTokenInfo(bytes('300A 02050000000000 030100')));
  });
});

/** A password object with these PasswordAttributes. */
const pwd = (fields: string) => cio('30', '', '', fields);

describe('AODF', () => {
  const flags = {
    caseSensitive: true,
    local: true,
    changeDisabled: false,
    unblockDisabled: false,
    initialized: true,
    needsPadding: true,
    unblockingPin: false,
    soPin: false,
    disableAllowed: false,
    integrityProtected: false,
    confidentialityProtected: false,
    exchangeReferenceData: false,
  };
  const path = { file: bytes('3F005015'), index: undefined, length: undefined };

  it('describes PIN1, PIN2 and the PUK', () => {
    const { objects, remarks } = parseAodf(aodf.file);
    expect(remarks).toEqual([]);
    expect(objects).toEqual([
      {
        label: 'PIN1',
        authId: '01',
        guardedBy: undefined,
        flags,
        unblocks: false,
        type: 'ascii-numeric',
        minLength: 4,
        storedLength: 8,
        maxLength: 8,
        reference: 1,
        padByte: 0xff,
        path,
      },
      {
        label: 'PIN2',
        authId: '02',
        guardedBy: '03',
        flags,
        unblocks: false,
        type: 'ascii-numeric',
        minLength: 6,
        storedLength: 8,
        maxLength: 8,
        reference: 2,
        padByte: 0xff,
        path,
      },
      {
        label: 'PUK',
        authId: '03',
        guardedBy: undefined,
        flags: { ...flags, unblockingPin: true },
        unblocks: true,
        type: 'ascii-numeric',
        minLength: 8,
        storedLength: 8,
        maxLength: 8,
        reference: 3,
        padByte: 0xff,
        path,
      },
    ]);
  });

  it('takes a reference of 81 written either way, and 0 when there is none', () => {
    const pin = (reference: string) =>
      parseAodf(cioBytes('30', '', '', `030100 0A0101 020104 020108 ${reference}`)).objects[0]?.reference;
    expect(pin('800181')).toBe(0x81);
    expect(pin('80020081')).toBe(0x81);
    expect(pin('')).toBe(0);
  });

  it('takes the stored length for the longest when the card does not say, two digits a byte in BCD', () => {
    const pin = (type: string) =>
      parseAodf(cioBytes('30', '', '', `030100 ${type} 020104 020106`)).objects[0];
    expect(pin('0A0101')?.maxLength).toBe(6);
    expect(pin('0A0100')).toMatchObject({ type: 'bcd', maxLength: 12 });
  });

  it('takes no unused bit for a flag', () => {
    // Two unused bits, all eight set: flags 6 and 7 were not sent.
    const [pin] = parseAodf(cioBytes('30', '', '', '030202FF 0A0101 020104 020108')).objects;
    expect(pin?.flags).toMatchObject({
      caseSensitive: true,
      needsPadding: true,
      unblockingPin: false,
      soPin: false,
    });
  });

  it('takes a date of the last change, and an empty path', () => {
    const fields = '030100 0A0102 020104 020108 180F 32303235303130313030303030305A 3002 0400';
    expect(parseAodf(cioBytes('30', '', '', fields)).objects[0]).toMatchObject({
      type: 'utf8',
      path: undefined,
    });
  });

  it('passes over other kinds of authentication objects', () => {
    const { objects, remarks } = parseAodf(Uint8Array.from([...bytes('A000 A100'), ...aodf.pin1]));
    expect(objects.length).toBe(1);
    expect(remarks.map(({ kind }) => kind)).toEqual(['object-unknown', 'object-unknown']);
  });

  it.each([
    ['no attributes', '3000', /without its attributes/],
    ['no type attributes', '3004 3000 3000', /without its attributes/],
    ['an unknown kind of password', pwd('030100 0A0109 020104 020108'), /unknown pwdType/],
    ['a negative length', pwd('030100 0A0101 0201FF 020108'), /the number -1/],
    ['a length beyond an APDU', pwd('030100 0A0101 020104 02020100'), /the number 256/],
    ['a reference of two bytes', pwd('030100 0A0101 020104 020108 80020181'), /the reference 385/],
    ['an empty integer', pwd('030100 0A0101 0200 020108'), /an integer of 0 bytes/],
    ['a pad of two bytes', pwd('030100 0A0101 020104 020108 0402FFFF'), /padChar of 2 bytes/],
    ['eight unused bits', pwd('030108 0A0101 020104 020108'), /bit string/],
    ['endless flags', pwd(`030A00${'FF'.repeat(9)} 0A0101 020104 020108`), /bit string of 10/],
    ['no type', pwd('030100 020104 020108'), /pwdType: tag a expected, 2 found/],
    ['a label of 256 bytes', cio('30', `0C820100${'41'.repeat(256)}`, '', ''), /text of 256/],
    ['an authId of 256 bytes', cio('30', `04820100${'41'.repeat(256)}`, '', ''), /identifier of 256/],
  ])('an object with %s becomes a remark, the rest stays', (_, hex, detail) => {
    const { objects, remarks } = parseAodf(Uint8Array.from([...bytes(hex), ...aodf.pin2]));
    expect(objects.map(({ authId }) => authId)).toEqual(['02']);
    expect(remarks.map(({ kind }) => kind)).toEqual(['object-malformed']);
    expect(remarks[0]?.detail).toMatch(detail);
  });

  it('refuses a file that is cut off, and more than 64 objects', () => {
    malformed(() => parseAodf(aodf.file.subarray(0, -1)));
    malformed(() => parseAodf(bytes('3000'.repeat(65))));
    expect(parseAodf(bytes('3000'.repeat(64))).remarks.length).toBe(64);
  });
});
