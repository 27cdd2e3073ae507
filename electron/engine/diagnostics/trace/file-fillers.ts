/** Files of ISO 7816-4 and answers that are no files, as a trace may hold them. */
import { fillCertificate, isCertificate } from './certificate-filler.ts';
import { fillSmall } from './der-values.ts';
import { Filling, maxRuleDepth, placeAt, type TlvPlace } from './filling.ts';
import { redactWords } from './known-words.ts';

const maxAidBytes = 16;

/** File control information (ISO 7816-4, 7.4): sizes, descriptors, identifiers, life cycle, access rules. */
export function fillFileControl(filling: Filling): void {
  for (const template of filling.objects(0, filling.source.length, true))
    fillControlTemplate(filling, template, 1);
}

const controlTemplates: readonly number[] = [0x62, 0x64, 0x6f];
/** Sizes, descriptor, file identifier, short identifier, life cycle. */
const controlNumbers: readonly number[] = [0x80, 0x81, 0x82, 0x83, 0x88, 0x8a];

function fillControlTemplate(filling: Filling, template: TlvPlace, depth: number): void {
  filling.keepHeader(template);
  if (!controlTemplates.includes(template.tag) || depth > 2) return;
  for (const field of filling.objects(template.value, template.end)) {
    filling.keepHeader(field);
    const length = field.end - field.value;
    if (controlTemplates.includes(field.tag)) fillControlTemplate(filling, field, depth + 1);
    else if (controlNumbers.includes(field.tag) && length <= 8) filling.keepWhole(field);
    else if (field.tag === 0x84 && length <= maxAidBytes) filling.keepWhole(field);
    else if (field.tag === 0x8b || field.tag === 0x8c) fillSmall(filling, field);
    else if (field.tag === 0x50) filling.put(field.value, redactWords(filling.valueOf(field)));
  }
}

/** EF.DIR: `61 { 4F AID, 50 label, 51 path, … }`. */
export function fillDirectory(filling: Filling): void {
  for (const template of filling.objects(0, filling.source.length, true)) {
    filling.keepHeader(template);
    if (template.tag !== 0x61) continue;
    for (const field of filling.objects(template.value, template.end)) {
      filling.keepHeader(field);
      const length = field.end - field.value;
      if (field.tag === 0x4f && length <= maxAidBytes) filling.keepWhole(field);
      else if (field.tag === 0x51 && length <= maxAidBytes && length % 2 === 0) filling.keepWhole(field);
      else if (field.tag === 0x50) filling.put(field.value, redactWords(filling.valueOf(field)));
    }
  }
}

/** EF.ATR/INFO: card capabilities (47) and length limits (7F66). */
export function fillCardInformation(filling: Filling): void {
  for (const object of filling.objects(0, filling.source.length, true)) {
    filling.keepHeader(object);
    if (object.tag === 0x47) fillSmall(filling, object);
    if (object.tag !== 0x7f66) continue;
    for (const limit of filling.objects(object.value, object.end)) fillSmall(filling, limit);
  }
}

/** GET DATA for PIN objects: templates whose leaves have one or two bytes, such as a counter. */
export function fillDataObject(filling: Filling): void {
  for (const object of filling.objects(0, filling.source.length)) fillLeaves(filling, object, 1);
}

function fillLeaves(filling: Filling, place: TlvPlace, depth: number): void {
  filling.keepHeader(place);
  if (place.constructed) {
    if (depth > maxRuleDepth) return;
    for (const child of filling.objects(place.value, place.end)) fillLeaves(filling, child, depth + 1);
  } else if (place.end - place.value <= 2) filling.keepWhole(place);
}

/**
 * A file that no rule knows: a certificate is known by its looks. Of anything else only this stays: that it is one data
 * object, of what length, because that decides how much of it is read.
 */
export function fillUnknownFile(filling: Filling): void {
  const { source } = filling;
  const place = placeAt(source, 0, source.length);
  if (place && isCertificate(source, place)) fillCertificate(filling, place);
  else if (place?.constructed && isWellFormed(source, place)) filling.keepHeader(place);
  // The beginning of something longer, such as a certificate during which the card was pulled.
  else if (source[0] === 0x30 && source[1] === 0x82 && source.length > 4) filling.keep(0, 4);
  else if (source[0] === 0xff) filling.bytes[0] = 0xff;
}

/** Its value is nothing but data objects: text that happens to begin like one is not. */
function isWellFormed(source: Uint8Array, place: TlvPlace): boolean {
  const probe = new Filling(source);
  const children = probe.objects(place.value, place.end);
  return children.length > 0 && children[children.length - 1]?.end === place.end;
}
