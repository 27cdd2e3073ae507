import { createECDH } from 'node:crypto';

/**
 * ECDSA verification of a ready digest (FIPS 186-5, 6.4.2). Node verifies messages only, never digests; and an
 * implementation in JavaScript holds up the event loop for 20 ms. So the multiplications of points are done by
 * OpenSSL through its ECDH interface, which tells only the x of a product. That is enough: with v = e/r,
 *
 *     R = u1·G + u2·Q = u2·(v·G + Q)
 *
 * and only the x of R is compared. What is left is one addition of points.
 */

/** Domain parameters (SEC 2, RFC 5639): prime of the field, order of the group, bytes of each. */
interface CurveDomain {
  readonly p: bigint;
  readonly n: bigint;
  readonly length: number;
}

interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** The curves, by OpenSSL's names. */
const domains: Readonly<Record<string, CurveDomain>> = {
  prime256v1: {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    length: 32,
  },
  secp384r1: {
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    length: 48,
  },
  secp521r1: {
    p: (1n << 521n) - 1n,
    n: 0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    length: 66,
  },
  brainpoolP256r1: {
    p: 0xa9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377n,
    n: 0xa9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7n,
    length: 32,
  },
  brainpoolP384r1: {
    p: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53n,
    n: 0x8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565n,
    length: 48,
  },
  brainpoolP512r1: {
    p: 0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3n,
    n: 0xaadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069n,
    length: 64,
  },
};

/** Bytes of a curve's order, that is of r and of s; undefined for a curve that is not supported. */
export function orderLength(curve: string): number | undefined {
  return Object.hasOwn(domains, curve) ? domains[curve]?.length : undefined;
}

/**
 * Whether a signature holds.
 *
 * @param curve OpenSSL's name of the curve; one for which {@link orderLength} knows a length.
 * @param publicKey The uncompressed point, `04` x y.
 * @param digest The digest that was signed; the leftmost bits count when it is longer than the order.
 * @param signature r and s, each of the order's length.
 */
export function ecdsaHolds(
  curve: string,
  publicKey: Uint8Array,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const domain = domains[curve];
  if (domain === undefined || signature.length !== 2 * domain.length) return false;
  const { p, n, length } = domain;
  const r = toInteger(signature.subarray(0, length));
  const s = toInteger(signature.subarray(length));
  if (r <= 0n || r >= n || s <= 0n || s >= n) return false;

  const surplus = digest.length * 8 - bitLength(n);
  const e = surplus > 0 ? toInteger(digest) >> BigInt(surplus) : toInteger(digest);
  const v = (e * inverse(r, n)) % n;
  const q = toPoint(publicKey);
  let sum = v === 0n ? q : add(p, multiplyBase(curve, domain, v), q);
  if (sum === 'same') sum = multiplyBase(curve, domain, (2n * v) % n);
  if (sum === undefined) return false;
  const u2 = createECDH(curve);
  u2.setPrivateKey(toBytes((r * inverse(s, n)) % n, length));
  return toInteger(u2.computeSecret(fromPoint(sum, length))) % n === r;
}

/** v·G, by asking OpenSSL for the public key of v (0 < v < n). */
function multiplyBase(curve: string, domain: CurveDomain, v: bigint): Point {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(toBytes(v, domain.length));
  return toPoint(ecdh.getPublicKey());
}

/** The sum of two points; `same` when they are equal, undefined when it is the point at infinity. */
function add(p: bigint, a: Point, b: Point): Point | 'same' | undefined {
  if (a.x === b.x) return a.y === b.y ? 'same' : undefined;
  const slope = modulo((b.y - a.y) * inverse(modulo(b.x - a.x, p), p), p);
  const x = modulo(slope * slope - a.x - b.x, p);
  return { x, y: modulo(slope * (a.x - x) - a.y, p) };
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** The inverse of a value (0 < value < modulus) modulo a prime, by Euclid; nothing here is secret. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [low, high] = [1n, 0n];
  let [a, b] = [value, modulus];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [low, high] = [high - quotient * low, low];
  }
  return modulo(low, modulus);
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

function toInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex');
}

function toPoint(uncompressed: Uint8Array): Point {
  const length = (uncompressed.length - 1) / 2;
  return {
    x: toInteger(uncompressed.subarray(1, 1 + length)),
    y: toInteger(uncompressed.subarray(1 + length)),
  };
}

function fromPoint({ x, y }: Point, length: number): Buffer {
  return Buffer.concat([Buffer.of(4), toBytes(x, length), toBytes(y, length)]);
}
