/** A public key of the same kind and size as another, which belongs to nobody. */
import { createECDH } from 'node:crypto';
import { Asn1Tag } from '../../card/der.ts';
import { fillUniversal } from './der-values.ts';
import type { Filling, TlvPlace } from './filling.ts';

/** Encoded identifiers of curves, and OpenSSL's names for them. */
const curves: Readonly<Record<string, string>> = {
  '2a8648ce3d030107': 'prime256v1',
  '2b81040022': 'secp384r1',
  '2b81040023': 'secp521r1',
  '2b2403030208010107': 'brainpoolP256r1',
  '2b240303020801010b': 'brainpoolP384r1',
  '2b240303020801010d': 'brainpoolP512r1',
};

/** SubjectPublicKeyInfo: `SEQUENCE { SEQUENCE { algorithm, parameters? }, BIT STRING }` (RFC 5280, 4.1.2.7). */
export function fillPublicKey(filling: Filling, place: TlvPlace): void {
  filling.keepHeader(place);
  const [algorithm, key] = filling.objects(place.value, place.end);
  if (algorithm === undefined || key === undefined) return;
  filling.keepHeader(algorithm);
  const identifiers = filling.objects(algorithm.value, algorithm.end);
  for (const identifier of identifiers) fillUniversal(filling, identifier);
  // The number of unused bits.
  filling.keep(key.start, Math.min(key.value + 1, key.end));
  const content = key.value + 1;
  const parameter = identifiers[1];
  const curve = parameter && curves[Buffer.from(filling.valueOf(parameter)).toString('hex')];
  if (curve !== undefined) fillPoint(filling, curve, content, key.end);
  else fillRsa(filling, content, key.end);
}

/** The curve's generator: a point that everybody knows. */
function fillPoint(filling: Filling, curve: string, start: number, end: number): void {
  const known = createECDH(curve);
  known.setPrivateKey(Buffer.of(1));
  const compressed = filling.source[start] !== 0x04;
  const point = known.getPublicKey(null, compressed ? 'compressed' : 'uncompressed');
  if (point.length === end - start) filling.put(start, point);
}

/** RSAPublicKey (RFC 8017, A.1.1): a modulus with as many bits, an exponent as it was. */
function fillRsa(filling: Filling, start: number, end: number): void {
  const [sequence] = filling.objects(start, end);
  if (sequence?.tag !== Asn1Tag.sequence) return;
  filling.keepHeader(sequence);
  const [modulus, exponent] = filling.objects(sequence.value, sequence.end);
  if (modulus) {
    filling.keepHeader(modulus);
    const first = modulus.value + (filling.source[modulus.value] === 0 ? 1 : 0);
    const top = filling.source[first] ?? 0;
    if (top > 0 && first < modulus.end) {
      filling.bytes[modulus.end - 1] = 0x01;
      filling.bytes[first] = (filling.bytes[first] as number) | (1 << (31 - Math.clz32(top)));
    }
  }
  if (exponent) fillUniversal(filling, exponent);
}
