import { Failure } from '../../contract/failures/failure.ts';

/** Longest data field of a short command APDU (ISO 7816-4, 5.2), in bytes. */
export const maxShortData = 255;
/** Largest expected length (Ne) of a short command APDU: Le byte 00. */
export const maxShortExpected = 256;
/** Longest data field of an extended command APDU, in bytes. */
export const maxExtendedData = 65_535;
/** Largest expected length (Ne) of an extended command APDU: Le bytes 0000. */
export const maxExtendedExpected = 65_536;

/** A command APDU, ISO 7816-4 clause 5.2. */
export interface CommandApdu {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  /** Command data field, 1 to 65,535 bytes; absent or empty for cases 1 and 2. */
  readonly data?: Uint8Array | undefined;
  /** Ne: how many bytes are expected at most, 1 to 65,536; absent for cases 1 and 3. 256 is coded as Le = 00. */
  readonly le?: number | undefined;
}

/** A response APDU: data field (without the status word) and SW1-SW2 as one 16-bit number. */
export interface ResponseApdu {
  readonly data: Uint8Array;
  readonly sw: number;
}

function byte(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new RangeError(`${name} is not a byte`);
  return value;
}

/**
 * The bytes of a command APDU. Short form wherever data and Ne allow it, extended form otherwise or when asked.
 * @throws RangeError for fields outside their ranges: a fault of the caller, not of a card.
 */
export function encodeCommand(command: CommandApdu, form: 'shortest' | 'extended' = 'shortest'): Uint8Array {
  const { data, le } = command;
  const lc = data?.length ?? 0;
  if (lc > maxExtendedData) throw new RangeError(`command data of ${lc} bytes`);
  if (le !== undefined && (!Number.isInteger(le) || le < 1 || le > maxExtendedExpected)) {
    throw new RangeError(`expected length ${le}`);
  }
  const header = [
    byte(command.cla, 'CLA'),
    byte(command.ins, 'INS'),
    byte(command.p1, 'P1'),
    byte(command.p2, 'P2'),
  ];
  const extended = form === 'extended' || lc > maxShortData || (le ?? 0) > maxShortExpected;
  const lcSize = lc === 0 ? 0 : extended ? 3 : 1;
  // In extended form Le has two bytes after a data field, three (a leading 00) without one.
  const leSize = le === undefined ? 0 : extended ? (lc === 0 ? 3 : 2) : 1;
  const bytes = new Uint8Array(4 + lcSize + lc + leSize);
  bytes.set(header);
  let at = 4;
  if (lc > 0 && data) {
    if (extended) {
      bytes[at + 1] = lc >> 8;
      bytes[at + 2] = lc & 0xff;
    } else {
      bytes[at] = lc;
    }
    bytes.set(data, at + lcSize);
    at += lcSize + lc;
  }
  if (le !== undefined) {
    // Only the low bits are stored, which codes 256 as 00 and 65,536 as 0000.
    if (leSize > 1) bytes[at + leSize - 2] = (le >> 8) & 0xff;
    bytes[at + leSize - 1] = le & 0xff;
  }
  return bytes;
}

/**
 * Splits a response APDU.
 * @throws Failure `card-malformed` when it is shorter than a status word, longer than 65,538 bytes, or its SW1 is
 *   not 6X or 9X (ISO 7816-4, 5.3.4).
 */
export function parseResponse(bytes: Uint8Array): ResponseApdu {
  if (bytes.length < 2)
    throw new Failure('card-malformed', { detail: `response APDU of ${bytes.length} bytes` });
  if (bytes.length > maxExtendedExpected + 2) {
    throw new Failure('card-malformed', { detail: `response APDU of ${bytes.length} bytes` });
  }
  const sw1 = bytes[bytes.length - 2] as number;
  const sw2 = bytes[bytes.length - 1] as number;
  if ((sw1 & 0xf0) !== 0x60 && (sw1 & 0xf0) !== 0x90) {
    throw new Failure('card-malformed', { detail: `status byte SW1 ${sw1.toString(16).padStart(2, '0')}` });
  }
  return { data: bytes.subarray(0, bytes.length - 2), sw: (sw1 << 8) | sw2 };
}
