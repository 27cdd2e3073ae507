import type { Step } from '../card/profiles/step.ts';
import type { PinAddress } from '../card/profiles/step-runner.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import type { CertificateRole, PinName, SignatureAlgorithm, TokenSource } from './identity-token.ts';
import type { PublicKeyShape } from './key-algorithms.ts';

/**
 * A card as its PKCS#15 data or a profile describes it: what there is, and for every act the program of commands
 * that carries it out. The policy (`CardToken`) is the same for all.
 */
export interface TokenModel {
  readonly source: TokenSource;
  readonly label: string;
  readonly serial: string;
  readonly simulated: boolean;
  readonly pins: readonly ModelPin[];
  readonly certificates: readonly ModelCertificate[];
  /** Makes the card forget verified PINs; absent: it has to be reset. */
  readonly logout?: readonly Step[] | undefined;
}

/** How the digits of a PIN are written for the card (ISO 7816-15, 8.9.2, pwdType). */
export type PinCoding = 'ascii' | 'bcd' | 'half-nibble-bcd' | 'iso9564-1';

/** A PIN or PUK. */
export interface ModelPin {
  /** Names the PIN in programs. */
  readonly id: string;
  /** What people call it; undefined for a PIN that guards nothing of ours. */
  readonly name: PinName | undefined;
  readonly label: string;
  readonly address: PinAddress;
  readonly coding: PinCoding;
  /** Nothing but digits can be right. */
  readonly digitsOnly: boolean;
  /** In digits. */
  readonly length: { readonly min: number; readonly max: number };
  /** A transport PIN, which has to be changed before its key works. */
  readonly changeFirst: boolean;
  /** `id` of the PUK that unblocks it. */
  readonly puk: string | undefined;
  /** Programs; an absent one means that the card does not allow the act, or that nothing says how. */
  readonly tries?: readonly Step[] | undefined;
  readonly verify?: readonly Step[] | undefined;
  readonly change?: readonly Step[] | undefined;
  readonly unblock?: readonly Step[] | undefined;
}

/** A certificate, and the key behind it. */
export interface ModelCertificate {
  /** Hex, lower case. */
  readonly id: string;
  readonly label: string;
  readonly role: CertificateRole;
  readonly facts: CertificateFacts;
  readonly key: ModelKey | undefined;
}

/** A private key with a certificate. */
export interface ModelKey {
  /** `id` of the PIN that guards it; undefined when it needs none. */
  readonly pin: string | undefined;
  readonly shape: PublicKeyShape;
  /** Best first. */
  readonly ways: readonly SigningWay[];
}

/** One algorithm and the program that signs with it. */
export interface SigningWay {
  readonly algorithm: SignatureAlgorithm;
  /** What `{algorithm}` stands for in the program. */
  readonly reference?: number | undefined;
  readonly steps: readonly Step[];
}

/** A model whose PINs have no names yet. */
export type UnnamedPin = Omit<ModelPin, 'name'> & { readonly unblocks: boolean };
