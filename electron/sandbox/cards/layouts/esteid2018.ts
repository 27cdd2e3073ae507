import { randomInt } from 'node:crypto';
import type { SandboxPerson } from '../../people.ts';
import { octetString, tlv } from '../../pki/der.ts';
import { getChallengeCommand, getDataCommand } from '../commands/data.ts';
import {
  computeDigitalSignatureCommand,
  internalAuthenticateCommand,
  manageSecurityEnvironmentCommand,
} from '../commands/key-operations.ts';
import { changeReferenceDataCommand, resetRetryCounterCommand, verifyCommand } from '../commands/pins.ts';
import { readBinaryCommand } from '../commands/read-binary.ts';
import { selectCommand } from '../commands/select.ts';
import type { CardDescription, CardState } from '../kernel/card.ts';
import type { CommandApdu } from '../kernel/command-apdu.ts';
import {
  type CardFile,
  type DedicatedFile,
  dedicatedFile,
  type ElementaryFile,
  transparentFile,
} from '../kernel/files.ts';
import type { CardKey } from '../kernel/private-key.ts';
import { ReferenceData } from '../kernel/reference-data.ts';
import { type EnvironmentRules, Template } from '../kernel/security-environment.ts';
import { refuse, Sw } from '../kernel/status-word.ts';
import { certificateValidity, pinState } from '../variants.ts';
import type { CardCertificates, CardPlan } from './card-plan.ts';
import { keyPair } from './key-pairs.ts';

/**
 * A card with the layout of the Estonian identity card of 2018 (IDEMIA, IAS-ECC), from its public profile: the
 * applications, files, references and commands that OpenSC and libelectronic-id use. The holder is invented, the
 * certificates are the sandbox's.
 */

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const atr = bytes('3BDB960080B1FE451F830012233F536549440F9000F1');
const mainAid = bytes('A000000077010800070000FE00000100');
/** "OT AWP", the authentication application. */
const authenticationAid = bytes('E828BD080FF2504F5420415750');
/** "QSCD Application". */
const signatureAid = bytes('51534344204170706C69636174696F6E');

/** Makes the card: two P-384 keys, PIN1 4 to 12 digits, PIN2 5 to 12, PUK 8 to 12, three tries each. */
export async function estEid2018(
  plan: CardPlan,
): Promise<{ description: CardDescription; certificates: CardCertificates }> {
  const [authentication, signature] = await Promise.all([
    keyPair('ec', plan.keyPairs[0]),
    keyPair('ec', plan.keyPairs[1]),
  ]);
  const validity = certificateValidity(plan.variant, plan.now, 60);
  const issue = (publicKey: typeof authentication.publicKey, role: 'authentication' | 'signature') =>
    plan.authority.issueHolder({
      person: plan.person,
      publicKey,
      role,
      bareIdnp: plan.bareIdnp,
      ...validity,
    });
  const certificates: CardCertificates =
    plan.variant === 'no-certificate'
      ? {}
      : {
          authentication: await issue(authentication.publicKey, 'authentication'),
          signature: await issue(signature.publicKey, 'signature'),
        };
  const certificateFile = (id: number, der: Uint8Array | undefined): ElementaryFile[] =>
    der === undefined ? [] : [transparentFile(id, der)];
  const authenticationDf = dedicatedFile(
    0xadf1,
    authenticationAid,
    certificateFile(0x3401, certificates.authentication),
  );
  const signatureDf = dedicatedFile(0xadf2, signatureAid, certificateFile(0x341f, certificates.signature));
  const documentNumber = `SIM${randomInt(1_000_000).toString().padStart(6, '0')}`;
  const pins = referenceData(plan, signatureDf);
  const [pin1, pin2] = pins;
  const description: CardDescription = {
    atr,
    mf: dedicatedFile(0x3f00, mainAid, [
      transparentFile(0xd003, octetString(Buffer.from(documentNumber, 'ascii'))),
      dedicatedFile(0x5000, undefined, personalData(plan.person, documentNumber)),
      authenticationDf,
      signatureDf,
    ]),
    pins,
    environment: environmentRules([
      { ...authentication, reference: 0x81, guard: pin1, consumesVerification: false },
      { ...signature, reference: 0x9f, guard: pin2, consumesVerification: true },
    ]),
    commands: new Map([
      [0xa4, selectCommand(forgetPins)],
      [0xb0, readBinaryCommand],
      [0x20, verifyCommand],
      [0x24, changeReferenceDataCommand],
      [0x2c, resetRetryCounterCommand([0x02])],
      [0x22, manageSecurityEnvironmentCommand],
      [0x2a, computeDigitalSignatureCommand],
      [0x88, internalAuthenticateCommand],
      [0x84, getChallengeCommand],
      [0xcb, getDataCommand(tryCounter)],
    ]),
    extendedLength: false,
    dataLimit: 512,
    transport: plan.transport,
  };
  return { description, certificates };
}

