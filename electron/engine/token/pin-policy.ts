import { Failure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';

/** What an entry is checked against before the card is asked. */
export interface PinRules {
  /** What people call it: PIN1, PIN2, PUK. */
  readonly name: string;
  /** In digits. */
  readonly length: { readonly min: number; readonly max: number };
  readonly digitsOnly: boolean;
  /** A transport PIN may be shorter than the PIN that takes its place. */
  readonly transport?: boolean;
}

/**
 * Checks a PIN or PUK that is about to be presented: one that cannot be right must not cost a try.
 * @throws Failure `pin-length` (parameters pin, min, max) or `pin-not-digits`.
 */
export function checkPresented(rules: PinRules, code: SecretBytes): void {
  const min = rules.transport ? 1 : rules.length.min;
  checkLength(rules, code, min);
  if (rules.digitsOnly && !code.expose().every(isDigit)) throw notDigits(rules);
}

/**
 * Checks a PIN that shall hold from now on. Digits only, also where the card would take letters: PIN pads and
 * keypads have no letters. Refused as too easy are, with any length:
 *
 * - one digit or group repeated (0000, 1212, 123123, 12121);
 * - runs and other constant steps, up, down and over the 9 (1234, 9876, 7890, 2468);
 * - the middle column of a keypad (2580, 0852);
 * - four digits that read as a year from 1900 to 2099: the birth year is printed on the card.
 *
 * Longer dates are not refused: six digits have too many that read as one.
 * @throws Failure `pin-length`, `pin-not-digits`, `pin-trivial`, `pin-same`.
 */
export function checkNew(rules: PinRules, code: SecretBytes, old?: SecretBytes): void {
  checkLength(rules, code, rules.length.min);
  const digits = code.expose();
  if (!digits.every(isDigit)) throw notDigits(rules);
  if (old !== undefined && equal(digits, old.expose())) {
    throw new Failure('pin-same', { parameters: { pin: rules.name } });
  }
  if (repeats(digits) || hasConstantStep(digits) || isKeypadColumn(digits) || isYear(digits)) {
    throw new Failure('pin-trivial', { parameters: { pin: rules.name } });
  }
}

function checkLength({ name, length }: PinRules, code: SecretBytes, min: number): void {
  if (code.length >= min && code.length <= length.max) return;
  throw new Failure('pin-length', { parameters: { pin: name, min: length.min, max: length.max } });
}

function notDigits({ name }: PinRules): Failure {
  return new Failure('pin-not-digits', { parameters: { pin: name } });
}

const zero = 0x30;

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= zero + 9;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** Whether a group of at most half the length comes again and again, the last time perhaps cut off. */
function repeats(digits: Uint8Array): boolean {
  for (let period = 1; period <= digits.length / 2; period += 1) {
    if (digits.every((byte, at) => at < period || byte === digits[at - period])) return true;
  }
  return false;
}

function hasConstantStep(digits: Uint8Array): boolean {
  const step = (at: number): number => ((digits[at] as number) - (digits[at - 1] as number) + 10) % 10;
  return digits.every((_, at) => at < 2 || step(at) === step(1));
}

function isKeypadColumn(digits: Uint8Array): boolean {
  const down = [2, 5, 8, 0];
  const reads = (column: readonly number[]): boolean =>
    digits.length === column.length && column.every((digit, at) => digits[at] === zero + digit);
  return reads(down) || reads(down.toReversed());
}

function isYear(digits: Uint8Array): boolean {
  if (digits.length !== 4) return false;
  const century = 10 * ((digits[0] as number) - zero) + ((digits[1] as number) - zero);
  return century === 19 || century === 20;
}
