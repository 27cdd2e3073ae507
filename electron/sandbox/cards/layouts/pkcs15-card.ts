import { randomBytes } from 'node:crypto';
import { concatBytes, tlv } from '../../pki/der.ts';
import { getChallengeCommand, getDataCommand } from '../commands/data.ts';
import {
  computeDigitalSignatureCommand,
  halvedSecurityOperationCommand,
  internalAuthenticateCommand,
  manageSecurityEnvironmentCommand,
} from '../commands/key-operations.ts';
import {
  changeReferenceDataCommand,
  logoutCommand,
  resetRetryCounterCommand,
  verifyCommand,
} from '../commands/pins.ts';
import { readBinaryCommand } from '../commands/read-binary.ts';
import { selectCommand } from '../commands/select.ts';
import type { CardDescription, CommandHandler } from '../kernel/card.ts';
import { type DedicatedFile, dedicatedFile, keyFile, transparentFile } from '../kernel/files.ts';
import type { CardKey } from '../kernel/private-key.ts';
import { ReferenceData } from '../kernel/reference-data.ts';
import { type EnvironmentRules, Template } from '../kernel/security-environment.ts';
import {
  applicationTemplate,
  certificateObject,
  KeyUsage,
  odfEntry,
  pinObject,
  privateKeyObject,
  publicKeyObject,
  type TokenAlgorithm,
  tokenInfo,
} from '../pkcs15/objects.ts';
import { pinState } from '../variants.ts';
import type { CardPlan } from './card-plan.ts';
import type { KeyPair } from './key-pairs.ts';

/** PKCS#15 application identifier. */
const pkcs15Aid = Uint8Array.from(Buffer.from('A000000063504B43532D3135', 'hex'));

/** File identifiers. */
const File = {
  mf: 0x3f00,
  dir: 0x2f00,
  atrInfo: 0x2f01,
  application: 0x5015,
  odf: 0x5031,
  tokenInfo: 0x5032,
  pins: 0x4401,
  privateKeys: 0x4402,
  publicKeys: 0x4403,
  certificates: 0x4404,
  firstCertificate: 0x4301,
  firstPublicKey: 0x4601,
  firstPrivateKey: 0x4b01,
} as const;

/** Command and response data at most, as EF.ATR/INFO tells it. */
const dataLimit = 2048;

/** Algorithm references of MSE SET; OsEID uses the same numbers. */
const algorithms = {
  rsaPkcs1: { reference: 1, mechanism: 0x01, oid: '1.2.840.113549.1.1.1', algorithmReference: 0x02 },
  rsaRaw: { reference: 2, mechanism: 0x03, oid: '1.2.840.113549.1.1.1', algorithmReference: 0x00 },
  ecdsa: { reference: 1, mechanism: 0x1041, oid: '1.2.840.10045.4.3', algorithmReference: 0x04 },
} as const satisfies Record<string, TokenAlgorithm>;

/** A key slot of the layout: key pair, its PIN and its names. */
export interface KeySlot {
  readonly pair: KeyPair;
  readonly certificate: Uint8Array | undefined;
  readonly certificateLabel: string;
  readonly label: string;
  readonly pin: 'PIN1' | 'PIN2';
  readonly role: 'authentication' | 'signature';
  readonly keyReference: number;
}

/** What distinguishes the two PKCS#15 cards. */
export interface Pkcs15CardSettings {
  readonly atr: Uint8Array;
  readonly label: string;
  readonly applicationLabel: string;
  readonly pins: readonly {
    readonly name: 'PIN1' | 'PIN2';
    readonly reference: number;
    readonly label: string;
  }[];
  readonly pukReference: number;
  readonly slots: readonly KeySlot[];
}

const digitsOf = { PIN1: [4, 4], PIN2: [6, 6], PUK: [8, 8] } as const;
const authIdOf = { PIN1: 1, PIN2: 2, PUK: 3 } as const;

/** Makes a PKCS#15 card. */
export function pkcs15Card(plan: CardPlan, settings: Pkcs15CardSettings): CardDescription {
  const children: DedicatedFile['children'][number][] = [];
  const application = dedicatedFile(File.application, pkcs15Aid, children);
  const pins = referenceData(plan, settings, application);
  const keys = settings.slots.map((slot, index) => cardKey(slot, index, pins));
  children.push(...applicationFiles(plan.face, settings, pins));
  return {
    atr: settings.atr,
    mf: dedicatedFile(File.mf, undefined, [
      transparentFile(
        File.dir,
        applicationTemplate(pkcs15Aid, settings.applicationLabel, [File.mf, File.application]),
        30,
      ),
      transparentFile(File.atrInfo, extendedLengthInformation()),
      application,
    ]),
    pins,
    environment: environmentRules(keys, plan.face),
    commands: commands(plan.face),
    extendedLength: plan.transport === 'T=1',
    dataLimit,
    transport: plan.transport,
  };
}

