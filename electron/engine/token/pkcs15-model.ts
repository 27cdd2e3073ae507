import { type Failure, isFailure } from '../../contract/failures/failure.ts';
import { keyOfCertificate, unblockerOfPin } from '../card/pkcs15/consistency.ts';
import type {
  Pkcs15Application,
  Pkcs15Card,
  Pkcs15Certificate,
  Pkcs15CertificateValue,
  Pkcs15Key,
  Pkcs15Path,
  Pkcs15Pin,
} from '../card/pkcs15/model.ts';
import { absolutePath, relativePath } from '../card/pkcs15/path.ts';
import type { OverlayProfile } from '../card/profiles/schema.ts';
import type { Step } from '../card/profiles/step.ts';
import { type CertificateFacts, readCertificate } from './certificate-facts.ts';
import { certificateRole, roleOfLabel } from './certificate-role.ts';
import type { CertificateRole, SignatureAlgorithm } from './identity-token.ts';
import { fitsKey, hashesFor, publicKeyShape } from './key-algorithms.ts';
import { iso9564MaxDigits } from './pin-coding.ts';
import { type GuardedKey, namePins } from './pin-naming.ts';
import type {
  ModelCertificate,
  ModelKey,
  PinCoding,
  SigningWay,
  TokenModel,
  UnnamedPin,
} from './token-model.ts';

/** PKCS#11 mechanisms that stand for one thing only: the card pads, or does not, what it is given. */
const Mechanism = { rsaPkcs1: 0x0001, rsaRaw: 0x0003, rsaPss: 0x000d, ecdsa: 0x1041 } as const;

const codings: Readonly<Record<Pkcs15Pin['type'], PinCoding>> = {
  bcd: 'bcd',
  'ascii-numeric': 'ascii',
  utf8: 'ascii',
  'half-nibble-bcd': 'half-nibble-bcd',
  'iso9564-1': 'iso9564-1',
};

/**
 * The model of a card that describes itself. Every reference comes from its own data; the overlay adds only what
 * that data has no words for, and nothing without an overlay: how tries are read for nothing, what a missing
 * `initialized` means, how verified PINs are forgotten.
 * @throws Failure `card-malformed` when there are certificates, but none can be read.
 */
export function pkcs15Model(
  card: Pkcs15Card,
  values: readonly Pkcs15CertificateValue[],
  overlay: OverlayProfile | undefined,
): TokenModel {
  const place = (path: Pkcs15Path | undefined): Step[] => placeOf(card.application, path);
  const read = readable(values);
  const roleOfKey = (key: Pkcs15Key): CertificateRole => {
    const own = read.find(({ certificate }) => certificate.id === key.id && !certificate.authority);
    return own ? certificateRole(own.facts, own.certificate.label) : roleOfUsage(key);
  };
  const guarded: GuardedKey[] = card.keys.map((key) => ({ pin: key.authId, role: roleOfKey(key) }));
  const usable = card.pins.flatMap((pin) => unnamedPin(card, pin, place, overlay));
  const pins = namePins(usable, guarded);
  const certificates = read.map(({ certificate, facts }): ModelCertificate => {
    const { id, label, authority } = certificate;
    const key = authority ? undefined : keyOfCertificate(card, certificate);
    const role = authority ? 'other' : certificateRole(facts, label);
    return { id, label, role, facts, key: key && modelKey(card, key, facts, usable, place) };
  });
  return {
    source: 'pkcs15',
    label: card.tokenInfo?.label ?? card.application.label,
    serial: card.tokenInfo?.serialNumber ?? '',
    simulated: overlay?.status === 'simulated',
    pins,
    certificates,
    logout: logoutSteps(overlay, card.pins),
  };
}

/** The certificates that can be read. One that is broken, or of a kind nobody knows, does not spoil the others. */
function readable(
  values: readonly Pkcs15CertificateValue[],
): { readonly certificate: Pkcs15Certificate; readonly facts: CertificateFacts }[] {
  let problem: Failure | undefined;
  const read = values.flatMap(({ certificate, der }) => {
    if (der === undefined) return [];
    try {
      return [{ certificate, facts: readCertificate(der) }];
    } catch (error) {
      if (!isFailure(error, 'card-malformed')) throw error;
      problem ??= error;
      return [];
    }
  });
  if (read.length === 0 && problem) throw problem;
  return read;
}

/** The SELECT that leads to the DF or EF of an object. */
function placeOf(application: Pkcs15Application, path: Pkcs15Path | undefined): Step[] {
  const absolute = path ? absolutePath(application, path.file) : application.path;
  if (absolute) return [{ verb: 'select-path', path: absolute, from: 'mf' }];
  const steps: Step[] = application.aid ? [{ verb: 'select-name', name: application.aid }] : [];
  if (path) steps.push({ verb: 'select-path', path: relativePath(path.file), from: 'current' });
  return steps;
}

