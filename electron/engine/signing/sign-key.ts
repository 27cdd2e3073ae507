import { X509Certificate } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import type { SignatureAlgorithm } from '../token/identity-token.ts';
import { fitsKey, type PublicKeyShape, publicKeyShape, signatureLength } from '../token/key-algorithms.ts';
import type { CmsSigner } from './cms/signed-data.ts';

/** A key that signs documents, wherever it lies: on a card, behind a PKCS#11 module, far away. */
export interface SignKey {
  /** The signer's certificate, DER. */
  readonly certificate: Uint8Array;
  /** The certificates above it that are to go with the signature, in any order, DER. */
  readonly chain: readonly Uint8Array[];
  /** How the key signs; the hash is that of the document, too. */
  readonly algorithm: SignatureAlgorithm;
  /**
   * Signs a ready digest, of the length of `algorithm.hash`. ECDSA comes back as r‖s, each as long as the curve's
   * order (as `IdentityToken.sign` gives it), RSA as long as the modulus. Called once for each document, one call
   * at a time. PINs are its own affair.
   */
  sign(digest: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A signer whose certificate was read and whose algorithm fits. */
export interface CheckedSigner extends CmsSigner {
  readonly x509: X509Certificate;
  readonly shape: PublicKeyShape;
  /** Bytes of a signature of this key. */
  readonly signatureLength: number;
}

/**
 * Checks that the certificate's key can sign so.
 * @throws Failure `algorithm-unsupported` for another kind of key or an RSA key that is too short, `card-malformed`
 * for a certificate that cannot be read.
 */
export function checkSigner(signer: CmsSigner): CheckedSigner {
  const known = checkedSigners.get(signer) ?? check(signer);
  checkedSigners.set(signer, known);
  return known;
}

/** Reading certificates takes longer than signing a page: once for a signer, not once for a document. */
const checkedSigners = new WeakMap<CmsSigner, CheckedSigner>();

function check({ certificate, chain, algorithm }: CmsSigner): CheckedSigner {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(certificate);
    for (const one of chain) new X509Certificate(one);
  } catch (error) {
    throw new Failure('card-malformed', { detail: 'a certificate could not be read', cause: error });
  }
  const shape = publicKeyShape(x509.publicKey);
  if (!shape || !fitsKey(algorithm, shape)) {
    throw new Failure('algorithm-unsupported', { detail: `${algorithm.kind} with this certificate` });
  }
  return { certificate, chain, algorithm, x509, shape, signatureLength: signatureLength(shape) };
}
