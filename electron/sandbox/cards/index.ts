import { ana, type SandboxPerson, sandboxPeople } from '../people.ts';
import type { SandboxAuthority } from '../pki/authority.ts';
import { applyCertificateStatus } from './certificate-status.ts';
import { CardKernel } from './kernel/card.ts';
import type { CommandLog } from './kernel/command-statistics.ts';
import type { ReferenceData } from './kernel/reference-data.ts';
import type { CardCertificates, CardPlan } from './layouts/card-plan.ts';
import { estEid2018 } from './layouts/esteid2018.ts';
import type { KeyPair } from './layouts/key-pairs.ts';
import { electronicIdentityCard, identityCard2025 } from './layouts/moldovan-cards.ts';
import type { SimulatedCard } from './simulated-card.ts';
import { type TrainingPins, trainingPins } from './training-pins.ts';
import { type SandboxVariant, sandboxVariants } from './variants.ts';

export type { CommandLog } from './kernel/command-statistics.ts';
export type { KeyPair } from './layouts/key-pairs.ts';
export { type TrainingPins, trainingPins } from './training-pins.ts';
export { type SandboxVariant, sandboxVariants } from './variants.ts';

/** The cards of the sandbox: electronic identity card, identity card of 2025, EstEID of 2018. */
export const sandboxCardNames = ['eid', '2025', 'esteid2018'] as const;
export type SandboxCardName = (typeof sandboxCardNames)[number];

/** Which card, in which state, whose. */
export interface SandboxCardSpec {
  readonly card: SandboxCardName;
  /** Default `normal`. */
  readonly variant?: SandboxVariant;
  /** Default: the first of the invented people. */
  readonly person?: SandboxPerson;
  /**
   * `oseid` gives `eid` and `2025` the ATR and commands that OpenSC's myeid driver signs with; default `own`.
   * The EstEID has one face.
   */
  readonly face?: 'own' | 'oseid';
  /** Default: the public training values. */
  readonly pins?: TrainingPins;
  /** Default: the authority's. Certificates are valid, expired or not yet valid as seen from here. */
  readonly now?: Date;
  /** `T=0` makes the card answer with 61xx and 6Cxx and refuse extended lengths; default `T=1`. */
  readonly transport?: 'T=0' | 'T=1';
  /**
   * Key pairs to use instead of fresh ones: authentication (`eid`, `esteid2018`), then signature. RSA-2048 for
   * `eid`, else P-384. For tests that make many cards: RSA keys are slow to make.
   */
  readonly keyPairs?: readonly KeyPair[];
  /** Writes the bare IDNP into the certificates instead of `PNOMD-<IDNP>`; default false. */
  readonly bareIdnp?: boolean;
}

/** A simulated card with views that no real card has; they are for tests and for labelling. */
export interface SandboxCard extends SimulatedCard {
  readonly spec: SandboxCardSpec;
  readonly person: SandboxPerson;
  /** DER; absent where the card has none. */
  readonly certificates: CardCertificates;
  /**
   * Tries left, without asking the card.
   * @param pin name, or reference as P2 of VERIFY.
   * @throws RangeError when the card has no such PIN.
   */
  tries(pin: 'PIN1' | 'PIN2' | 'PUK' | number): number;
  /** What the card was asked so far; never holds a PIN. */
  readonly commandLog: CommandLog;
}

class PersonalisedCard extends CardKernel implements SandboxCard {
  readonly spec: SandboxCardSpec;
  readonly person: SandboxPerson;
  readonly certificates: CardCertificates;
  readonly #pins: readonly ReferenceData[];

  constructor(
    description: ConstructorParameters<typeof CardKernel>[0],
    spec: SandboxCardSpec,
    person: SandboxPerson,
    certificates: CardCertificates,
  ) {
    super(description);
    this.spec = spec;
    this.person = person;
    this.certificates = certificates;
    this.#pins = description.pins;
  }

  tries(pin: 'PIN1' | 'PIN2' | 'PUK' | number): number {
    const found = this.#pins.find((candidate) => candidate.name === pin || candidate.reference === pin);
    if (!found) throw new RangeError(`the card has no PIN ${pin}`);
    return found.tries;
  }
}

const layouts = {
  eid: electronicIdentityCard,
  '2025': identityCard2025,
  esteid2018: estEid2018,
} as const;

/**
 * Makes a simulated card: fresh keys, certificates from `authority`, PINs of the training values. Key pairs are
 * made beside the event loop.
 * @throws RangeError for `keyPairs` of the wrong kind.
 */
export async function createSandboxCard(
  spec: SandboxCardSpec,
  authority: SandboxAuthority,
): Promise<SandboxCard> {
  const plan: CardPlan = {
    variant: spec.variant ?? 'normal',
    person: spec.person ?? ana,
    pins: spec.pins ?? trainingPins,
    authority,
    now: spec.now ?? authority.now,
    face: spec.face ?? 'own',
    transport: spec.transport ?? 'T=1',
    keyPairs: spec.keyPairs ?? [],
    bareIdnp: spec.bareIdnp ?? false,
  };
  const { description, certificates } = await layouts[spec.card](plan);
  applyCertificateStatus(plan.variant, certificates, authority.register);
  return new PersonalisedCard(description, spec, plan.person, certificates);
}

/** What the text form of a card says. */
export interface ParsedSandboxSpec {
  readonly card: SandboxCardName;
  readonly variant: SandboxVariant;
  /** Absent when nobody is named: the default holder. */
  readonly person?: SandboxPerson;
}

/**
 * Reads `CARD[:VARIANT][:PERSON]`, as the command line's `--sandbox` takes it; PERSON is the key of an invented
 * person. An empty card is the electronic identity card.
 * @returns undefined for an unknown card, variant or person, and for parts in another order.
 */
export function parseSandboxSpec(text: string): ParsedSandboxSpec | undefined {
  const [name, ...rest] = text.split(':');
  const card = name === '' ? 'eid' : sandboxCardNames.find((known) => known === name);
  const variant = sandboxVariants.find((known) => known === rest[0]);
  if (variant !== undefined) rest.shift();
  const person = sandboxPeople.find(({ key }) => key === rest[0]);
  if (person !== undefined) rest.shift();
  if (card === undefined || rest.length > 0) return undefined;
  return { card, variant: variant ?? 'normal', ...(person === undefined ? {} : { person }) };
}
