import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';

/** ecdsa-with-SHA256, RFC 5758 clause 3.2; it takes no parameters. */
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** A key that signs answers, with its certificate (DER). */
export interface AnswerSigner {
  readonly certificate: Uint8Array;
  /** EC. */
  readonly privateKey: KeyObject;
}

const generate = promisify(generateKeyPair);

/** Makes a P-256 key and has its certificate issued. */
export async function answerSigner(
  issue: (publicKey: KeyObject) => Promise<Uint8Array>,
): Promise<AnswerSigner> {
  const { publicKey, privateKey } = await generate('ec', { namedCurve: 'P-256' });
  return { certificate: await issue(publicKey), privateKey };
}

/** Signs with ECDSA and SHA-256; the signature is DER (RFC 3279 clause 2.2.3). */
export function signAnswer(
  { privateKey }: AnswerSigner,
  data: Uint8Array,
): { readonly algorithm: AlgorithmIdentifier; readonly signature: Uint8Array<ArrayBuffer> } {
  return {
    algorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signature: Uint8Array.from(sign('sha256', data, privateKey)),
  };
}
