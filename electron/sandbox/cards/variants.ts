/** What can be the matter with a simulated card. */
export const sandboxVariants = [
  'normal',
  /** The holder's PINs are blocked; the PUK is fine. */
  'blocked',
  'pin1-blocked',
  'pin2-blocked',
  /** Each of the holder's PINs has one try left. */
  'last-try',
  /** Transport PINs: nothing works before they are changed. */
  'change-first',
  'expired',
  'not-yet-valid',
  /** The certificates are suspended in the authority's register; the card itself does not know. */
  'suspended',
  /** The same, revoked (key compromise). */
  'revoked',
  /** Keys and PINs, but no certificate. */
  'no-certificate',
  /** No try left for the PUK; the PINs are fine. */
  'puk-blocked',
] as const;

export type SandboxVariant = (typeof sandboxVariants)[number];

/** The variant's effect on one PIN: settings for `ReferenceData`. */
export function pinState(
  variant: SandboxVariant,
  pin: 'PIN1' | 'PIN2' | 'PUK',
): { readonly tries?: number; readonly changeFirst?: boolean } {
  if (pin === 'PUK') return variant === 'puk-blocked' ? { tries: 0 } : {};
  switch (variant) {
    case 'blocked':
      return { tries: 0 };
    case 'pin1-blocked':
      return pin === 'PIN1' ? { tries: 0 } : {};
    case 'pin2-blocked':
      return pin === 'PIN2' ? { tries: 0 } : {};
    case 'last-try':
      return { tries: 1 };
    case 'change-first':
      return { changeFirst: true };
    default:
      return {};
  }
}

const shifted = (date: Date, months: number): Date => {
  const result = new Date(date);
  result.setUTCMonth(result.getUTCMonth() + months);
  return result;
};

/**
 * The validity of a card's certificates at `now`.
 * @param months how long certificates of this card live.
 * @param latest the card's own expiry, beyond which no certificate goes; ignored once it has passed.
 */
export function certificateValidity(
  variant: SandboxVariant,
  now: Date,
  months: number,
  latest?: Date,
): { readonly notBefore: Date; readonly notAfter: Date } {
  if (variant === 'expired') return { notBefore: shifted(now, -1 - months), notAfter: shifted(now, -1) };
  const notBefore = shifted(now, variant === 'not-yet-valid' ? 1 : -1);
  const notAfter = shifted(notBefore, months);
  const capped = latest !== undefined && latest > notBefore && latest < notAfter;
  return { notBefore, notAfter: capped ? latest : notAfter };
}