function referenceData(
  plan: CardPlan,
  signatureDf: DedicatedFile,
): [ReferenceData, ReferenceData, ReferenceData] {
  const common = { storedLength: 12, maxTries: 3 };
  const puk = new ReferenceData({
    ...common,
    name: 'PUK',
    reference: 0x02,
    digits: [8, 12],
    value: plan.pins.PUK,
    ...pinState(plan.variant, 'PUK'),
  });
  const pin1 = new ReferenceData({
    ...common,
    name: 'PIN1',
    reference: 0x01,
    digits: [4, 12],
    value: plan.pins.PIN1,
    unblockedBy: puk,
    ...pinState(plan.variant, 'PIN1'),
  });
  const pin2 = new ReferenceData({
    ...common,
    name: 'PIN2',
    reference: 0x85,
    df: signatureDf,
    // OpenSC passes through the MF between VERIFY and the signature.
    survivesAbove: true,
    digits: [5, 12],
    value: plan.pins.PIN2,
    unblockedBy: puk,
    ...pinState(plan.variant, 'PIN2'),
  });
  return [pin1, pin2, puk];
}

/** Selecting the main application by its name starts anew: no PIN is verified any more. */
function forgetPins(application: DedicatedFile, card: CardState): void {
  if (application.id === 0x3f00) for (const pin of card.pins) pin.verified = false;
}

/** Personal data file 5000: each field is an EF of plain text. */
function personalData(person: SandboxPerson, documentNumber: string): CardFile[] {
  const date = (iso: string): string => iso.split('-').reverse().join(' ');
  const fields = [
    person.familyName.toUpperCase(),
    person.givenName.toUpperCase(),
    person.sex,
    person.citizenship,
    `${date(person.birthDate)} ${person.citizenship}`,
    person.idnp,
    documentNumber,
    date(person.documentExpires),
    `${date(person.documentIssued)} SIMULATED`,
  ];
  return fields.map((text, index) => transparentFile(0x5001 + index, Buffer.from(text, 'utf8')));
}

/** Keys and algorithm references: AUTH 04 or FF200800, SIGN 54 or FF150800, both ECDSA over 48 bytes. */
function environmentRules(keys: readonly CardKey[]): EnvironmentRules {
  const algorithms: Partial<Record<number, readonly string[]>> = {
    [Template.authentication]: ['04', 'ff200800'],
    [Template.signature]: ['54', 'ff150800'],
  };
  return {
    keys,
    templates: [Template.authentication, Template.signature],
    allows: (key, template) => (key.reference === 0x81) === (template === Template.authentication),
    operation: (_key, template, algorithm) =>
      algorithm !== undefined && algorithms[template]?.includes(algorithm) ? 'ecdsa-raw' : undefined,
  };
}

/**
 * GET DATA of a PIN object: 4D 08 70 06 BF81<reference without the local bit> 02 A0 80. The answer holds the
 * tries at most (9A) and left (9B). Local PINs are known in their application only.
 */
function tryCounter(command: CommandApdu, card: CardState): Uint8Array | undefined {
  if (command.p1 !== 0x3f || command.p2 !== 0xff) return undefined;
  const query = Buffer.from(command.data);
  const asked = query[6];
  if (
    asked === undefined ||
    !query.equals(Buffer.of(0x4d, 0x08, 0x70, 0x06, 0xbf, 0x81, asked, 0x02, 0xa0, 0x80))
  ) {
    return refuse(Sw.wrongData);
  }
  const pin = card.pins.find((candidate) => (candidate.reference & 0x0f) === asked);
  if (!pin || (pin.df && !card.selection.isWithin(pin.df))) return undefined;
  // Access rules, as a real card shows them; nothing reads them.
  const rules = bytes('8C06F300007343009C06F30000734300');
  return tlv(
    0x70,
    tlv(
      0xbf8100 | asked,
      tlv(
        0xa0,
        tlv(0x9a, Uint8Array.of(pin.maxTries)),
        tlv(0x9b, Uint8Array.of(pin.tries)),
        tlv(0xa1, rules),
      ),
    ),
  );
}
