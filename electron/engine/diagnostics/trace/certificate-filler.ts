/**
 * A certificate as a trace may hold it: of the same length and the same kind, so that a replay goes the same way, but of
 * nobody. What stays: structure, versions, algorithms, days of validity, usages, policies, QCStatements, names of known
 * authorities. What goes: numbers, names, keys, addresses, key identifiers, the signature.
 */
import { Asn1Tag } from '../../card/der.ts';
import { fillUniversal } from './der-values.ts';
import { Filling, maxRuleDepth, placeAt, type TlvPlace } from './filling.ts';
import { fillPublicKey } from './public-key-filler.ts';

/** Names of authorities that may stay in the issuer's name, each attribute as a whole. */
const authorityNames = new Set([
  'mdtrustca',
  'MDQSign',
  'MDQTSA',
  'mdtrustrootca',
  'RootCA',
  'Buletin SIMULATED',
  'Buletin SIMULATED Issuing CA',
  'Buletin SIMULATED Root CA',
  'ESTEID2018',
  'TEST of ESTEID2018',
  'SK ID Solutions AS',
]);

const attribute = { country: '550406', serialNumber: '550405' } as const;

/** Extensions whose values are flags and identifiers alone. */
const openExtensions = new Set([
  // basicConstraints, keyUsage, extKeyUsage, certificatePolicies, QCStatements
  '551d13',
  '551d0f',
  '551d25',
  '551d20',
  '2b06010505070103',
]);

/** Whether a SEQUENCE here looks like an X.509 certificate: three parts, of which the first begins like one. */
export function isCertificate(source: Uint8Array, place: TlvPlace): boolean {
  if (place.tag !== Asn1Tag.sequence) return false;
  const parts = new Filling(source).objects(place.value, place.end);
  const [body, algorithm, signature, more] = parts;
  if (body?.tag !== Asn1Tag.sequence || algorithm?.tag !== Asn1Tag.sequence) return false;
  if (signature?.tag !== Asn1Tag.bitString || more !== undefined || signature.end !== place.end) return false;
  const first = placeAt(source, body.value, body.end);
  return first?.tag === 0xa0 || first?.tag === Asn1Tag.integer;
}

/** @param place of a certificate, as `isCertificate` finds it */
export function fillCertificate(filling: Filling, place: TlvPlace): void {
  filling.keepHeader(place);
  const [body, algorithm, signature] = filling.objects(place.value, place.end);
  if (body) fillBody(filling, body);
  if (algorithm) fillStructure(filling, algorithm);
  // Of the signature its number of unused bits.
  if (signature) filling.keep(signature.start, Math.min(signature.value + 1, signature.end));
}

/** TBSCertificate (RFC 5280, 4.1). */
function fillBody(filling: Filling, body: TlvPlace): void {
  filling.keepHeader(body);
  const fields = filling.objects(body.value, body.end);
  const version = fields[0]?.tag === 0xa0 ? fields.shift() : undefined;
  if (version) fillStructure(filling, version);
  const [serialNumber, algorithm, issuer, validity, subject, key, ...rest] = fields;
  if (serialNumber) fillSerialNumber(filling, serialNumber);
  if (algorithm) fillStructure(filling, algorithm);
  if (issuer) fillName(filling, issuer, true);
  if (validity) fillValidity(filling, validity);
  if (subject) fillName(filling, subject, false);
  if (key) fillPublicKey(filling, key);
  for (const field of rest) {
    filling.keepHeader(field);
    if (field.tag === 0xa3) fillExtensions(filling, field);
  }
}

/** A positive number with as many bytes. */
function fillSerialNumber(filling: Filling, place: TlvPlace): void {
  filling.keepHeader(place);
  if (place.end > place.value) filling.bytes[place.value] = 0x41;
}

/** The days; the time of day could tell which of two people stood at the counter first. */
function fillValidity(filling: Filling, validity: TlvPlace): void {
  filling.keepHeader(validity);
  for (const [index, time] of filling.objects(validity.value, validity.end).entries()) {
    filling.keepHeader(time);
    const text = Buffer.from(filling.valueOf(time)).toString('latin1');
    const day = /^(?:\d\d)?\d{6}(?=\d{6}Z$)/.exec(text)?.[0];
    if (day === undefined) continue;
    filling.put(time.value, Buffer.from(`${day}${index === 0 ? '000000' : '235959'}Z`));
  }
}

/** Name: a SEQUENCE of SETs of `SEQUENCE { type, value }`. */
function fillName(filling: Filling, name: TlvPlace, ofAuthority: boolean): void {
  filling.keepHeader(name);
  for (const set of filling.objects(name.value, name.end)) {
    filling.keepHeader(set);
    for (const pair of filling.objects(set.value, set.end)) {
      filling.keepHeader(pair);
      const [type, value] = filling.objects(pair.value, pair.end);
      if (type === undefined || value === undefined) continue;
      fillUniversal(filling, type);
      filling.keepHeader(value);
      const id = Buffer.from(filling.valueOf(type)).toString('hex');
      filling.put(value.value, attributeFiller(id, filling.valueOf(value), ofAuthority));
    }
  }
}

function attributeFiller(type: string, value: Uint8Array, ofAuthority: boolean): Uint8Array {
  const text = Buffer.from(value).toString('utf8');
  if (type === attribute.country && /^[A-Z]{2}$/.test(text)) return value;
  if (ofAuthority && authorityNames.has(text)) return value;
  // The kind of number decides whether somebody can sign in: zeros in its place.
  const number = type === attribute.serialNumber && /^((?:[A-Z]{5}-)?)(\d{1,20})$/.exec(text);
  if (number) return Buffer.from(number[1] + '0'.repeat((number[2] as string).length));
  return new Uint8Array(value.length).fill('x'.charCodeAt(0));
}

/** `[3] { SEQUENCE OF SEQUENCE { id, critical?, value } }`. */
function fillExtensions(filling: Filling, field: TlvPlace): void {
  const [list] = filling.objects(field.value, field.end);
  if (list === undefined) return;
  filling.keepHeader(list);
  for (const extension of filling.objects(list.value, list.end)) {
    filling.keepHeader(extension);
    const parts = filling.objects(extension.value, extension.end);
    const [id] = parts;
    const open = id !== undefined && openExtensions.has(Buffer.from(filling.valueOf(id)).toString('hex'));
    for (const part of parts) {
      fillUniversal(filling, part);
      if (part.tag !== Asn1Tag.octetString || !open) continue;
      for (const inner of filling.objects(part.value, part.end)) fillStructure(filling, inner);
    }
  }
}

/** Structure with small numbers, flags and identifiers: algorithms, usages, policies. */
function fillStructure(filling: Filling, place: TlvPlace, depth = 0): void {
  if (!place.constructed) {
    fillUniversal(filling, place);
    return;
  }
  filling.keepHeader(place);
  if (depth >= maxRuleDepth) return;
  for (const child of filling.objects(place.value, place.end)) fillStructure(filling, child, depth + 1);
}
