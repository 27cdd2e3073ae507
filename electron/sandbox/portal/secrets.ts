import { createHash, randomBytes } from 'node:crypto';

/** A new unguessable handle: 256 random bits, base64url (43 characters). */
export function newHandle(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a handle, so that reading the store does not give it away. */
export function fingerprint(handle: string): string {
  return createHash('sha256').update(handle).digest('base64url');
}
