/**
 * Files of a PKCS#15 description (ISO 7816-15) as a trace may hold them: structure, references, lengths, flags and paths
 * as they came; labels word by word, identifiers under other names, times, serial numbers and the rest as filler.
 */
import { Asn1Tag } from '../../card/der.ts';
import { fillCertificate, isCertificate } from './certificate-filler.ts';
import { fillSmall, fillUniversal } from './der-values.ts';
import { type Filling, maxRuleDepth, type TlvPlace } from './filling.ts';
import type { IdentifierNames } from './identifier-names.ts';
import { redactWords } from './known-words.ts';

/** Deepest path: eight file identifiers. */
const maxPathBytes = 16;
const subClassAttributes = 0xa0;
const typeAttributes = 0xa1;

interface Where {
  /** OCTET STRINGs that come first in a SEQUENCE are paths here, not identifiers. */
  readonly paths: boolean;
  /** Nothing but structure: names of persons and hashes of keys stand here. */
  readonly closed: boolean;
  readonly depth: number;
}

/** EF.ODF: `[n] Path` for each directory file, or the objects themselves. */
export function fillOdf(filling: Filling, names: IdentifierNames): void {
  for (const entry of filling.objects(0, filling.source.length, true)) {
    filling.keepHeader(entry);
    if (!entry.constructed) continue;
    for (const content of filling.objects(entry.value, entry.end)) {
      if (content.tag === 0xa0) {
        filling.keepHeader(content);
        for (const object of filling.objects(content.value, content.end)) fillObject(filling, object, names);
      } else fillInner(filling, content, names, { paths: true, closed: false, depth: 1 });
    }
  }
}

/** EF.PrKDF, EF.CDF, EF.AODF and their like: objects one after another. */
export function fillDirectoryFile(filling: Filling, names: IdentifierNames): void {
  for (const object of filling.objects(0, filling.source.length, true)) fillObject(filling, object, names);
}

/** `{ commonObjectAttributes, classAttributes, [0] subClassAttributes?, [1] typeAttributes }`. */
function fillObject(filling: Filling, object: TlvPlace, names: IdentifierNames): void {
  filling.keepHeader(object);
  if (!object.constructed) return;
  for (const part of filling.objects(object.value, object.end)) {
    const paths = part.tag === typeAttributes;
    const closed = part.tag === subClassAttributes;
    fillInner(filling, part, names, { paths, closed, depth: 1 });
  }
}

function fillInner(filling: Filling, place: TlvPlace, names: IdentifierNames, where: Where): void {
  filling.keepHeader(place);
  if (where.depth > maxRuleDepth) return;
  if (place.constructed) {
    // Also `[0] Certificate` with the tag in the SEQUENCE's place.
    const certificate = place.tag === 0xa0 ? { ...place, tag: Asn1Tag.sequence } : place;
    if (isCertificate(filling.source, certificate)) {
      fillCertificate(filling, certificate);
      return;
    }
    const inside = { ...where, depth: where.depth + 1 };
    for (const [at, child] of filling.objects(place.value, place.end).entries()) {
      const isPath = where.paths && at === 0 && place.tag === Asn1Tag.sequence;
      if (child.tag === Asn1Tag.octetString) fillOctets(filling, child, names, { ...inside, paths: isPath });
      else fillInner(filling, child, names, inside);
    }
    return;
  }
  if (where.closed) return;
  if ((place.tag & 0xc0) === 0) fillUniversal(filling, place);
  else fillSmall(filling, place);
}

function fillOctets(filling: Filling, place: TlvPlace, names: IdentifierNames, where: Where): void {
  filling.keepHeader(place);
  const value = filling.valueOf(place);
  if (where.closed) return;
  if (!where.paths) filling.put(place.value, names.nameOf(value));
  else if (value.length <= maxPathBytes && value.length % 2 === 0) filling.keepWhole(place);
}

/** EF.TokenInfo: `SEQUENCE { version, serialNumber?, manufacturer?, [0] label?, flags, … }`. */
export function fillTokenInfo(filling: Filling): void {
  for (const token of filling.objects(0, filling.source.length, true)) {
    filling.keepHeader(token);
    if (token.tag !== Asn1Tag.sequence) continue;
    for (const field of filling.objects(token.value, token.end)) {
      if (field.tag === 0x80) {
        filling.keepHeader(field);
        filling.put(field.value, redactWords(filling.valueOf(field)));
      } else if (field.constructed) fillFlat(filling, field, 1);
      else if ((field.tag & 0xc0) === 0) fillUniversal(filling, field);
      // Issuer, holder and date of the last change.
      else filling.keepHeader(field);
    }
  }
}

/** Algorithms, record lengths, security environments: numbers and identifiers. */
function fillFlat(filling: Filling, place: TlvPlace, depth: number): void {
  filling.keepHeader(place);
  if (!place.constructed) {
    if ((place.tag & 0xc0) === 0) fillUniversal(filling, place);
    else fillSmall(filling, place);
    return;
  }
  if (depth > maxRuleDepth) return;
  for (const child of filling.objects(place.value, place.end)) fillFlat(filling, child, depth + 1);
}
