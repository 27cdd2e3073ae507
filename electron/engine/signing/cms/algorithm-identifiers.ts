import { digestLength, type HashName } from '../../token/digest-info.ts';
import type { SignatureAlgorithm } from '../../token/identity-token.ts';
import { der, derNull, integer, objectIdentifier, sequence } from './der-writer.ts';
import { ecdsaOid, hashOid, Oid, rsaOid } from './object-identifiers.ts';

/** AlgorithmIdentifier of a hash, without parameters (RFC 5754, 2). */
export function hashIdentifier(hash: HashName): Uint8Array {
  return sequence(objectIdentifier(hashOid[hash]));
}

/**
 * AlgorithmIdentifier of a signature: for RSA with NULL (RFC 5754, 3.2), for PSS with all parameters said
 * (RFC 4055, 3.1) and a salt as long as the digest, for ECDSA without (RFC 5758, 3.2).
 */
export function signatureIdentifier({ kind, hash }: SignatureAlgorithm): Uint8Array {
  if (kind === 'ecdsa') return sequence(objectIdentifier(ecdsaOid[hash]));
  if (kind === 'rsa-pkcs1') return sequence(objectIdentifier(rsaOid[hash]), derNull);
  const hashWithNull = sequence(objectIdentifier(hashOid[hash]), derNull);
  return sequence(
    objectIdentifier(Oid.rsaPss),
    sequence(
      der(0xa0, hashWithNull),
      der(0xa1, sequence(objectIdentifier(Oid.mgf1), hashWithNull)),
      der(0xa2, integer(digestLength[hash])),
    ),
  );
}

/** A signature as CMS carries it: ECDSA as ECDSA-Sig-Value (RFC 3279, 2.2.3), RSA as it is. */
export function signatureValue({ kind }: SignatureAlgorithm, signature: Uint8Array): Uint8Array {
  if (kind !== 'ecdsa') return signature;
  const half = signature.length / 2;
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}
