/** What may stay of the primitive values of DER, whatever they are part of. */
import { Asn1Tag } from '../../card/der.ts';
import type { Filling, TlvPlace } from './filling.ts';
import { redactWords } from './known-words.ts';
import { redactObjectIdentifier } from './object-identifiers.ts';

/** Numbers, flags and references of so many bytes say nothing of a person. */
const smallBytes = 4;

const textTags: readonly number[] = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x19, 0x1a, 0x1b];
const utcTime = 0x17;
const generalizedTime = 0x18;

/**
 * Keeps what the type of a universal primitive object allows: truth values, small numbers and flags, identifiers of
 * the standards' arcs, known words. A time becomes the first second of 2000. OCTET STRINGs stay filler: what they are
 * depends on where they stand.
 */
export function fillUniversal(filling: Filling, place: TlvPlace): void {
  filling.keepHeader(place);
  const value = filling.valueOf(place);
  switch (place.tag) {
    case 0x01:
    case 0x05:
    case 0x02:
    case 0x0a:
    case 0x03:
      if (value.length <= smallBytes) filling.keepWhole(place);
      return;
    case Asn1Tag.objectIdentifier:
      filling.put(place.value, redactObjectIdentifier(value));
      return;
    case utcTime:
      filling.put(place.value, someTime('000101', value.length));
      return;
    case generalizedTime:
      filling.put(place.value, someTime('20000101', value.length));
      return;
    default:
      if (textTags.includes(place.tag)) filling.put(place.value, redactWords(value));
  }
}

function someTime(date: string, length: number): Uint8Array {
  return Buffer.from(
    `${`${date}`.padEnd(Math.max(0, length - 1), '0').slice(0, Math.max(0, length - 1))}Z`.slice(0, length),
  );
}

/** Keeps small values of context tags: references, lengths, flags. */
export function fillSmall(filling: Filling, place: TlvPlace): void {
  filling.keepHeader(place);
  if (place.end - place.value <= smallBytes) filling.keepWhole(place);
}
