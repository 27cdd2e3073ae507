import type { SandboxPerson } from '../../people.ts';
import type { SandboxAuthority } from '../../pki/authority.ts';
import type { TrainingPins } from '../training-pins.ts';
import type { SandboxVariant } from '../variants.ts';
import type { KeyPair } from './key-pairs.ts';

/** Everything a layout needs to make a card. */
export interface CardPlan {
  readonly variant: SandboxVariant;
  readonly person: SandboxPerson;
  readonly pins: TrainingPins;
  readonly authority: SandboxAuthority;
  readonly now: Date;
  /** `own`: our ATR and commands. `oseid`: the ATR and commands that OpenSC's myeid driver signs with. */
  readonly face: 'own' | 'oseid';
  readonly transport: 'T=0' | 'T=1';
  /** Key pairs to use instead of fresh ones: authentication (where the card has it), then signature. */
  readonly keyPairs: readonly KeyPair[];
  /** Subject serialNumber without `PNOMD-`. */
  readonly bareIdnp: boolean;
}

/** DER certificates of the card, absent in the variant `no-certificate`. */
export interface CardCertificates {
  readonly authentication?: Uint8Array;
  readonly signature?: Uint8Array;
}
