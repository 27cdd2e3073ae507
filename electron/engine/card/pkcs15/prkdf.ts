import { Asn1Tag, derBoolean, derCount, derFlags, derReference } from '../der.ts';
import type { Pkcs15Key, Pkcs15KeyUsage } from './model.ts';
import { type CommonObject, identifier, type ObjectList, objectLimit, readObjects } from './object.ts';
import { parsePath } from './path.ts';

/** Largest RSA modulus and EC field taken for meant, in bits. */
const maxKeyBits = 16_384;

/**
 * EF.PrKDF, ISO 7816-15, 8.4: RSA keys (SEQUENCE) and EC keys ([0]). Diffie-Hellman, DSA and KEA keys are passed over
 * with a remark.
 * @throws Failure `card-malformed` when the file as a whole cannot be read.
 */
export function parsePrkdf(bytes: Uint8Array): ObjectList<Pkcs15Key> {
  return readObjects(
    'PrKDF',
    bytes,
    new Map([
      [Asn1Tag.sequence, (object: CommonObject) => parseKey(object, 'rsa')],
      [0xa0, (object: CommonObject) => parseKey(object, 'ec')],
    ]),
  );
}

/**
 * CommonKeyAttributes: `SEQUENCE { iD, usage, native DEFAULT TRUE, accessFlags OPTIONAL, keyReference OPTIONAL,
 * startDate OPTIONAL, [0] endDate OPTIONAL, [1] algReference OPTIONAL }`; type attributes:
 * `SEQUENCE { value Path, modulusLength (RSA) or fieldSize (EC, optional), … }`.
 */
function parseKey(object: CommonObject, type: 'rsa' | 'ec'): Pkcs15Key {
  const common = object.classFields;
  const id = identifier(common.required(Asn1Tag.octetString, 'iD'));
  const usage = parseUsage(derFlags(common.required(Asn1Tag.bitString, 'usage')));
  const native = common.optional(Asn1Tag.boolean);
  if (native) derBoolean(native);
  common.optional(Asn1Tag.bitString);
  const keyReference = common.optional(Asn1Tag.integer);
  common.optional(0x18);
  common.optional(0x80);
  const algorithms = common.optional(0xa1)?.children() ?? [];
  const value = object.typeFields.optional(Asn1Tag.sequence);
  const bits = object.typeFields.optional(Asn1Tag.integer);
  const size = bits && derCount(bits, maxKeyBits);
  return {
    label: object.label,
    id,
    authId: object.authId,
    userConsent: object.userConsent,
    type,
    usage,
    keyReference: keyReference && derReference(keyReference, 2),
    algorithmReferences: algorithms.slice(0, objectLimit).map((reference) => derCount(reference, 0xffff)),
    path: value && parsePath(value),
    modulusLength: type === 'rsa' ? size : undefined,
    fieldSize: type === 'ec' ? size : undefined,
  };
}

function parseUsage(flag: (bit: number) => boolean): Pkcs15KeyUsage {
  return {
    encipher: flag(0),
    decipher: flag(1),
    sign: flag(2),
    signRecover: flag(3),
    keyEncipher: flag(4),
    keyDecipher: flag(5),
    verify: flag(6),
    verifyRecover: flag(7),
    derive: flag(8),
    nonRepudiation: flag(9),
  };
}