function referenceData(
  plan: CardPlan,
  settings: Pkcs15CardSettings,
  application: DedicatedFile,
): ReferenceData[] {
  const common = { df: application, storedLength: 8 };
  const puk = new ReferenceData({
    ...common,
    name: 'PUK',
    reference: settings.pukReference,
    digits: digitsOf.PUK,
    maxTries: 10,
    value: plan.pins.PUK,
    ...pinState(plan.variant, 'PUK'),
  });
  const holderPins = settings.pins.map(
    ({ name, reference }) =>
      new ReferenceData({
        ...common,
        name,
        reference,
        digits: digitsOf[name],
        maxTries: 3,
        value: plan.pins[name],
        unblockedBy: puk,
        ...pinState(plan.variant, name),
      }),
  );
  return [...holderPins, puk];
}

function cardKey(slot: KeySlot, index: number, pins: readonly ReferenceData[]): CardKey {
  const guard = pins.find((pin) => pin.name === slot.pin);
  if (!guard) throw new Error(`the card has no ${slot.pin}`);
  return {
    ...slot.pair,
    reference: slot.keyReference,
    fileId: File.firstPrivateKey + index,
    guard,
    consumesVerification: slot.role === 'signature',
  };
}

function applicationFiles(
  face: CardPlan['face'],
  settings: Pkcs15CardSettings,
  pins: readonly ReferenceData[],
): DedicatedFile['children'] {
  const below = (id: number): readonly number[] => [File.mf, File.application, id];
  const { slots } = settings;
  const isRsa = slots[0]?.pair.publicKey.asymmetricKeyType === 'rsa';
  const ownAlgorithms = isRsa ? [algorithms.rsaPkcs1, algorithms.rsaRaw] : [algorithms.ecdsa];
  // OpenSC takes the list for everything the key may do and then refuses SHA256-RSA-PKCS, which it builds itself.
  const tokenAlgorithms: readonly TokenAlgorithm[] = face === 'own' ? ownAlgorithms : [];
  const places = slots.map((slot, index) => ({
    label: slot.label,
    id: index + 1,
    type: isRsa ? ('rsa' as const) : ('ec' as const),
    bits: isRsa ? 2048 : 384,
  }));
  const joined = <T>(items: readonly T[], encode: (item: T, index: number) => Uint8Array): Uint8Array =>
    concatBytes(...items.map(encode));

  const pinDirectory = (): Uint8Array =>
    joined(pins, (pin) =>
      pinObject(pin, {
        label: settings.pins.find(({ name }) => name === pin.name)?.label ?? 'PUK',
        authId: authIdOf[pin.name],
        directory: [File.mf, File.application],
        ...(pin.unblockedBy ? { unblockedBy: authIdOf.PUK } : {}),
      }),
    );
  const privateKeys = joined(places, (place, index) =>
    privateKeyObject({
      ...place,
      authId: authIdOf[slots[index]?.pin ?? 'PIN2'],
      userConsent: slots[index]?.role === 'signature',
      usage: [slots[index]?.role === 'signature' ? KeyUsage.nonRepudiation : KeyUsage.sign],
      keyReference: slots[index]?.keyReference ?? 0,
      file: File.firstPrivateKey + index,
      algorithms: tokenAlgorithms,
    }),
  );
  const publicKeys = joined(places, (place, index) =>
    publicKeyObject({ ...place, directory: below(File.firstPublicKey + index) }),
  );
  const certificates = joined(slots, (slot, index) =>
    slot.certificate === undefined
      ? new Uint8Array()
      : certificateObject({
          label: slot.certificateLabel,
          id: index + 1,
          directory: below(File.firstCertificate + index),
        }),
  );
  return [
    transparentFile(
      File.odf,
      concatBytes(
        odfEntry(0xa8, ...below(File.pins)),
        odfEntry(0xa0, ...below(File.privateKeys)),
        odfEntry(0xa1, ...below(File.publicKeys)),
        odfEntry(0xa4, ...below(File.certificates)),
      ),
      0x11,
    ),
    transparentFile(
      File.tokenInfo,
      tokenInfo({
        serial: Uint8Array.from(randomBytes(8)),
        manufacturer: 'Buletin sandbox',
        label: settings.label,
        algorithms: tokenAlgorithms,
      }),
      0x12,
    ),
    transparentFile(File.pins, pinDirectory),
    transparentFile(File.privateKeys, privateKeys),
    transparentFile(File.publicKeys, publicKeys),
    // Without certificates the directory is blank, as a card leaves the factory.
    transparentFile(File.certificates, certificates.length > 0 ? certificates : new Uint8Array(32)),
    ...slots.flatMap((slot, index) => [
      keyFile(File.firstPrivateKey + index, isRsa ? 1024 : 48),
      transparentFile(File.firstPublicKey + index, publicKeyFile(slot.pair)),
      ...(slot.certificate === undefined
        ? []
        : [transparentFile(File.firstCertificate + index, slot.certificate)]),
    ]),
  ];
}

