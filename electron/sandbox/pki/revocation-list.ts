// @peculiar/x509 and the ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  CertificateList,
  Extension,
  Name,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import { type CertificateIssuer, moved } from './certificate-issuing.ts';
import { enumerated, integer } from './der.ts';
import { certificateHold, type ListedCertificate, revocationReasons } from './status-register.ts';

/** How long a list says it is good for, in days. */
const listValidityDays = 1;

const crlNumberOid = '2.5.29.20';
const reasonCodeOid = '2.5.29.21';
/** ecdsa-with-SHA256 and -SHA384, RFC 5758 clause 3.2; they take no parameters. */
const signatureOids = { 'SHA-256': '1.2.840.10045.4.3.2', 'SHA-384': '1.2.840.10045.4.3.3' } as const;

/**
 * Signs a version 2 certificate revocation list (RFC 5280 clause 5), DER. X509CrlGenerator of @peculiar/x509 2.2.0 is
 * not used: it writes an empty list of extensions into an entry that has none.
 * @param content `number`: CRLNumber, growing from list to list of the same CA; `thisUpdate`: moment of issue
 */
export async function signRevocationList(
  issuer: CertificateIssuer,
  content: {
    readonly listed: readonly ListedCertificate[];
    readonly number: number;
    readonly thisUpdate: Date;
  },
): Promise<Uint8Array> {
  const authorityKey = await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey);
  const signature = new AlgorithmIdentifier({ algorithm: signatureOids[issuer.algorithm.hash] });
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature,
    issuer: AsnConvert.parse(issuer.name.toArrayBuffer(), Name),
    thisUpdate: new Time(moved(content.thisUpdate, {})),
    nextUpdate: new Time(moved(content.thisUpdate, { days: listValidityDays })),
    // A list without entries has no empty one (clause 5.1.2.6).
    ...(content.listed.length === 0 ? {} : { revokedCertificates: content.listed.map(entry) }),
    crlExtensions: [
      AsnConvert.parse(authorityKey.rawData, Extension),
      extension(crlNumberOid, integer(content.number)),
    ],
  });
  const tbs = AsnConvert.serialize(tbsCertList);
  const { privateKey } = issuer.keys;
  const raw = await webcrypto.subtle.sign(issuer.algorithm, privateKey, tbs);
  // WebCrypto signs as r‖s, X.509 as a SEQUENCE of both.
  const asn1 = new x509.AsnEcSignatureFormatter().toAsnSignature(
    { ...issuer.algorithm, ...privateKey.algorithm },
    raw,
  );
  if (asn1 === null) throw new TypeError('the CA key is not an EC key');
  const list = new CertificateList({ tbsCertList, signatureAlgorithm: signature, signature: asn1 });
  return new Uint8Array(AsnConvert.serialize(list));
}

function entry({ serialNumber, status }: ListedCertificate): RevokedCertificate {
  const code = status.state === 'suspended' ? certificateHold : revocationReasons[status.reason];
  return new RevokedCertificate({
    userCertificate: Uint8Array.from(Buffer.from(serialNumber, 'hex')).buffer,
    revocationDate: new Time(moved(status.since, {})),
    // "Unspecified" is said by saying nothing (clause 5.3.1).
    ...(code === revocationReasons.unspecified
      ? {}
      : { crlEntryExtensions: [extension(reasonCodeOid, enumerated(code))] }),
  });
}

function extension(extnID: string, value: Uint8Array): Extension {
  return new Extension({ extnID, critical: false, extnValue: new OctetString(Uint8Array.from(value)) });
}
