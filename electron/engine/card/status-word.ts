import { Failure } from '../../contract/failures/failure.ts';
import type { ResponseApdu } from './apdu.ts';

/** The status words that the engine acts upon (ISO 7816-4, 5.6). */
export const StatusWord = {
  success: 0x9000,
  endOfFileReached: 0x6282,
  selectedFileDeactivated: 0x6283,
  verificationFailed: 0x6300,
  memoryFailure: 0x6581,
  wrongLength: 0x6700,
  logicalChannelNotSupported: 0x6881,
  secureMessagingNotSupported: 0x6882,
  commandChainingNotSupported: 0x6884,
  incompatibleWithFileStructure: 0x6981,
  securityStatusNotSatisfied: 0x6982,
  authenticationMethodBlocked: 0x6983,
  referenceDataNotUsable: 0x6984,
  conditionsOfUseNotSatisfied: 0x6985,
  noCurrentFile: 0x6986,
  incorrectData: 0x6a80,
  functionNotSupported: 0x6a81,
  fileNotFound: 0x6a82,
  recordNotFound: 0x6a83,
  incorrectP1P2: 0x6a86,
  referencedDataNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  instructionNotSupported: 0x6d00,
  classNotSupported: 0x6e00,
  noPreciseDiagnosis: 0x6f00,
} as const;

const meanings = new Map<number, string>([
  [0x9000, 'success'],
  [0x6281, 'part of returned data may be corrupted'],
  [0x6282, 'end of file or record reached'],
  [0x6283, 'selected file deactivated'],
  [0x6285, 'selected file in termination state'],
  [0x6300, 'verification failed'],
  [0x6581, 'memory failure'],
  [0x6700, 'wrong length'],
  [0x6881, 'logical channel not supported'],
  [0x6882, 'secure messaging not supported'],
  [0x6883, 'last command of the chain expected'],
  [0x6884, 'command chaining not supported'],
  [0x6981, 'command incompatible with file structure'],
  [0x6982, 'security status not satisfied'],
  [0x6983, 'authentication method blocked'],
  [0x6984, 'reference data not usable'],
  [0x6985, 'conditions of use not satisfied'],
  [0x6986, 'command not allowed, no current file'],
  [0x6987, 'secure messaging data objects missing'],
  [0x6988, 'incorrect secure messaging data objects'],
  [0x6a80, 'incorrect parameters in the data field'],
  [0x6a81, 'function not supported'],
  [0x6a82, 'file or application not found'],
  [0x6a83, 'record not found'],
  [0x6a84, 'not enough memory'],
  [0x6a86, 'incorrect P1-P2'],
  [0x6a88, 'referenced data not found'],
  [0x6b00, 'wrong P1-P2, offset outside the file'],
  [0x6d00, 'instruction not supported'],
  [0x6e00, 'class not supported'],
  [0x6f00, 'no precise diagnosis'],
]);

/** SW1-SW2 as four upper-case hex digits, e.g. `6A82`. */
export function statusWordHex(sw: number): string {
  return sw.toString(16).toUpperCase().padStart(4, '0');
}

/** The standard's words for a status word; for developers and traces, never for the screen. */
export function describeStatusWord(sw: number): string {
  const known = meanings.get(sw);
  if (known) return known;
  if ((sw & 0xfff0) === 0x63c0) return `counter at ${sw & 0x0f}`;
  switch (sw >> 8) {
    case 0x61:
      return `${sw & 0xff || 256} bytes still available`;
    case 0x62:
      return 'warning, memory unchanged';
    case 0x63:
      return 'warning, memory changed';
    case 0x64:
      return 'execution error, memory unchanged';
    case 0x65:
      return 'execution error, memory changed';
    case 0x66:
      return 'security issue';
    case 0x68:
      return 'class function not supported';
    case 0x69:
      return 'command not allowed';
    case 0x6a:
      return 'wrong parameters P1-P2';
    case 0x6c:
      return `wrong Le, exact length ${sw & 0xff || 256}`;
    default:
      return 'not an ISO 7816-4 status word';
  }
}