/** RSA as PKCS#1 RSAPublicKey, EC as SubjectPublicKeyInfo: what OpenSC reads. */
function publicKeyFile({ publicKey }: KeyPair): Uint8Array {
  const type = publicKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'spki';
  return Uint8Array.from(publicKey.export({ type, format: 'der' } as { type: 'spki'; format: 'der' }));
}

/** EF.ATR/INFO: extended length information (ISO 7816-4 clause 12.7.1): command and response APDU bytes. */
function extendedLengthInformation(): Uint8Array {
  const limit = tlv(0x02, Uint8Array.of(dataLimit >> 8, dataLimit & 0xff));
  return tlv(0x7f66, limit, limit);
}

function environmentRules(keys: readonly CardKey[], face: CardPlan['face']): EnvironmentRules {
  return {
    keys,
    templates:
      face === 'oseid'
        ? [Template.signature, Template.confidentiality]
        : [Template.signature, Template.authentication],
    // INTERNAL AUTHENTICATE is for the authentication key; a signature needs its own command.
    allows: (key, template) => template !== Template.authentication || !key.consumesVerification,
    operation: (key, template, algorithm) => {
      const isRsa = key.privateKey.asymmetricKeyType === 'rsa';
      if (template === Template.confidentiality) return isRsa ? 'rsa-raw' : undefined;
      if (!isRsa) {
        if (algorithm !== undefined && algorithm !== '04') return undefined;
        return face === 'oseid' ? 'ecdsa-der' : 'ecdsa-raw';
      }
      switch (algorithm) {
        case undefined:
        case '02':
          return 'rsa-pkcs1';
        case '12':
          return 'rsa-pkcs1-sha1';
        case '00':
          return 'rsa-raw';
        default:
          return undefined;
      }
    },
  };
}

function commands(face: CardPlan['face']): ReadonlyMap<number, CommandHandler> {
  const shared: [number, CommandHandler][] = [
    [0xa4, selectCommand()],
    [0xb0, readBinaryCommand],
    [0x20, verifyCommand],
    [0x24, changeReferenceDataCommand],
    [0x2c, resetRetryCounterCommand([0x00])],
    [0x2e, logoutCommand],
    [0x22, manageSecurityEnvironmentCommand],
    [0x84, getChallengeCommand],
  ];
  if (face === 'own') {
    return new Map([
      ...shared,
      [0x2a, computeDigitalSignatureCommand],
      [0x88, internalAuthenticateCommand],
      [0xca, getDataCommand(() => undefined)],
    ]);
  }
  return new Map([
    ...shared,
    [0x2a, halvedSecurityOperationCommand],
    [0xca, getDataCommand(oseidDataObject(Uint8Array.from(randomBytes(10))))],
  ]);
}

/** The two data objects that OpenSC's myeid driver asks an OsEID card for: applet information and capabilities. */
function oseidDataObject(serial: Uint8Array): Parameters<typeof getDataCommand>[0] {
  const version = Uint8Array.of(0x04, 0x00, 0x01);
  const changeCounter = Uint8Array.of(0x00, 0x01);
  const objects = new Map([
    [0x01a0, concatBytes(Buffer.from('OsEID', 'ascii'), version, serial, changeCounter)],
    [0x01aa, Uint8Array.from(Buffer.from('0100090800000000000180', 'hex'))],
  ]);
  return (command) => objects.get((command.p1 << 8) | command.p2);
}
