import { randomBytes, timingSafeEqual } from 'node:crypto';

/** A connection key: 32 random bytes, base64url. It lies beside the socket in a file that only its owner reads. */
export function newConnectionKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in constant time. */
export function sameKey(shown: string, expected: string): boolean {
  const a = Buffer.from(shown);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
