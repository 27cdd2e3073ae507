import type { X509Certificate } from 'node:crypto';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';

export type CertificateRole = 'authentication' | 'signature' | 'other';
export type PinName = 'PIN1' | 'PIN2' | 'PUK';
/** A number only when the card told it freely; `low`/`last` as PKCS#11 flags give them. */
export type PinTries = number | 'low' | 'last' | 'blocked' | 'unknown';

/** A certificate of the card and the key behind it. */
export interface TokenCertificate {
  /** Identifies the key on this token: hex of the PKCS#15 iD or of CKA_ID. */
  readonly id: string;
  readonly role: CertificateRole;
  /** The card's own label of the certificate. */
  readonly label: string;
  readonly der: Uint8Array;
  readonly x509: X509Certificate;
  /** Whether the token holds the private key. */
  readonly hasKey: boolean;
  /** Which PIN guards the key; undefined when the key needs none or there is no key. */
  readonly pin: PinName | undefined;
}

/** A PIN of the card as far as it is known without spending a try. */
export interface TokenPin {
  readonly name: PinName;
  readonly role: 'authentication' | 'signature' | 'unblock';
  /** Lengths in digits. */
  readonly length: { readonly min: number; readonly max: number };
  readonly tries: PinTries;
  /** The transport PIN must be changed before the key can be used. */
  readonly changeFirst: boolean;
  /** The PIN is typed at the reader or in the middleware's own window; the code that is passed in is not used. */
  readonly typedAtReader?: boolean;
  /** The same for changing it; absent: as `typedAtReader`. */
  readonly changedAtReader?: boolean;
  /** The same for unblocking it, PUK included; absent: as `typedAtReader`. */
  readonly unblockedAtReader?: boolean;
}

/**
 * How `sign` signs; the digest is made by the caller. ECDSA signatures come back raw, r‖s, each padded to the
 * size of the curve's order; RSA as the key's modulus length.
 */
export type SignatureAlgorithm =
  | { readonly kind: 'rsa-pkcs1'; readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512' }
  | { readonly kind: 'rsa-pss'; readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512' }
  | { readonly kind: 'ecdsa'; readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512' };

/** Where the token's description came from: the card's PKCS#15 data, a profile, a PKCS#11 module. */
export type TokenSource = 'pkcs15' | `profile:${string}` | `pkcs11:${string}`;

/** What goes with a PIN beside its digits. */
export interface PinOptions {
  /**
   * The user knows that only one try is left and goes on all the same. Without it a PIN whose counter says one
   * (or PKCS#11's `last`) is refused with `pin-last-try` before anything carrying it reaches the card.
   */
  readonly acknowledgeLastTry?: boolean;
}

/**
 * One identity card, whatever speaks for it. Everything that takes a PIN follows the rules:
 * the PIN is checked against the card's own limits before the card is asked; VERIFY and the key operation share
 * one transaction; a refused PIN costs exactly one try and is never sent again. The caller owns and destroys
 * the secrets it passes in.
 *
 * Failures: `pin-wrong` (with triesLeft), `pin-blocked`, `puk-wrong`, `puk-blocked`, `pin-length`,
 * `pin-not-digits`, `pin-trivial`, `pin-same`, `pin-change-first`, `pin-last-try`, `pin-unknown-name`,
 * `pin-not-changeable`, `pin-not-unblockable`, `pin-new-refused` (the card's own rules for a new PIN),
 * `card-no-such-key`, `algorithm-unsupported`, `digest-length`, `pin-outcome-unknown` (the card vanished while
 * a PIN was under way), and those of the channel.
 */
export interface IdentityToken {
  readonly source: TokenSource;
  readonly label: string;
  /** The card's serial number, hex or as TokenInfo writes it; never logged. */
  readonly serial: string;
  readonly simulated: boolean;
  readonly certificates: readonly TokenCertificate[];
  /** The PINs, with tries where reading them is free. Reads the card again each time. */
  pins(): Promise<readonly TokenPin[]>;
  verify(pin: 'PIN1' | 'PIN2', code: SecretBytes, options?: PinOptions): Promise<void>;
  change(
    pin: 'PIN1' | 'PIN2',
    oldCode: SecretBytes,
    newCode: SecretBytes,
    options?: PinOptions,
  ): Promise<void>;
  /** Sets a new PIN with the PUK; the last-try rule guards the PUK's own counter. */
  unblock(pin: 'PIN1' | 'PIN2', puk: SecretBytes, newCode: SecretBytes, options?: PinOptions): Promise<void>;
  /** The algorithms the key can do, best first. Empty when there is no usable key. */
  algorithms(certificateId: string): readonly SignatureAlgorithm[];
  /** Verifies the PIN and signs, in one transaction. The signature is checked with the certificate before it is returned. */
  sign(
    certificateId: string,
    algorithm: SignatureAlgorithm,
    digest: Uint8Array,
    pin: SecretBytes,
    options?: PinOptions,
  ): Promise<Uint8Array>;
  /** Lets go of the card. */
  close(): Promise<void>;
}
