import { createHash, randomBytes } from 'node:crypto';
import { digestLength, type HashName, opensslHash } from './digest-info.ts';

/**
 * EMSA-PSS (RFC 8017, 9.1) with MGF1 of the same hash and a salt as long as the digest, the parameters that
 * signature formats expect. Needed for cards that do plain RSA, and to check signatures over a ready digest,
 * which Node does not offer.
 */

const trailer = 0xbc;

/**
 * The encoded block of a digest.
 * @param bits Bits of the RSA modulus; the block has one bit less and comes back as long as the modulus.
 */
export function encodePss(hash: HashName, digest: Uint8Array, bits: number, salt?: Uint8Array): Uint8Array {
  const hLen = digestLength[hash];
  const used = salt ?? randomBytes(hLen);
  const length = Math.ceil((bits - 1) / 8);
  if (length < hLen + used.length + 2)
    throw new RangeError(`RSA of ${bits} bits is too short for ${hash} PSS`);
  const h = hashOf(hash, Buffer.alloc(8), digest, used);
  const db = Buffer.alloc(length - hLen - 1);
  db[db.length - used.length - 1] = 0x01;
  db.set(used, db.length - used.length);
  const masked = xor(db, mgf1(hash, h, db.length));
  masked[0] = (masked[0] as number) & topMask(bits);
  const block = Buffer.concat([masked, h, Buffer.of(trailer)]);
  // With 8k + 1 bits the modulus is one byte longer than the block.
  return Buffer.concat([Buffer.alloc(Math.ceil(bits / 8) - length), block]);
}

/** Whether `block`, as long as the modulus, is an encoding of the digest with a salt of the digest's length. */
export function pssHolds(hash: HashName, digest: Uint8Array, block: Uint8Array, bits: number): boolean {
  const hLen = digestLength[hash];
  const length = Math.ceil((bits - 1) / 8);
  if (block.length !== Math.ceil(bits / 8) || length < 2 * hLen + 2) return false;
  if (block.length > length && block[0] !== 0) return false;
  const em = Buffer.from(block.subarray(block.length - length));
  if (em.at(-1) !== trailer) return false;
  const h = em.subarray(length - hLen - 1, length - 1);
  const db = xor(em.subarray(0, length - hLen - 1), mgf1(hash, h, length - hLen - 1));
  if (((em[0] as number) & ~topMask(bits) & 0xff) !== 0) return false;
  db[0] = (db[0] as number) & topMask(bits);
  const saltAt = db.length - hLen;
  if (db.subarray(0, saltAt - 1).some((byte) => byte !== 0) || db[saltAt - 1] !== 0x01) return false;
  return hashOf(hash, Buffer.alloc(8), digest, db.subarray(saltAt)).equals(h);
}

/** The bits of the first byte that belong to the block. */
function topMask(bits: number): number {
  return 0xff >> (8 * Math.ceil((bits - 1) / 8) - (bits - 1));
}

function mgf1(hash: HashName, seed: Uint8Array, length: number): Buffer {
  const parts: Buffer[] = [];
  for (let counter = 0; parts.length * digestLength[hash] < length; counter += 1) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(counter);
    parts.push(hashOf(hash, seed, bytes));
  }
  return Buffer.concat(parts).subarray(0, length);
}

function hashOf(hash: HashName, ...parts: Uint8Array[]): Buffer {
  const state = createHash(opensslHash[hash]);
  for (const part of parts) state.update(part);
  return state.digest();
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, at) => byte ^ (b[at] as number)));
}