/**
 * What the answer to VERIFY, CHANGE REFERENCE DATA or RESET RETRY COUNTER means.
 * - `accepted`
 * - `wrong`: the secret was compared and refused; `triesLeft` only when the card gave a counter (63Cx, x > 0)
 * - `blocked`: 63C0, 6983, 6984 (the reference cannot be used any more)
 * - `length`: 6700, 6A80: the card refused the form of the data without comparing
 * - `not-satisfied`: 6982, another condition comes first (PACE, a PIN)
 * - `not-usable`: 6985, conditions of use (e.g. a transport PIN that must be changed first)
 * - `not-found`: 6A82, 6A88, no such reference
 * - `unexpected`: anything else
 */
export type PinVerdict =
  | 'accepted'
  | 'wrong'
  | 'blocked'
  | 'length'
  | 'not-satisfied'
  | 'not-usable'
  | 'not-found'
  | 'unexpected';

/** The card's answer to a command that carried a secret. */
export interface PinResult {
  readonly verdict: PinVerdict;
  readonly sw: number;
  /** Tries left, only when the card said so; 0 with 63C0. */
  readonly triesLeft: number | undefined;
}

/** Classifies the status word of a PIN command (ISO 7816-4, 11.5). */
export function pinResult(sw: number): PinResult {
  const triesLeft = (sw & 0xfff0) === 0x63c0 ? sw & 0x0f : undefined;
  return { verdict: pinVerdict(sw, triesLeft), sw, triesLeft };
}

function pinVerdict(sw: number, triesLeft: number | undefined): PinVerdict {
  if (triesLeft !== undefined) return triesLeft === 0 ? 'blocked' : 'wrong';
  switch (sw) {
    case StatusWord.success:
      return 'accepted';
    case StatusWord.authenticationMethodBlocked:
    case StatusWord.referenceDataNotUsable:
      return 'blocked';
    case StatusWord.wrongLength:
    case StatusWord.incorrectData:
      return 'length';
    case StatusWord.securityStatusNotSatisfied:
      return 'not-satisfied';
    case StatusWord.conditionsOfUseNotSatisfied:
      return 'not-usable';
    case StatusWord.fileNotFound:
    case StatusWord.referencedDataNotFound:
      return 'not-found';
    default:
      // 6300 and other warnings of the 63 family: refused, without a counter that could be relied upon.
      return sw >> 8 === 0x63 ? 'wrong' : 'unexpected';
  }
}

/**
 * What a reader with its own PIN pad answers instead of the card (PC/SC part 10, 2.5.3 and later), or undefined
 * when the status word is the card's own.
 */
export function pinPadEvent(
  sw: number,
): 'timeout' | 'cancelled' | 'mismatch' | 'length' | 'entry-disabled' | undefined {
  switch (sw) {
    case 0x6400:
      return 'timeout';
    case 0x6401:
      return 'cancelled';
    case 0x6402:
      return 'mismatch';
    case 0x6403:
      return 'length';
    case 0x6404:
      return 'entry-disabled';
    default:
      return undefined;
  }
}

/**
 * The failure for a status word nobody planned for: `card-refused` with the parameters `status` (four hex digits)
 * and `command` (its name in the standard).
 */
export function refusedByCard(sw: number, command: string): Failure {
  const status = statusWordHex(sw);
  return new Failure('card-refused', {
    parameters: { status, command },
    detail: `${command} answered ${status} (${describeStatusWord(sw)})`,
  });
}

/** Returns the response when it is 9000. @throws Failure `card-refused` otherwise. */
export function expectSuccess(response: ResponseApdu, command: string): ResponseApdu {
  if (response.sw !== StatusWord.success) throw refusedByCard(response.sw, command);
  return response;
}

/** The status word that a `card-refused` failure carries, or undefined for any other value. */
export function statusOf(thrown: unknown): number | undefined {
  if (!(thrown instanceof Failure) || thrown.code !== 'card-refused') return undefined;
  const status = thrown.parameters.status;
  return typeof status === 'string' && /^[0-9A-F]{4}$/.test(status) ? Number.parseInt(status, 16) : undefined;
}
