import { describe, expect, it } from 'vitest';
import { parseCdf } from '../../../../electron/engine/card/pkcs15/cdf.ts';
import { parsePrkdf } from '../../../../electron/engine/card/pkcs15/prkdf.ts';
import { cio, cioBytes } from '../der-writing.ts';
import { bytes } from '../scripted-channel.ts';
import { cdf, prkdf } from './example-files.ts';

const noUsage = {
  encipher: false,
  decipher: false,
  sign: false,
  signRecover: false,
  keyEncipher: false,
  keyDecipher: false,
  verify: false,
  verifyRecover: false,
  derive: false,
  nonRepudiation: false,
};

describe('PrKDF', () => {
  it('describes an RSA and an EC key', () => {
    const { objects, remarks } = parsePrkdf(prkdf.file);
    expect(remarks).toEqual([]);
    expect(objects).toEqual([
      {
        label: 'Auth',
        id: '45',
        authId: '01',
        userConsent: undefined,
        type: 'rsa',
        usage: { ...noUsage, sign: true },
        keyReference: 0,
        algorithmReferences: [],
        path: { file: bytes('3F0050154B01'), index: undefined, length: undefined },
        modulusLength: 2048,
        fieldSize: undefined,
      },
      {
        label: 'Sign',
        id: '46',
        authId: '02',
        userConsent: 1,
        type: 'ec',
        usage: { ...noUsage, nonRepudiation: true },
        keyReference: 0x81,
        algorithmReferences: [],
        path: { file: bytes('3F0050154B02'), index: undefined, length: undefined },
        modulusLength: undefined,
        fieldSize: 384,
      },
    ]);
  });

  it('takes native, accessFlags, dates, algorithm references, a negative and a two-byte key reference', () => {
    const key = (reference: string) =>
      parsePrkdf(
        cioBytes(
          'A0',
          '',
          `040101 03020520 010100 030203B8 ${reference}
           180F 32303235303130313030303030305A 800F 32303335303130313030303030305A A106 020103 020104`,
          '3002 0400',
        ),
      ).objects[0];
    expect(key('020181')).toMatchObject({
      keyReference: 0x81,
      algorithmReferences: [3, 4],
      path: undefined,
      fieldSize: undefined,
    });
    expect(key('02021F9F')?.keyReference).toBe(0x1f9f);
    expect(key('')?.keyReference).toBeUndefined();
  });

  it.each([
    [
      'a key reference of three bytes',
      cio('A0', '', '040101 03020520 0203010000', '3002 0400'),
      /reference 65536/,
    ],
    ['an absurd modulus', cio('30', '', '040101 03020520', '3002 0400 02027FFF'), /the number 32767/],
    [
      'an iD of 256 bytes',
      cio('30', '', `04820100${'41'.repeat(256)} 03020520`, '3002 0400'),
      /identifier of 256/,
    ],
    ['a native that is no boolean', cio('30', '', '040101 03020520 0100', '3002 0400'), /boolean of 0/],
    ['half a user consent', cio('30', '0200', '040101 03020520', '3002 0400'), /integer of 0/],
  ])('%s becomes a remark', (_, hex, detail) => {
    const { objects, remarks } = parsePrkdf(bytes(hex));
    expect(objects).toEqual([]);
    expect(remarks.map(({ kind }) => kind)).toEqual(['object-malformed']);
    expect(remarks[0]?.detail).toMatch(detail);
  });

  it('passes over keys of other kinds and keys without iD', () => {
    const { objects, remarks } = parsePrkdf(
      Uint8Array.from([...bytes('A100 300A 3000 3000 A104 3002 3000'), ...prkdf.authentication]),
    );
    expect(objects.map(({ id }) => id)).toEqual(['45']);
    expect(remarks.map(({ kind }) => kind)).toEqual(['object-unknown', 'object-malformed']);
  });
});

describe('CDF', () => {
  it('tells where the certificates are', () => {
    const { objects, remarks } = parseCdf(cdf.file);
    expect(remarks).toEqual([]);
    expect(objects).toEqual([
      {
        label: 'Auth',
        id: '45',
        authority: false,
        authId: undefined,
        source: { kind: 'file', path: { file: bytes('3F0050154301'), index: undefined, length: undefined } },
      },
      {
        label: 'Sign',
        id: '46',
        authority: false,
        authId: undefined,
        source: { kind: 'file', path: { file: bytes('4302'), index: 4, length: 10 } },
      },
    ]);
  });

  it('takes certificates written into the directory, with either way of tagging', () => {
    const explicit = parseCdf(cioBytes('30', '', '040147 0101FF', 'A005 3003 020101')).objects[0];
    expect(explicit).toMatchObject({
      id: '47',
      authority: true,
      source: { kind: 'direct', der: bytes('3003020101') },
    });
    const implicit = parseCdf(cioBytes('30', '', '040147', 'A006 3000 3000 0300')).objects[0];
    expect(implicit).toMatchObject({
      authority: false,
      source: { kind: 'direct', der: bytes('3006300030000300') },
    });
  });

  it.each([
    ['an empty path', cio('30', '', '040147', '3002 0400'), /empty path/],
    ['no value', cio('30', '', '040147', ''), /certificate value/],
    ['an index out of reach', cio('30', '', '040147', '3009 04024301 0203008000'), /the number 32768/],
    ['a negative length', cio('30', '', '040147', '3007 04024301 8001FF'), /the number -1/],
  ])('%s becomes a remark', (_, hex, detail) => {
    expect(parseCdf(bytes(hex)).remarks[0]?.detail).toMatch(detail);
    const { objects, remarks } = parseCdf(bytes(hex));
    expect(objects).toEqual([]);
    expect(remarks.map(({ kind }) => kind)).toEqual(['object-malformed']);
  });
});
