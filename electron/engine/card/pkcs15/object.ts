import { Failure, isFailure } from '../../../contract/failures/failure.ts';
import { Asn1Tag, cardText, derCount, Fields } from '../der.ts';
import { readTlvList, type Tlv } from '../tlv.ts';
import type { Pkcs15Remark } from './model.ts';

/** Objects of one kind on a card, at most. */
export const objectLimit = 64;
/** Longest Identifier (iD, authId), in bytes; the standard's pkcs15-ub-identifier. */
const maxIdentifierBytes = 255;

/** Lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** An Identifier as lower-case hex. @throws Failure `card-malformed` when it has more than 255 bytes. */
export function identifier(object: Tlv): string {
  if (object.value.length > maxIdentifierBytes) {
    throw new Failure('card-malformed', { detail: `an identifier of ${object.value.length} bytes` });
  }
  return hex(object.value);
}

/** What all objects of ISO 7816-15 have in common (8.2.1, 8.2.9). */
export interface CommonObject {
  readonly label: string;
  readonly authId: string | undefined;
  readonly userConsent: number | undefined;
  /** Class attributes: common to all keys, all certificates, all authentication objects. */
  readonly classFields: Fields;
  /** Type attributes: the content of the SEQUENCE inside [1]. */
  readonly typeFields: Fields;
}

/**
 * Splits a CIO: `SEQUENCE { commonObjectAttributes, classAttributes, [0] subClassAttributes OPTIONAL, [1] { SEQUENCE } }`.
 * The outer tag may be another one (EC keys: [0]).
 */
function splitObject(object: Tlv): CommonObject {
  const [common, classAttributes, ...rest] = object.children();
  const typeAttributes = rest.find(({ tag }) => tag === 0xa1)?.find(Asn1Tag.sequence);
  if (common?.tag !== Asn1Tag.sequence || classAttributes?.tag !== Asn1Tag.sequence || !typeAttributes) {
    throw new Failure('card-malformed', { detail: 'an object without its attributes' });
  }
  const label = common.find(Asn1Tag.utf8String);
  const authId = common.find(Asn1Tag.octetString);
  const userConsent = common.find(Asn1Tag.integer);
  return {
    label: label ? cardText(label.value) : '',
    authId: authId && identifier(authId),
    userConsent: userConsent && derCount(userConsent, 0x7fff),
    classFields: new Fields(classAttributes.children()),
    typeFields: new Fields(typeAttributes.children()),
  };
}

/** The objects of a directory file, and what was odd about it. */
export interface ObjectList<T> {
  readonly objects: readonly T[];
  readonly remarks: readonly Pkcs15Remark[];
}

/**
 * Reads a directory file: objects whose tag `parse` knows become values; others, and broken ones, become remarks.
 * @param parse by outer tag; a kind of object that is not there is passed over with a remark.
 * @throws Failure `card-malformed` when the file is not a list of data objects, or holds more than 64.
 */
export function readObjects<T>(
  file: string,
  bytes: Uint8Array,
  parse: ReadonlyMap<number, (object: CommonObject) => T>,
): ObjectList<T> {
  const list = readTlvList(bytes, { padding: true });
  if (list.length > objectLimit) {
    throw new Failure('card-malformed', { detail: `${list.length} objects in ${file}` });
  }
  const objects: T[] = [];
  const remarks: Pkcs15Remark[] = [];
  list.forEach((object, at) => {
    const parseObject = parse.get(object.tag);
    if (!parseObject) {
      remarks.push({
        kind: 'object-unknown',
        detail: `${file}: object ${at} has tag ${object.tag.toString(16)}`,
      });
      return;
    }
    try {
      objects.push(parseObject(splitObject(object)));
    } catch (error) {
      if (!isFailure(error, 'card-malformed')) throw error;
      remarks.push({ kind: 'object-malformed', detail: `${file}: object ${at}: ${error.detail ?? ''}` });
    }
  });
  return { objects, remarks };
}
