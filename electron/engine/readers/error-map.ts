import type { FailureCode } from '../../contract/failures/catalogue.ts';
import { Failure } from '../../contract/failures/failure.ts';
import { nativeCode } from './native-addon.ts';

/** SCARD_* codes that this program knows by name (pcsc-lite `pcsclite.h`, Windows `winerror.h`). */
export const scard = {
  F_INTERNAL_ERROR: 0x80100001,
  E_CANCELLED: 0x80100002,
  E_INVALID_HANDLE: 0x80100003,
  E_INVALID_PARAMETER: 0x80100004,
  E_NO_MEMORY: 0x80100006,
  F_WAITED_TOO_LONG: 0x80100007,
  E_INSUFFICIENT_BUFFER: 0x80100008,
  E_UNKNOWN_READER: 0x80100009,
  E_TIMEOUT: 0x8010000a,
  E_SHARING_VIOLATION: 0x8010000b,
  E_NO_SMARTCARD: 0x8010000c,
  E_UNKNOWN_CARD: 0x8010000d,
  E_PROTO_MISMATCH: 0x8010000f,
  E_NOT_READY: 0x80100010,
  E_INVALID_VALUE: 0x80100011,
  E_SYSTEM_CANCELLED: 0x80100012,
  F_COMM_ERROR: 0x80100013,
  F_UNKNOWN_ERROR: 0x80100014,
  E_INVALID_ATR: 0x80100015,
  E_NOT_TRANSACTED: 0x80100016,
  E_READER_UNAVAILABLE: 0x80100017,
  P_SHUTDOWN: 0x80100018,
  E_READER_UNSUPPORTED: 0x8010001a,
  E_CARD_UNSUPPORTED: 0x8010001c,
  E_NO_SERVICE: 0x8010001d,
  E_SERVICE_STOPPED: 0x8010001e,
  /** pcsc-lite: SCARD_E_UNSUPPORTED_FEATURE. Windows: SCARD_E_UNEXPECTED. */
  E_UNSUPPORTED_FEATURE_LITE: 0x8010001f,
  E_UNSUPPORTED_FEATURE: 0x80100022,
  E_NO_ACCESS: 0x80100027,
  E_NO_READERS_AVAILABLE: 0x8010002e,
  E_COMM_DATA_LOST: 0x8010002f,
  E_SERVER_TOO_BUSY: 0x80100031,
  W_UNSUPPORTED_CARD: 0x80100065,
  W_UNRESPONSIVE_CARD: 0x80100066,
  W_UNPOWERED_CARD: 0x80100067,
  W_RESET_CARD: 0x80100068,
  W_REMOVED_CARD: 0x80100069,
  W_SECURITY_VIOLATION: 0x8010006a,
} as const;

/** What was being done when the code came. `use`: transmit, control, attribute, begin or end of a transaction. */
export type PcscStep = 'establish' | 'connect' | 'use';

/** What one code means at each step; a step that is left out has the meaning of an unknown code. */
type Meaning = Partial<Record<PcscStep, FailureCode>>;

const always = (code: FailureCode): Meaning => ({ establish: code, connect: code, use: code });

/**
 * SCARD codes to failures. At `use`, codes marked in `perhapsRemoved` are said only after the watch was asked:
 * drivers answer a pulled card with many codes.
 */
