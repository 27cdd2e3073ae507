/** What the tokens of one card are together: its certificates with their roles, and the PINs by their names. */
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import { type CertificateFacts, readCertificate } from '../token/certificate-facts.ts';
import { certificateRole } from '../token/certificate-role.ts';
import type { CertificateRole, SignatureAlgorithm } from '../token/identity-token.ts';
import { fitsKey, hashesFor, type PublicKeyShape, publicKeyShape } from '../token/key-algorithms.ts';
import { namePins } from '../token/pin-naming.ts';
import type { ListedToken } from './messages.ts';
import type { ModuleCard, SlotToken } from './module-cards.ts';

/** A PIN: the user PIN of one token. */
export interface ModulePin {
  readonly name: 'PIN1' | 'PIN2';
  readonly slot: string;
  readonly token: ListedToken;
  readonly length: { readonly min: number; readonly max: number };
}

export interface ModuleKey {
  readonly slot: string;
  readonly token: ListedToken;
  /** `CKA_ID`, hex. */
  readonly id: string;
  readonly shape: PublicKeyShape;
  /** Best first. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** The PIN that guards it; undefined when the token asks for none. */
  readonly pin: ModulePin | undefined;
}

export interface ModuleCertificate {
  /** Unique on the card. */
  readonly id: string;
  readonly label: string;
  readonly role: CertificateRole;
  readonly facts: CertificateFacts;
  readonly key: ModuleKey | undefined;
}

export interface ModuleTokenModel {
  readonly label: string;
  readonly serial: string;
  readonly simulated: boolean;
  readonly pins: readonly ModulePin[];
  readonly certificates: readonly ModuleCertificate[];
}

/** Names of simulated authorities and cards say so. */
const simulatedMark = 'SIMULATED';
/** Lengths for a token that tells none, in bytes. */
const anyLength = { min: 4, max: 64 };

interface Read {
  readonly from: SlotToken;
  readonly id: string;
  readonly label: string;
  readonly role: CertificateRole;
  readonly facts: CertificateFacts;
  readonly hasKey: boolean;
}

/**
 * @throws Failure `card-malformed` when no certificate can be read though there are some
 */
export function modelOf(card: ModuleCard): ModuleTokenModel {
  const read = readAll(card);
  const pins = pinsOf(card, read);
  const [first] = card.tokens;
  const certificates = read.map((one) => moduleCertificate(one, read, pins));
  const label = first?.token.label ?? '';
  return {
    // Tokens of one card carry its name and, in brackets, the PIN's.
    label: card.tokens.length > 1 ? label.replace(/\s*\([^()]*\)?$/, '') : label,
    serial: first?.token.serial ?? '',
    simulated:
      label.includes(simulatedMark) || read.some(({ facts }) => facts.x509.issuer.includes(simulatedMark)),
    pins,
    certificates,
  };
}

/** Certificates that can be read. A broken one does not spoil the others; one that two tokens show counts once. */
function readAll(card: ModuleCard): readonly Read[] {
  let problem: Failure | undefined;
  const found: Read[] = [];
  for (const from of card.tokens) {
    for (const { id, label, der } of from.certificates) {
      try {
        const facts = readCertificate(der);
        const hasKey = !facts.isAuthority && mayHaveKey(from.token, id);
        const known = found.findIndex((other) => Buffer.compare(other.facts.der, der) === 0);
        const one = { from, id, label, role: certificateRole(facts, label), facts, hasKey };
        if (known < 0) found.push(one);
        else if (hasKey && !found[known]?.hasKey) found[known] = one;
      } catch (error) {
        if (!isFailure(error, 'card-malformed')) throw error;
        problem ??= error;
      }
    }
  }
  if (found.length === 0 && problem) throw problem;
  return found;
}

/**
 * Whether the token has the private key, as far as it shows that before the PIN: most hide private keys until
 * then. A token that shows some shows all; else a public key of the same `CKA_ID` tells; else it is believed.
 */
function mayHaveKey({ privateKeys, publicKeys, loginRequired }: ListedToken, id: string): boolean {
  if (id === '') return false;
  const named = (keys: readonly { readonly id: string }[]): boolean => keys.some((key) => key.id === id);
  if (privateKeys.length > 0) return named(privateKeys);
  return loginRequired && (publicKeys.length === 0 || named(publicKeys));
}

function pinsOf(card: ModuleCard, read: readonly Read[]): readonly ModulePin[] {
  const guarding = card.tokens.filter(({ token }) => token.loginRequired);
  const keys = read.filter(({ hasKey }) => hasKey).map(({ from, role }) => ({ pin: from.slot, role }));
  const named = namePins(
    guarding.map(({ slot, token }) => ({ id: slot, label: pinLabel(token.label), unblocks: false, token })),
    keys,
  );
  return named.flatMap(({ id, name, token }) =>
    name === undefined || name === 'PUK' ? [] : [{ name, slot: id, token, length: lengthOf(token) }],
  );
}

/** The PIN's own name, which stands in brackets behind the card's. */
function pinLabel(label: string): string {
  return /\(([^()]*)\)?$/.exec(label)?.[1] ?? label;
}

/** @throws Failure `card-malformed` for lengths that no PIN has */
function lengthOf({ label, minPin, maxPin }: ListedToken): ModulePin['length'] {
  const min = Math.max(1, minPin ?? anyLength.min);
  const max = Math.min(255, maxPin === null || maxPin === 0 ? Math.max(min, anyLength.max) : maxPin);
  if (min > max) throw new Failure('card-malformed', { detail: `PIN lengths ${min} to ${max} of ${label}` });
  return { min, max };
}

function moduleCertificate(one: Read, all: readonly Read[], pins: readonly ModulePin[]): ModuleCertificate {
  const { from, role, label, facts } = one;
  const isOnly = all.filter(({ id }) => id === one.id).length === 1;
  const id = isOnly ? one.id : `${from.slot}-${one.id}`;
  return { id, label, role, facts, key: one.hasKey ? moduleKey(one, pins) : undefined };
}

/** The key; undefined for one of a kind that nobody can check, and for one whose PIN has no name. */
function moduleKey({ from, id, facts }: Read, pins: readonly ModulePin[]): ModuleKey | undefined {
  const shape = publicKeyShape(facts.x509.publicKey);
  const pin = pins.find(({ slot }) => slot === from.slot);
  if (!shape || (from.token.loginRequired && !pin)) return undefined;
  const offered = from.token.mechanisms;
  const kinds = (['rsa-pkcs1', 'rsa-pss', 'ecdsa'] as const).filter((kind) => offered.includes(kind));
  const algorithms = kinds
    .flatMap((kind) => hashesFor(shape).map((hash): SignatureAlgorithm => ({ kind, hash })))
    .filter((algorithm) => fitsKey(algorithm, shape));
  return { slot: from.slot, token: from.token, id, shape, algorithms, pin };
}
