import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A fresh key pair; the private half never leaves the card object. */
export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** RSA-2048 with the usual public exponent, made in a worker thread of Node. */
const rsa2048 = (): Promise<KeyPair> => generate('rsa', { modulusLength: 2048 });

/** EC on P-384, the only curve the simulated keys have. */
const p384 = (): Promise<KeyPair> => generate('ec', { namedCurve: 'P-384' });

/** `given` where there is one, else a fresh pair. @throws RangeError when a given pair is of the wrong kind. */
export async function keyPair(kind: 'rsa' | 'ec', given: KeyPair | undefined): Promise<KeyPair> {
  if (!given) return kind === 'rsa' ? rsa2048() : p384();
  const { asymmetricKeyType, asymmetricKeyDetails } = given.privateKey;
  const fits =
    kind === 'rsa'
      ? asymmetricKeyType === 'rsa' && asymmetricKeyDetails?.modulusLength === 2048
      : asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'secp384r1';
  if (!fits) throw new RangeError(`the card needs ${kind === 'rsa' ? 'RSA-2048' : 'P-384'} keys`);
  return given;
}
