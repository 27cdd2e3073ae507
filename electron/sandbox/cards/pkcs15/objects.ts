import {
  derNull,
  enumerated,
  integer,
  namedBits,
  objectIdentifier,
  octetString,
  sequence,
  tlv,
  utf8String,
} from '../../pki/der.ts';
import type { ReferenceData } from '../kernel/reference-data.ts';

/**
 * PKCS#15 (ISO 7816-15) objects as the simulated cards carry them: the value of each directory file is the
 * concatenation of these.
 */

/** Bits of CommonObjectAttributes.flags. */
const ObjectFlag = { private: 0, modifiable: 1 } as const;
/** Bits of PinAttributes.pinFlags. */
const PinFlag = { caseSensitive: 0, local: 1, initialized: 4, needsPadding: 5, unblockingPin: 6 } as const;
/** Bits of CommonKeyAttributes.usage. */
export const KeyUsage = { sign: 2, verify: 6, nonRepudiation: 9 } as const;
/** Bits of CommonKeyAttributes.accessFlags: sensitive, always sensitive, never extractable, local. */
const neverLeftTheCard = [0, 2, 3, 4];

const path = (...identifiers: readonly number[]): Uint8Array =>
  octetString(Uint8Array.from(identifiers.flatMap((id) => [id >> 8, id & 0xff])));

/** Type-specific attributes, `[1] { SEQUENCE { … } }`. */
const typeAttributes = (...attributes: readonly Uint8Array[]): Uint8Array =>
  tlv(0xa1, sequence(...attributes));

/** EF.DIR entry of an application (ISO 7816-4 clause 12.2.1). */
export const applicationTemplate = (
  aid: Uint8Array,
  label: string,
  directory: readonly number[],
): Uint8Array =>
  tlv(
    0x61,
    tlv(0x4f, aid),
    tlv(0x50, Buffer.from(label, 'utf8')),
    tlv(0x51, Uint8Array.from(directory.flatMap((id) => [id >> 8, id & 0xff]))),
  );

/** ODF entry: where the objects of one kind are described. `kind`: A0 keys, A1 public keys, A4 certificates, A8 PINs. */
export const odfEntry = (kind: 0xa0 | 0xa1 | 0xa4 | 0xa8, ...directory: readonly number[]): Uint8Array =>
  tlv(kind, sequence(path(...directory)));

/** An algorithm of TokenInfo.supportedAlgorithms. */
export interface TokenAlgorithm {
  /** Number by which keys refer to it. */
  readonly reference: number;
  /** PKCS#11 mechanism. */
  readonly mechanism: number;
  readonly oid: string;
  /** Value of data object 80 in MSE SET. */
  readonly algorithmReference: number;
}

/** AlgorithmInfo: its one operation is compute-signature. */
function algorithmInfo(algorithm: TokenAlgorithm): Uint8Array {
  return sequence(
    integer(algorithm.reference),
    integer(algorithm.mechanism),
    derNull(),
    namedBits([1]),
    objectIdentifier(algorithm.oid),
    integer(algorithm.algorithmReference),
  );
}

/** TokenInfo, EF 5032. Flags: login required, random numbers. */
export function tokenInfo(token: {
  readonly serial: Uint8Array;
  readonly manufacturer: string;
  readonly label: string;
  readonly algorithms: readonly TokenAlgorithm[];
}): Uint8Array {
  return sequence(
    integer(0),
    octetString(token.serial),
    utf8String(token.manufacturer),
    tlv(0x80, Buffer.from(token.label, 'utf8')),
    namedBits([1, 2]),
    ...(token.algorithms.length === 0 ? [] : [tlv(0xa2, ...token.algorithms.map(algorithmInfo))]),
  );
}

/** AODF entry of a PIN, as it is now: the flag `initialized` is missing while it has to be changed first. */
export function pinObject(
  pin: ReferenceData,
  place: {
    readonly label: string;
    readonly authId: number;
    /** authId of the PIN that unblocks this one. */
    readonly unblockedBy?: number;
    readonly directory: readonly number[];
  },
): Uint8Array {
  const flags: number[] = [PinFlag.caseSensitive, PinFlag.local, PinFlag.needsPadding];
  if (!pin.changeFirst) flags.push(PinFlag.initialized);
  if (place.unblockedBy === undefined) flags.push(PinFlag.unblockingPin);
  const asciiNumeric = 1;
  return sequence(
    sequence(
      utf8String(place.label),
      namedBits([ObjectFlag.private, ObjectFlag.modifiable]),
      ...(place.unblockedBy === undefined ? [] : [octetString(Uint8Array.of(place.unblockedBy))]),
    ),
    sequence(octetString(Uint8Array.of(place.authId))),
    typeAttributes(
      namedBits(flags),
      enumerated(asciiNumeric),
      integer(pin.digits[0]),
      integer(pin.storedLength),
      integer(pin.digits[1]),
      integer(pin.reference, 0x80),
      octetString(Uint8Array.of(0xff)),
      sequence(path(...place.directory)),
    ),
  );
}

/** What the key, the public key and the certificate of one key pair have in common. */
export interface KeyPlace {
  readonly label: string;
  /** PKCS#15 iD, one byte. */
  readonly id: number;
  readonly type: 'rsa' | 'ec';
  /** Modulus or field size in bits. */
  readonly bits: number;
}

/** EC objects carry the tag [0], RSA objects are plain SEQUENCEs. */
const keyObject = (type: 'rsa' | 'ec', ...contents: readonly Uint8Array[]): Uint8Array =>
  tlv(type === 'ec' ? 0xa0 : 0x30, ...contents);

/** PrKDF entry. */
export function privateKeyObject(
  key: KeyPlace & {
    readonly authId: number;
    readonly userConsent: boolean;
    readonly usage: readonly number[];
    readonly keyReference: number;
    readonly file: number;
    readonly algorithms: readonly TokenAlgorithm[];
  },
): Uint8Array {
  return keyObject(
    key.type,
    sequence(
      utf8String(key.label),
      namedBits([ObjectFlag.private]),
      octetString(Uint8Array.of(key.authId)),
      ...(key.userConsent ? [integer(1)] : []),
    ),
    sequence(
      octetString(Uint8Array.of(key.id)),
      namedBits(key.usage),
      namedBits(neverLeftTheCard),
      integer(key.keyReference),
      ...(key.algorithms.length === 0
        ? []
        : [tlv(0xa1, ...key.algorithms.map((algorithm) => integer(algorithm.reference)))]),
    ),
    typeAttributes(sequence(path(key.file)), integer(key.bits)),
  );
}

/** PuKDF entry. */
export function publicKeyObject(key: KeyPlace & { readonly directory: readonly number[] }): Uint8Array {
  return keyObject(
    key.type,
    sequence(utf8String(key.label)),
    sequence(octetString(Uint8Array.of(key.id)), namedBits([KeyUsage.verify])),
    typeAttributes(sequence(path(...key.directory)), integer(key.bits)),
  );
}

/** CDF entry of an X.509 certificate. */
export function certificateObject(certificate: {
  readonly label: string;
  readonly id: number;
  readonly directory: readonly number[];
}): Uint8Array {
  return sequence(
    sequence(utf8String(certificate.label)),
    sequence(octetString(Uint8Array.of(certificate.id))),
    typeAttributes(sequence(path(...certificate.directory))),
  );
}
