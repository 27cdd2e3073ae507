import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';
import { codedPin } from '../../../electron/engine/token/pin-coding.ts';
import { checkNew, checkPresented } from '../../../electron/engine/token/pin-policy.ts';
import { failureFrom, hexOf } from '../card/scripted-channel.ts';
import { code } from './desk.ts';

const rules = (min: number, max = min) => ({ name: 'PIN1', length: { min, max }, digitsOnly: true });

describe('a new PIN', () => {
  it.each([
    '0000',
    '7777',
    '1212',
    '9090',
    '1234',
    '0123',
    '4321',
    '9876',
    '7890',
    '8901',
    '0987',
    '2468',
    '8642',
    '1357',
    '2580',
    '0852',
    '1990',
    '2031',
    '1900',
    '2099',
    '11111',
    '12121',
    '12345',
    '123123',
    '121212',
    '111111',
    '123456',
    '654321',
    '567890',
    '456456',
    '12341234',
    '123412341234',
  ])('%s is too easy', (digits) => {
    expect(failureFrom(() => checkNew(rules(4, 12), code(digits))).code).toBe('pin-trivial');
  });

  it.each(['4271', '836145', '1235', '1221', '1122', '2108', '1899', '25801', '905317', '112211', '310190'])(
    '%s will do',
    (digits) => {
      expect(() => checkNew(rules(4, 12), code(digits))).not.toThrow();
    },
  );

  it('must fit the card', () => {
    const failure = failureFrom(() => checkNew(rules(6), code('4271')));
    expect(failure).toMatchObject({ code: 'pin-length', parameters: { pin: 'PIN1', min: 6, max: 6 } });
    expect(failureFrom(() => checkNew(rules(6), code('8361459'))).code).toBe('pin-length');
    expect(failureFrom(() => checkNew(rules(1, 6), code(''))).code).toBe('pin-length');
  });

  it('has digits only, also where the card takes letters', () => {
    const lenient = { ...rules(4, 8), digitsOnly: false };
    expect(failureFrom(() => checkNew(lenient, code('ab12'))).code).toBe('pin-not-digits');
    expect(failureFrom(() => checkNew(lenient, code('42.1'))).code).toBe('pin-not-digits');
    expect(
      failureFrom(() => checkNew(lenient, new SecretBytes(Uint8Array.of(0x34, 0xb2, 0x37, 0x31)))).code,
    ).toBe('pin-not-digits');
  });

  it('is another one than before', () => {
    expect(failureFrom(() => checkNew(rules(4), code('4271'), code('4271'))).code).toBe('pin-same');
    expect(() => checkNew(rules(4), code('4271'), code('4272'))).not.toThrow();
  });

  it('does not appear in the failure', () => {
    const failure = failureFrom(() => checkNew(rules(4), code('1234')));
    expect(JSON.stringify([failure.message, failure.parameters, failure.detail ?? ''])).not.toContain('1234');
  });
});

describe('a presented PIN', () => {
  it('may be as easy as it likes', () => {
    expect(() => checkPresented(rules(4), code('1111'))).not.toThrow();
  });

  it('may have letters where the card says so', () => {
    expect(() => checkPresented({ ...rules(4), digitsOnly: false }, code('a1b2'))).not.toThrow();
    expect(failureFrom(() => checkPresented(rules(4), code('a1b2'))).code).toBe('pin-not-digits');
  });

  it('may be short while it is a transport PIN, never empty, never too long', () => {
    const transport = { ...rules(6), transport: true };
    expect(() => checkPresented(transport, code('12345'))).not.toThrow();
    expect(failureFrom(() => checkPresented(transport, code(''))).code).toBe('pin-length');
    expect(failureFrom(() => checkPresented(transport, code('1234567'))).code).toBe('pin-length');
  });
});

describe('the coding of a PIN', () => {
  it.each([
    ['ascii', '4271', '34323731'],
    ['bcd', '4271', '4271'],
    ['bcd', '42713', '42713F'],
    ['half-nibble-bcd', '4271', 'F4F2F7F1'],
    ['iso9564-1', '4271', '244271FFFFFFFFFF'],
    ['iso9564-1', '42713', '2542713FFFFFFFFF'],
    ['iso9564-1', '123456789012', '2C123456789012FF'],
  ] as const)('%s of %s is %s', (coding, digits, expected) => {
    expect(hexOf(codedPin(coding, code(digits), 0xff).expose())).toBe(expected);
  });

  it('fills the last nibble with the padding character', () => {
    expect(hexOf(codedPin('bcd', code('427'), 0x00).expose())).toBe('4270');
  });

  it('copies only what it changes', () => {
    const secret = code('4271');
    expect(codedPin('ascii', secret, 0xff)).toBe(secret);
    expect(codedPin('bcd', secret, 0xff)).not.toBe(secret);
  });
});
