import { expect, it } from 'vitest';
import { parseEfAtr } from '../../../electron/engine/card/ef-atr.ts';
import { bytes, failureFrom } from './scripted-channel.ts';

it.each([
  ['capabilities and limits', '4701 84 7F6608 02020400 02020202', 512],
  ['capabilities in three bytes', '4303 012345 4703 8421E0', undefined],
  ['limits of three bytes', '7F660A 0203010000 0203010002 0000', 65_536],
  ['half the limits', '7F6604 02020400', undefined],
  ['an absurd limit', '7F6606 020101 020102', undefined],
  ['nothing', '', undefined],
])('%s', (_, hex, maxResponseData) => {
  const information = parseEfAtr(bytes(hex));
  expect(information.maxResponseData).toBe(maxResponseData);
  expect(information.capabilities?.selectByFullName).toBe(hex.includes('47') ? true : undefined);
  expect(information.capabilities?.extendedLength).toBe(
    hex.includes('47') ? hex.includes('8421E0') : undefined,
  );
});

it('refuses broken data', () => {
  expect(failureFrom(() => parseEfAtr(bytes('4705 84'))).code).toBe('card-malformed');
});
