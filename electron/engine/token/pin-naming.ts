import { roleOfLabel } from './certificate-role.ts';
import type { CertificateRole, PinName } from './identity-token.ts';

/** A key as far as the names of PINs depend on it. */
export interface GuardedKey {
  readonly pin: string | undefined;
  readonly role: CertificateRole;
}

/** A PIN as far as its name depends on it. */
export interface NameablePin {
  readonly id: string;
  readonly label: string;
  readonly unblocks: boolean;
}

/**
 * Gives PINs the names that people know: PIN1 guards the authentication key, PIN2 the signature key, the PUK
 * unblocks. On a card with one certificate, the qualified one, its PIN is therefore PIN2. A PIN that guards both
 * kinds is PIN1. Where no key tells, the PIN's own label does ("PIN2", "signature"). What guards nothing of ours
 * stays without a name and is never asked for; each name is given once, to the first that fits.
 */
export function namePins<Pin extends NameablePin>(
  pins: readonly Pin[],
  keys: readonly GuardedKey[],
): (Omit<Pin, 'unblocks'> & { readonly name: PinName | undefined })[] {
  const taken = new Set<PinName>();
  return pins.map(({ unblocks, ...pin }) => {
    const wanted = unblocks ? 'PUK' : nameOf(pin.id, pin.label, keys);
    const name = wanted !== undefined && !taken.has(wanted) ? wanted : undefined;
    if (name !== undefined) taken.add(name);
    return { ...pin, name };
  });
}

function nameOf(id: string, label: string, keys: readonly GuardedKey[]): 'PIN1' | 'PIN2' | undefined {
  const roles = keys.filter((key) => key.pin === id).map((key) => key.role);
  if (roles.includes('authentication')) return 'PIN1';
  if (roles.includes('signature')) return 'PIN2';
  const numbered = /^\s*PIN\s*([12])\b/i.exec(label)?.[1];
  if (numbered !== undefined) return numbered === '1' ? 'PIN1' : 'PIN2';
  const role = roleOfLabel(label);
  return role === 'other' ? undefined : role === 'authentication' ? 'PIN1' : 'PIN2';
}
