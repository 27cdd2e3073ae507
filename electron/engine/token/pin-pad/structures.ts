/** PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE (PC/SC part 10, clauses 2.5.2 and 2.5.3), packed, little-endian. */
import type { PinAddress } from '../../card/profiles/step-runner.ts';
import { iso9564MaxDigits } from '../pin-coding.ts';
import type { PinCoding } from '../token-model.ts';

/** Seconds that the person has, before and after the first key. */
const timeoutSeconds = 30;
/** bNumberMessage, wLangId: prompts of the reader in Romanian where it has any. */
const romanian = 0x0418;
/** bmFormatString: positions count in bytes. */
const byteUnits = 0x80;
/** Largest PIN block that bmPINBlockString can name, in bytes. */
const maxBlock = 15;

/** How the reader writes the PIN into the command, and the data field that it writes into. */
export interface PinLayout {
  readonly formatString: number;
  readonly blockString: number;
  readonly lengthFormat: number;
  /** The data field with its filling and no PIN; empty when the PIN stands alone, as long as it is. */
  readonly block: Uint8Array;
}

/** What the pad is told of one entry. */
export interface PinEntryFormat {
  readonly coding: PinCoding;
  readonly padding: PinAddress['padding'];
}

/**
 * The layout of a PIN block, or undefined when part 10 has no words for it (half-nibble BCD, blocks of more than 15
 * bytes, BCD without a block).
 */
export function pinLayout({ coding, padding }: PinEntryFormat): PinLayout | undefined {
  const length = padding?.storedLength ?? 0;
  switch (coding) {
    case 'ascii':
    case 'bcd': {
      if (length > maxBlock || (coding === 'bcd' && padding === undefined)) return undefined;
      return {
        formatString: byteUnits | (coding === 'ascii' ? 0b10 : 0b01),
        blockString: length,
        lengthFormat: 0,
        block: new Uint8Array(length).fill(padding?.padByte ?? 0),
      };
    }
    case 'iso9564-1':
      // Control nibble 2, then four bits of length, then seven bytes of digits.
      return {
        formatString: byteUnits | (1 << 3) | 0b01,
        blockString: (4 << 4) | 7,
        lengthFormat: 4,
        block: Uint8Array.of(0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      };
    default:
      return undefined;
  }
}

/** Digits that a layout has room for. */
export function layoutDigits({ coding, padding }: PinEntryFormat): number {
  if (coding === 'iso9564-1') return iso9564MaxDigits;
  if (!padding) return 255;
  return coding === 'bcd' ? 2 * padding.storedLength : padding.storedLength;
}

/** Digits from and to, and how an entry ends (bEntryValidationCondition). */
export interface EntryRules {
  readonly min: number;
  readonly max: number;
  readonly validation: number;
}

/** @param header CLA INS P1 P2 of VERIFY */
export function pinVerifyStructure(header: Uint8Array, layout: PinLayout, rules: EntryRules): Uint8Array {
  const apdu = commandTemplate(header, layout.block);
  return Uint8Array.from([
    timeoutSeconds,
    timeoutSeconds,
    layout.formatString,
    layout.blockString,
    layout.lengthFormat,
    // wPINMaxExtraDigit: XXYY, XX the fewest digits, YY the most.
    rules.max,
    rules.min,
    rules.validation,
    1,
    ...u16(romanian),
    0,
    ...[0, 0, 0],
    ...u32(apdu.length),
    ...apdu,
  ]);
}

/**
 * @param header CLA INS P1 P2 of CHANGE REFERENCE DATA or RESET RETRY COUNTER
 * @param withOld the old PIN (or the PUK) is asked for first and stands before the new one
 */
export function pinModifyStructure(
  header: Uint8Array,
  layout: PinLayout,
  rules: EntryRules,
  withOld: boolean,
): Uint8Array {
  const { block } = layout;
  const apdu = commandTemplate(header, withOld ? Uint8Array.from([...block, ...block]) : block);
  return Uint8Array.from([
    timeoutSeconds,
    timeoutSeconds,
    layout.formatString,
    layout.blockString,
    layout.lengthFormat,
    0,
    withOld ? block.length : 0,
    rules.max,
    rules.min,
    // bConfirmPIN: the new PIN twice; the old one first.
    withOld ? 0b11 : 0b01,
    rules.validation,
    withOld ? 3 : 2,
    ...u16(romanian),
    // bMsgIndex1 to 3: old PIN, new PIN, new PIN again.
    ...(withOld ? [0, 1, 2] : [1, 2, 0]),
    ...[0, 0, 0],
    ...u32(apdu.length),
    ...apdu,
  ]);
}

function commandTemplate(header: Uint8Array, data: Uint8Array): Uint8Array {
  return Uint8Array.from([...header, data.length, ...data]);
}

const u16 = (value: number): number[] => [value & 0xff, value >>> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
