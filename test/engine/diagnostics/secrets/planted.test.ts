import { describe, expect, it } from 'vitest';
import { findPlanted, plantedBytes, plantedText } from './planted.ts';

/** The search itself: each form typed by hand, or made by other tools than the search. */
describe('planted secrets', () => {
  const idnp = plantedText('IDNP', '2500000000010');
  const name = plantedText('name', 'Țurcanu');
  const pin = plantedText('PIN1', '4271', true);

  it.each([
    ['plain', 'x2500000000010y'],
    ['hex', '32353030303030303030303130'],
    ['base64', 'MjUwMDAwMDAwMDAxMA=='],
    ['base64, one byte later', Buffer.from('A2500000000010').toString('base64')],
    ['base64, two bytes later', Buffer.from('AB2500000000010C').toString('base64')],
    ['UTF-16LE in hex', '3200350030003000300030003000300030003000300031003000'],
    ['UTF-16BE in hex', '0032003500300030003000300030003000300030003000310030'],
    ['UTF-16LE in base64', Buffer.from('2500000000010', 'utf16le').toString('base64')],
    ['as numbers', '[50,53,48,48,48,48,48,48,48,48,48,49,48]'],
  ])('an IDNP is found %s', (_, document) => {
    expect(findPlanted(document, [idnp])).toEqual(['IDNP']);
  });

  it.each([
    ['plain', 'Numele: Țurcanu'],
    ['in capitals', 'ȚURCANU'],
    ['hex', 'c89a757263616e75'],
    ['percent-encoded', 'q=%C8%9Aurcanu'],
    ['base64', '…yJp1cmNhbnU='],
    ['UTF-16BE in hex', '021A0075007200630061006E0075'],
  ])('a name is found %s', (_, document) => {
    expect(findPlanted(document, [name])).toEqual(['name']);
  });

  it.each([
    ['by itself', '"pin":"4271"'],
    ['in an APDU', '002000010434323731'],
    ['UTF-16LE', '3400320037003100'],
  ])('a PIN is found %s', (_, document) => {
    expect(findPlanted(document, [pin])).toEqual(['PIN1']);
  });

  it('four digits within a longer number are no PIN', () => {
    expect(findPlanted('1742712 A4271F', [pin])).toEqual([]);
  });

  it('bytes are found by any sixteen of them', () => {
    const bytes = Uint8Array.from({ length: 48 }, (_, at) => (at * 37) & 0xff);
    const key = plantedBytes('key', bytes);
    expect(findPlanted(Buffer.from(bytes.subarray(16, 32)).toString('hex'), [key])).toEqual(['key']);
    expect(findPlanted(Buffer.from(bytes).toString('base64'), [key])).toEqual(['key']);
    expect(findPlanted('00'.repeat(64), [key])).toEqual([]);
  });
});