const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [nativeCode.panic, always('internal')],
  [nativeCode.abandoned, always('cancelled')],
  // The service
  [scard.E_NO_SERVICE, { establish: 'service-absent', connect: 'service-stopped', use: 'service-stopped' }],
  [scard.E_INVALID_HANDLE, always('service-stopped')],
  [scard.P_SHUTDOWN, always('service-stopped')],
  [scard.E_SYSTEM_CANCELLED, always('service-stopped')],
  [scard.E_CANCELLED, always('cancelled')],
  [scard.W_SECURITY_VIOLATION, always('service-refused')],
  [scard.E_NO_ACCESS, always('service-refused')],
  [scard.E_SERVER_TOO_BUSY, always('service-stopped')],
  [scard.E_NO_MEMORY, always('service-stopped')],
  // Readers
  [scard.E_UNKNOWN_READER, { connect: 'reader-unknown-name', use: 'reader-removed' }],
  [scard.E_NO_READERS_AVAILABLE, { connect: 'reader-unknown-name', use: 'reader-removed' }],
  [scard.E_READER_UNAVAILABLE, { connect: 'reader-removed', use: 'reader-removed' }],
  [scard.E_SHARING_VIOLATION, { connect: 'reader-busy', use: 'reader-held' }],
  [scard.E_READER_UNSUPPORTED, { connect: 'reader-fault', use: 'reader-fault' }],
  [scard.E_NOT_READY, { connect: 'reader-fault', use: 'reader-fault' }],
  // The card
  [scard.E_NO_SMARTCARD, { connect: 'card-absent', use: 'card-removed' }],
  [scard.W_REMOVED_CARD, { connect: 'card-absent', use: 'card-removed' }],
  [scard.E_NOT_TRANSACTED, { connect: 'card-mute', use: 'card-mute' }],
  [scard.E_COMM_DATA_LOST, { connect: 'card-mute', use: 'card-mute' }],
  [scard.W_UNRESPONSIVE_CARD, { connect: 'card-mute', use: 'card-mute' }],
  [scard.W_UNPOWERED_CARD, { connect: 'card-mute', use: 'card-mute' }],
  [scard.E_INVALID_ATR, { connect: 'card-mute', use: 'card-mute' }],
  [scard.W_RESET_CARD, { connect: 'card-changed', use: 'card-changed' }],
  [scard.W_UNSUPPORTED_CARD, { connect: 'card-unknown', use: 'card-unknown' }],
  [scard.E_CARD_UNSUPPORTED, { connect: 'card-unknown', use: 'card-unknown' }],
  [scard.E_UNKNOWN_CARD, { connect: 'card-unknown', use: 'card-unknown' }],
  [scard.E_PROTO_MISMATCH, { connect: 'card-unknown', use: 'card-changed' }],
  [scard.E_TIMEOUT, { connect: 'card-timeout', use: 'card-timeout' }],
  [scard.F_WAITED_TOO_LONG, { connect: 'card-timeout', use: 'card-timeout' }],
  // Our own mistakes
  [scard.E_INVALID_PARAMETER, always('internal')],
  [scard.E_INVALID_VALUE, always('internal')],
]);

/** Codes with which drivers and services answer a card or reader that has just gone; the watch decides. */
const perhapsRemoved: ReadonlySet<number> = new Set([
  scard.E_NOT_TRANSACTED,
  scard.E_COMM_DATA_LOST,
  scard.W_UNRESPONSIVE_CARD,
  scard.W_UNPOWERED_CARD,
  scard.F_COMM_ERROR,
  scard.F_INTERNAL_ERROR,
  scard.F_UNKNOWN_ERROR,
  scard.E_PROTO_MISMATCH,
  scard.E_NOT_READY,
]);

/** Whether a code during `use` may hide a removal, so that the watch must be asked before anything is said. */
export function mayHideRemoval(code: number): boolean {
  return perhapsRemoved.has(code);
}

/** Whether a reader attribute or control code is simply not there, which is no failure. */
export function isUnsupported(code: number): boolean {
  return code === scard.E_UNSUPPORTED_FEATURE_LITE || code === scard.E_UNSUPPORTED_FEATURE;
}

/**
 * The failure that a SCARD code stands for.
 * @param code as PC/SC returned it, or one of `nativeCode`
 * @param reader named in the failure's parameters where there is one
 */
export function scardFailure(
  code: number,
  step: PcscStep,
  reader?: string,
  platform: NodeJS.Platform = process.platform,
): Failure {
  const detail = `${codeName(code)} at ${step}`;
  return new Failure(failureCode(code, step, platform), {
    detail,
    ...(reader === undefined ? {} : { parameters: { reader } }),
  });
}

function failureCode(code: number, step: PcscStep, platform: NodeJS.Platform): FailureCode {
  const lite = platform !== 'win32' && platform !== 'darwin';
  if (code === scard.E_SERVICE_STOPPED) {
    // pcsc-lite says this when client library and daemon speak different versions, and only then.
    return lite && step === 'establish' ? 'service-mismatch' : 'service-stopped';
  }
  if (code === scard.F_COMM_ERROR) {
    // pcsc-lite: the daemon's socket broke. Elsewhere: the reader's cable or the card's contacts.
    return lite || step === 'establish' ? 'service-stopped' : 'reader-fault';
  }
  return meanings.get(code)?.[step] ?? (step === 'establish' ? 'service-stopped' : 'reader-fault');
}

/** The code's name without its prefix, or its number. */
function codeName(code: number): string {
  const known = Object.entries(scard).find(([, value]) => value === code)?.[0];
  return `SCARD 0x${code.toString(16).toUpperCase().padStart(8, '0')}${known === undefined ? '' : ` ${known}`}`;
}
