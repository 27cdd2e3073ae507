import { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import type { PinCoding } from './token-model.ts';

const zero = 0x30;
/** ISO 9564-1 format 2: eight bytes, control nibble 2. */
const iso9564Length = 8;
/** Digits that such a block holds. */
export const iso9564MaxDigits = 12;

/**
 * A PIN as typed (ASCII digits) in the coding of the card (ISO 7816-15, 8.9.2). The caller destroys the copy;
 * `ascii` needs none, and the secret itself is returned.
 */
export function codedPin(coding: PinCoding, code: SecretBytes, padByte: number | undefined): SecretBytes {
  if (coding === 'ascii') return code;
  const digits = code.expose();
  const digit = (at: number): number => ((digits[at] as number) - zero) & 0x0f;
  switch (coding) {
    case 'bcd': {
      const bytes = new Uint8Array(Math.ceil(digits.length / 2));
      const rest = (padByte ?? 0xff) & 0x0f;
      bytes.forEach((_, at) => {
        bytes[at] = (digit(2 * at) << 4) | (2 * at + 1 < digits.length ? digit(2 * at + 1) : rest);
      });
      return new SecretBytes(bytes);
    }
    case 'half-nibble-bcd': {
      const bytes = new Uint8Array(digits.length);
      bytes.forEach((_, at) => {
        bytes[at] = 0xf0 | digit(at);
      });
      return new SecretBytes(bytes);
    }
    case 'iso9564-1': {
      const bytes = new Uint8Array(iso9564Length).fill(0xff);
      bytes[0] = 0x20 | (digits.length & 0x0f);
      digits.forEach((_, at) => {
        const place = 1 + (at >> 1);
        const kept = at % 2 === 0 ? 0x0f : 0xf0;
        bytes[place] = ((bytes[place] as number) & kept) | (digit(at) << (at % 2 === 0 ? 4 : 0));
      });
      return new SecretBytes(bytes);
    }
  }
}
