import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A fresh key pair; the private half never leaves the card object. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** RSA-2048 with the usual public exponent, made in a worker thread of Node. */
export const rsa2048 = (): Promise<KeyPair> => generate('rsa', { modulusLength: 2048 });

/** EC on P-384. */
export const p384 = (): Promise<KeyPair> => generate('ec', { namedCurve: 'P-384' });