function unnamedPin(
  card: Pkcs15Card,
  pin: Pkcs15Pin,
  place: (path: Pkcs15Path | undefined) => Step[],
  overlay: OverlayProfile | undefined,
): UnnamedPin[] {
  const { authId: id, flags, padByte, storedLength } = pin;
  const coding = codings[pin.type];
  const min = Math.max(1, pin.minLength);
  const max = coding === 'iso9564-1' ? Math.min(pin.maxLength, iso9564MaxDigits) : pin.maxLength;
  // Without an authId nothing can refer to it, with one given twice it is not clear what does; without a padding
  // byte its form would be a guess; and lengths that nothing fits let nothing through.
  const isOne = card.pins.filter((other) => other.authId === id).length === 1;
  if (id === undefined || !isOne || min > max || (flags.needsPadding && padByte === undefined)) return [];
  const puk = pin.unblocks ? undefined : unblockerOfPin(card, pin)?.authId;
  const to = place(pin.path);
  return [
    {
      id,
      unblocks: pin.unblocks,
      label: pin.label,
      address: {
        reference: pin.reference,
        padding: flags.needsPadding && padByte !== undefined ? { storedLength, padByte } : undefined,
      },
      coding,
      digitsOnly: pin.type !== 'utf8',
      length: { min, max },
      changeFirst: overlay?.changeFirst === 'not-initialized' && !pin.unblocks && !flags.initialized,
      puk,
      tries: overlay?.tries === 'empty-verify' ? [...to, { verb: 'pin-status', pin: id }] : undefined,
      verify: pin.unblocks ? undefined : [...to, { verb: 'verify', pin: id }],
      change: pin.unblocks || flags.changeDisabled ? undefined : [...to, { verb: 'change', pin: id }],
      unblock:
        puk === undefined || flags.unblockDisabled
          ? undefined
          : [...to, { verb: 'unblock', pin: id, with: 'puk-and-pin' }],
    },
  ];
}

/** What a key without a certificate is for. */
function roleOfUsage(key: Pkcs15Key): CertificateRole {
  if (key.usage.nonRepudiation) return 'signature';
  return key.usage.sign ? 'authentication' : roleOfLabel(key.label);
}

function modelKey(
  card: Pkcs15Card,
  key: Pkcs15Key,
  facts: CertificateFacts,
  pins: readonly UnnamedPin[],
  place: (path: Pkcs15Path | undefined) => Step[],
): ModelKey | undefined {
  const shape = publicKeyShape(facts.x509.publicKey);
  const pin = pins.find((candidate) => candidate.id === key.authId);
  // A key that names a PIN which is not there cannot be used; one of another type is not the certificate's.
  if (shape === undefined || shape.kind !== key.type || (key.authId !== undefined && !pin)) return undefined;
  const before = [...(pin?.verify ?? []), ...place(key.path)];
  const ways = methodsOf(card, key).flatMap(({ kind, input, cardReference }) =>
    hashesFor(shape).map((hash): SigningWay => {
      const algorithm: SignatureAlgorithm = { kind, hash };
      const environment = environmentData(cardReference, key.keyReference);
      const cut = shape.kind === 'ec' ? { cut: shape.orderLength } : {};
      return {
        algorithm,
        steps: [
          ...before,
          ...(environment === '' ? [] : [{ verb: 'mse-set', template: 'B6', data: environment } as const]),
          { verb: 'pso-cds', input, ...cut },
        ],
      };
    }),
  );
  return { pin: pin?.id, shape, ways: ways.filter(({ algorithm }) => fitsKey(algorithm, shape)) };
}

interface Method {
  readonly kind: SignatureAlgorithm['kind'];
  readonly input: 'digest' | 'digest-info' | 'emsa-pss';
  readonly cardReference: number | undefined;
}

/**
 * The ways of signing that the card's data offers for a key. Mechanisms that hash on the card are passed over:
 * what such a reference expects as input differs from card to card. A key without algorithms does what its type
 * is for, under the card's default.
 */
function methodsOf(card: Pkcs15Card, key: Pkcs15Key): Method[] {
  const offered = (card.tokenInfo?.algorithms ?? []).filter(({ reference }) =>
    key.algorithmReferences.includes(reference),
  );
  if (offered.length === 0) {
    return key.type === 'rsa'
      ? [{ kind: 'rsa-pkcs1', input: 'digest-info', cardReference: undefined }]
      : [{ kind: 'ecdsa', input: 'digest', cardReference: undefined }];
  }
  const order: readonly number[] = [Mechanism.ecdsa, Mechanism.rsaPkcs1, Mechanism.rsaPss, Mechanism.rsaRaw];
  const methods = order.flatMap((mechanism): Method[] => {
    const cardReference = offered.find((algorithm) => algorithm.mechanism === mechanism)?.cardReference;
    if (!offered.some((algorithm) => algorithm.mechanism === mechanism)) return [];
    switch (mechanism) {
      case Mechanism.ecdsa:
        return [{ kind: 'ecdsa', input: 'digest', cardReference }];
      case Mechanism.rsaPkcs1:
        return [{ kind: 'rsa-pkcs1', input: 'digest-info', cardReference }];
      case Mechanism.rsaPss:
        return [{ kind: 'rsa-pss', input: 'digest', cardReference }];
      default:
        return [{ kind: 'rsa-pss', input: 'emsa-pss', cardReference }];
    }
  });
  return methods.filter(({ kind }, at) => methods.findIndex((method) => method.kind === kind) === at);
}

/** MSE SET: algorithm (80) and private key (84), as far as the card's data names them. */
function environmentData(algorithm: number | undefined, key: number | undefined): string {
  const object = (tag: string, value: number | undefined): string => {
    if (value === undefined) return '';
    const bytes = value.toString(16).toUpperCase();
    const even = bytes.padStart(bytes.length + (bytes.length % 2), '0');
    return `${tag}${(even.length / 2).toString(16).padStart(2, '0')}${even}`;
  };
  return object('80', algorithm) + object('84', key);
}

function logoutSteps(overlay: OverlayProfile | undefined, pins: readonly Pkcs15Pin[]): Step[] | undefined {
  if (overlay?.logout === 'deauthenticate') return [{ verb: 'logout' }];
  if (overlay?.logout !== 'verify-ff') return undefined;
  return pins.flatMap((pin) =>
    pin.authId === undefined ? [] : [{ verb: 'logout' as const, pin: pin.authId }],
  );
}
