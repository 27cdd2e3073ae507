// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, type Name } from '@peculiar/asn1-x509';

/** What names a certificate and its key in OCSP and CMS. */
export interface CertificateIdentity {
  readonly asn1: Certificate;
  readonly subject: Name;
  /** DER of the subject. */
  readonly subjectDer: Uint8Array;
  /** The subject's public key as bits, without tag, length and count of unused bits. */
  readonly keyBits: Uint8Array;
  /** Contents octets of the serial number. */
  readonly serialNumber: Uint8Array;
}

/** Reads a certificate, DER. @throws when it is none */
export function certificateIdentity(der: Uint8Array): CertificateIdentity {
  const asn1 = AsnConvert.parse(der, Certificate);
  const { subject, serialNumber, subjectPublicKeyInfo } = asn1.tbsCertificate;
  return {
    asn1,
    subject,
    subjectDer: new Uint8Array(AsnConvert.serialize(subject)),
    keyBits: new Uint8Array(subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: new Uint8Array(serialNumber),
  };
}

/** Digest of some bytes. @param algorithm as node:crypto names it */
export function digest(algorithm: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash(algorithm).update(bytes).digest());
}

/** Hash algorithms by their object identifier, as node:crypto names them. */
export const hashNames: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);
