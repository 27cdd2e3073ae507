import { Failure } from '../../../contract/failures/failure.ts';
import { Asn1Tag, derCount, derFlags, derReference } from '../der.ts';
import type { Pkcs15Pin, Pkcs15PinType } from './model.ts';
import { type CommonObject, identifier, type ObjectList, readObjects } from './object.ts';
import { parsePath } from './path.ts';

/** PIN lengths beyond this cannot be meant: a short APDU holds 255 bytes. */
const maxPinLength = 255;

const pinTypes: readonly Pkcs15PinType[] = ['bcd', 'ascii-numeric', 'utf8', 'half-nibble-bcd', 'iso9564-1'];

/**
 * EF.AODF, ISO 7816-15, 8.9: the password objects. Biometric templates, authentication keys and external objects
 * are passed over with a remark.
 * @throws Failure `card-malformed` when the file as a whole cannot be read.
 */
export function parseAodf(bytes: Uint8Array): ObjectList<Pkcs15Pin> {
  return readObjects('AODF', bytes, new Map([[Asn1Tag.sequence, parsePin]]));
}

/**
 * PasswordAttributes: `SEQUENCE { pwdFlags, pwdType, minLength, storedLength, maxLength OPTIONAL, [0] pwdReference
 * DEFAULT 0, padChar OPTIONAL, lastPasswordChange OPTIONAL, path OPTIONAL, … }`.
 */
function parsePin(object: CommonObject): Pkcs15Pin {
  const authId = object.classFields.optional(Asn1Tag.octetString);
  const fields = object.typeFields;
  const flag = derFlags(fields.required(Asn1Tag.bitString, 'pwdFlags'));
  const type = pinTypes[derCount(fields.required(Asn1Tag.enumerated, 'pwdType'), 0xff)];
  if (!type) throw new Failure('card-malformed', { detail: 'an unknown pwdType' });
  const minLength = derCount(fields.required(Asn1Tag.integer, 'minLength'), maxPinLength);
  const storedLength = derCount(fields.required(Asn1Tag.integer, 'storedLength'), maxPinLength);
  const maxLength = fields.optional(Asn1Tag.integer);
  const reference = fields.optional(0x80);
  const padChar = fields.optional(Asn1Tag.octetString);
  fields.optional(0x18);
  const path = fields.optional(Asn1Tag.sequence);
  if (padChar && padChar.value.length !== 1) {
    throw new Failure('card-malformed', { detail: `a padChar of ${padChar.value.length} bytes` });
  }
  return {
    label: object.label,
    authId: authId && identifier(authId),
    guardedBy: object.authId,
    flags: {
      caseSensitive: flag(0),
      local: flag(1),
      changeDisabled: flag(2),
      unblockDisabled: flag(3),
      initialized: flag(4),
      needsPadding: flag(5),
      unblockingPin: flag(6),
      soPin: flag(7),
      disableAllowed: flag(8),
      integrityProtected: flag(9),
      confidentialityProtected: flag(10),
      exchangeReferenceData: flag(11),
    },
    unblocks: flag(6),
    type,
    minLength,
    storedLength,
    maxLength: maxLength ? derCount(maxLength, maxPinLength) : charactersStored(type, storedLength),
    reference: reference ? derReference(reference, 1) : 0,
    padByte: padChar?.value[0],
    path: path && parsePath(path),
  };
}

/** Packed BCD holds two digits in a byte. */
function charactersStored(type: Pkcs15PinType, storedLength: number): number {
  return type === 'bcd' ? Math.min(storedLength * 2, maxPinLength) : storedLength;
}
