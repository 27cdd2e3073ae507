/**
 * The IDNP, Moldova's personal number (HG 333/2002): 13 digits, the last of them a check digit. It carries
 * neither a birth date nor a sex.
 */

/** What looks odd about an IDNP that is formally one. Only ever a warning: official test numbers fail both. */
export type IdnpWarning = 'check-digit' | 'prefix';

/** An IDNP as a certificate or a form wrote it. */
export interface Idnp {
  /** The 13 digits. */
  readonly digits: string;
  readonly warnings: readonly IdnpWarning[];
}

/**
 * The IDNP in a certificate subject's serialNumber attribute (X.520, 2.5.4.5): bare, or after ETSI EN 319 412-1's
 * prefix `PNOMD-`. Any other prefix names another kind of number (a passport, a tax number, another country's
 * person), so the answer is null: a number that is no IDNP must never pass as one.
 */
export function idnpOfSerialNumber(serialNumber: string): Idnp | null {
  const digits = /^(?:PNOMD-)?([0-9]{13})$/.exec(serialNumber)?.[1];
  return digits === undefined ? null : { digits, warnings: idnpWarnings(digits) };
}

/**
 * Whether 13 digits hold together: the last equals the sum of the first twelve, weighted 7, 3, 1 in turn,
 * modulo 10. The IDNO of organisations uses the same rule.
 */
export function checkDigitHolds(digits: string): boolean {
  if (!/^[0-9]{13}$/.test(digits)) return false;
  const weights = [7, 3, 1];
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += Number(digits[index]) * (weights[index % 3] ?? 0);
  return sum % 10 === Number(digits[12]);
}

/** What is odd about 13 digits taken for an IDNP: a failing check digit, or a first digit other than 2 or 0. */
export function idnpWarnings(digits: string): readonly IdnpWarning[] {
  const warnings: IdnpWarning[] = [];
  if (!checkDigitHolds(digits)) warnings.push('check-digit');
  if (!/^[02]/.test(digits)) warnings.push('prefix');
  return warnings;
}
