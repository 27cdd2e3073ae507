import type { Pkcs15Card, Pkcs15Certificate, Pkcs15Key, Pkcs15Pin, Pkcs15Remark } from './model.ts';

type Objects = Pick<Pkcs15Card, 'pins' | 'keys' | 'certificates'>;

function duplicates(file: string, ids: readonly (string | undefined)[]): Pkcs15Remark[] {
  const seen = new Set<string>();
  const remarks: Pkcs15Remark[] = [];
  for (const id of ids) {
    if (id === undefined) continue;
    if (seen.has(id)) remarks.push({ kind: 'duplicate-id', detail: `${file}: ${id} more than once` });
    seen.add(id);
  }
  return remarks;
}

/** What does not fit together among the objects of a card. Nothing of it keeps the rest from being used. */
export function contradictions({ pins, keys, certificates }: Objects): Pkcs15Remark[] {
  const remarks = [
    ...duplicates(
      'AODF',
      pins.map(({ authId }) => authId),
    ),
    ...duplicates(
      'PrKDF',
      keys.map(({ id }) => id),
    ),
    ...duplicates(
      'CDF',
      certificates.map(({ id }) => id),
    ),
  ];
  const authIds = new Set(pins.map(({ authId }) => authId));
  for (const { id, authId } of keys) {
    if (authId !== undefined && !authIds.has(authId)) {
      remarks.push({ kind: 'pin-unknown', detail: `key ${id} names the PIN ${authId}, which is not there` });
    }
  }
  for (const { id, authority } of certificates) {
    if (!authority && !keys.some((key) => key.id === id)) {
      remarks.push({ kind: 'certificate-without-key', detail: `no private key ${id}` });
    }
  }
  pins.forEach((pin, at) => {
    const { minLength, maxLength, storedLength, guardedBy, authId } = pin;
    if (minLength > maxLength || (pin.type === 'ascii-numeric' && maxLength > storedLength)) {
      remarks.push({
        kind: 'pin-lengths',
        detail: `PIN ${at}: ${minLength} to ${maxLength}, ${storedLength} stored`,
      });
    }
    if (guardedBy !== undefined && (guardedBy === authId || !authIds.has(guardedBy))) {
      remarks.push({ kind: 'pin-unknown', detail: `PIN ${at} names ${guardedBy} as its guard` });
    }
    if (pin.unblocks && !pin.flags.unblockingPin) {
      remarks.push({
        kind: 'puk-unmarked',
        detail: `PIN ${at} guards another one without the flag of a PUK`,
      });
    }
  });
  return remarks;
}

/** The PINs with `unblocks` set also for those that another PIN names as its guard. */
export function markUnblockers(pins: readonly Pkcs15Pin[]): Pkcs15Pin[] {
  const guards = new Set(
    pins.filter((pin) => pin.guardedBy !== pin.authId).map(({ guardedBy }) => guardedBy),
  );
  return pins.map((pin) =>
    pin.authId !== undefined && guards.has(pin.authId) ? { ...pin, unblocks: true } : pin,
  );
}

/**
 * The PIN that guards a key. Undefined when the key needs none, when its PIN is not on the card, or when two different
 * PINs bear its name: a try is not spent on a guess.
 */
export function pinOfKey(card: Objects, key: Pkcs15Key): Pkcs15Pin | undefined {
  if (key.authId === undefined) return undefined;
  const candidates = card.pins.filter(({ authId }) => authId === key.authId);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The private key of a certificate; undefined when there is none or more than one. */
export function keyOfCertificate(card: Objects, certificate: Pkcs15Certificate): Pkcs15Key | undefined {
  const candidates = card.keys.filter(({ id }) => id === certificate.id);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/**
 * The PUK for a PIN: the object it names as its guard; if it names none, the only unblocking PIN of the card.
 * Undefined when that does not decide it.
 */
export function unblockerOfPin(card: Objects, pin: Pkcs15Pin): Pkcs15Pin | undefined {
  const others = card.pins.filter((candidate) => candidate !== pin);
  const candidates =
    pin.guardedBy === undefined
      ? others.filter(({ unblocks }) => unblocks)
      : others.filter(({ authId }) => authId === pin.guardedBy);
  return candidates.length === 1 ? candidates[0] : undefined;
}
