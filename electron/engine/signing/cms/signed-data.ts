import { createHash } from 'node:crypto';
import { type HashName, opensslHash } from '../../token/digest-info.ts';
import type { SignatureAlgorithm } from '../../token/identity-token.ts';
import { hashIdentifier, signatureIdentifier, signatureValue } from './algorithm-identifiers.ts';
import { certificateParts } from './certificate-parts.ts';
import { der, integer, objectIdentifier, octetString, sequence, setOf } from './der-writer.ts';
import { Oid } from './object-identifiers.ts';

/** The signer as CMS names him. */
export interface CmsSigner {
  /** DER. */
  readonly certificate: Uint8Array;
  /** The certificates up to the root, or as many of them as are known, DER. */
  readonly chain: readonly Uint8Array[];
  readonly algorithm: SignatureAlgorithm;
}

/**
 * The signed attributes of a PAdES baseline signature (EN 319 142-1, 6.3) as a DER SET OF: content type, message
 * digest, and the signer's certificate (ESS signing-certificate-v2 with issuer and serial number). No signing
 * time: the signature dictionary carries it, and the baseline forbids it here.
 *
 * @param contentDigest Of what is signed, by `signer.algorithm.hash`.
 */
export function signedAttributes(signer: CmsSigner, contentDigest: Uint8Array): Uint8Array {
  return setOf([
    attribute(Oid.contentType, objectIdentifier(Oid.data)),
    attribute(Oid.messageDigest, octetString(contentDigest)),
    attribute(Oid.signingCertificateV2, signingCertificate(signer)),
  ]);
}

/**
 * A detached CMS SignedData (RFC 5652, 5) in a ContentInfo, DER throughout.
 *
 * @param attributes What `signedAttributes` gave and was signed.
 * @param signature As `SignKey.sign` returns it: ECDSA as r‖s.
 */
export function signedData(signer: CmsSigner, attributes: Uint8Array, signature: Uint8Array): Uint8Array {
  const { issuer, serialNumber } = certificateParts(signer.certificate);
  const { algorithm } = signer;
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serialNumber),
    hashIdentifier(algorithm.hash),
    implicitly(0xa0, attributes),
    signatureIdentifier(algorithm),
    octetString(signatureValue(algorithm, signature)),
  );
  return sequence(
    objectIdentifier(Oid.signedData),
    der(
      0xa0,
      sequence(
        integer(1),
        setOf([hashIdentifier(algorithm.hash)]),
        sequence(objectIdentifier(Oid.data)),
        setOf(distinct([signer.certificate, ...signer.chain]), 0xa0),
        setOf([signerInfo]),
      ),
    ),
  );
}

/** SigningCertificateV2 (RFC 5035, 3); the hash algorithm is left out where it is the default, SHA-256. */
function signingCertificate({ certificate, algorithm }: CmsSigner): Uint8Array {
  const { issuer, serialNumber } = certificateParts(certificate);
  const issuerSerial = sequence(sequence(der(0xa4, issuer)), serialNumber);
  const hash = octetString(digestOf(algorithm.hash, certificate));
  const id =
    algorithm.hash === 'SHA-256'
      ? sequence(hash, issuerSerial)
      : sequence(hashIdentifier(algorithm.hash), hash, issuerSerial);
  return sequence(sequence(id));
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(type), setOf([value]));
}

/** The same contents under another tag of one byte. */
function implicitly(tag: number, encoding: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(tag), encoding.subarray(1)]);
}

function distinct(certificates: readonly Uint8Array[]): Uint8Array[] {
  return [...new Map(certificates.map((one) => [Buffer.from(one).toString('base64'), one])).values()];
}

/** The digest of bytes. */
export function digestOf(hash: HashName, bytes: Uint8Array): Uint8Array {
  return createHash(opensslHash[hash]).update(bytes).digest();
}
