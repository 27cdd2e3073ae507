import { constants, createECDH, type KeyObject, privateEncrypt } from 'node:crypto';
import { concatBytes, sequence } from '../../pki/der.ts';
import type { ReferenceData } from './reference-data.ts';
import { refuse, Sw } from './status-word.ts';

/** What a key can be told to do with the data of a signature command. */
export type KeyOperation =
  /** RSASSA-PKCS1-v1_5 over a DigestInfo that the caller made. */
  | 'rsa-pkcs1'
  /** RSASSA-PKCS1-v1_5 over a SHA-1 digest; the card makes the DigestInfo. */
  | 'rsa-pkcs1-sha1'
  /** RSASP1 over a whole block of the modulus's length (the caller padded it, for example PSS). */
  | 'rsa-raw'
  /** ECDSA over a digest of at most the field's length; the signature is r‖s. */
  | 'ecdsa-raw'
  /** The same, the signature as DER `Ecdsa-Sig-Value`. */
  | 'ecdsa-der';

/** A private key on a simulated card. */
export interface CardKey {
  /** Key reference of data object 84 in a security environment. */
  readonly reference: number;
  /** Identifier of the file that stands for the key (data object 81), where the layout has one. */
  readonly fileId?: number;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly guard: ReferenceData;
  /** One signature for each verification of the PIN (PKCS#15 userConsent 1). */
  readonly consumesVerification: boolean;
}

/** Distinguishes the DigestInfo of SHA-1 (RFC 8017 clause 9.2, note 1). */
const sha1DigestInfo = Buffer.from('3021300906052b0e03021a05000414', 'hex');

/** Runs a private-key operation. @throws Refusal 6700 or 6A80 when the data does not fit, 6985 for the wrong key type. */
export function operate(key: CardKey, operation: KeyOperation, data: Uint8Array): Uint8Array {
  const isRsa = key.privateKey.asymmetricKeyType === 'rsa';
  if (isRsa !== operation.startsWith('rsa')) refuse(Sw.conditions);
  switch (operation) {
    case 'rsa-pkcs1':
      return rsa(key.privateKey, constants.RSA_PKCS1_PADDING, data);
    case 'rsa-pkcs1-sha1':
      if (data.length !== 20) refuse(Sw.wrongLength);
      return rsa(key.privateKey, constants.RSA_PKCS1_PADDING, concatBytes(sha1DigestInfo, data));
    case 'rsa-raw':
      return rsa(key.privateKey, constants.RSA_NO_PADDING, data);
    case 'ecdsa-raw':
      return concatBytes(...ecdsaP384(key.privateKey, data));
    case 'ecdsa-der':
      return sequence(...ecdsaP384(key.privateKey, data).map(derUnsigned));
  }
}

function rsa(key: KeyObject, padding: number, data: Uint8Array): Uint8Array {
  const bytes = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const fits = padding === constants.RSA_NO_PADDING ? data.length === bytes : data.length <= bytes - 11;
  if (!fits || data.length === 0) refuse(Sw.wrongLength);
  try {
    return privateEncrypt({ key, padding }, data);
  } catch {
    // A raw block that is not smaller than the modulus.
    return refuse(Sw.wrongData);
  }
}

/** Order of the curve P-384 (SEC 2 clause 2.5.1) and its field's length in bytes. */
const p384Order = BigInt(
  '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
);
const p384Bytes = 48;

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
const toBytes = (value: bigint): Uint8Array =>
  Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * p384Bytes, '0'), 'hex'));

/**
 * ECDSA (SEC 1 clause 4.1.3) over a digest as it comes: Node signs with EC keys only what it has hashed itself.
 * OpenSSL makes the ephemeral key pair; only the modular arithmetic is done here. It is not constant in time,
 * which a training key can bear.
 */
function ecdsaP384(privateKey: KeyObject, digest: Uint8Array): [r: Uint8Array, s: Uint8Array] {
  if (digest.length === 0 || digest.length > p384Bytes) refuse(Sw.wrongLength);
  const secret = toBigInt(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const hash = toBigInt(digest);
  for (;;) {
    const ephemeral = createECDH('secp384r1');
    ephemeral.generateKeys();
    const r = toBigInt(ephemeral.getPublicKey().subarray(1, 1 + p384Bytes)) % p384Order;
    const s = (inverse(toBigInt(ephemeral.getPrivateKey())) * (hash + r * secret)) % p384Order;
    if (r !== 0n && s !== 0n) return [toBytes(r), toBytes(s)];
  }
}

/** Inverse modulo the order, by the extended Euclidean algorithm; `value` is between 1 and the order. */
function inverse(value: bigint): bigint {
  let [remainder, next] = [p384Order, value];
  let [coefficient, nextCoefficient] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [coefficient, nextCoefficient] = [nextCoefficient, coefficient - quotient * nextCoefficient];
  }
  return coefficient < 0n ? coefficient + p384Order : coefficient;
}

/** INTEGER from big-endian bytes, without needless zeros. */
function derUnsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const significant = bytes.subarray(first < 0 ? bytes.length - 1 : first);
  const pad = (significant[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array();
  return concatBytes(Uint8Array.of(0x02, pad.length + significant.length), pad, significant);
}
