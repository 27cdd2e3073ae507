// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_contentType,
  id_messageDigest,
  id_signedData,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { type CertificateIdentity, certificateIdentity, digest } from './certificate-identity.ts';
import { objectIdentifier, octetString, sequence, tlv } from './der.ts';
import { type AnswerSigner, signAnswer } from './responder-signing.ts';

const sha256 = '2.16.840.1.101.3.4.2.1';
/** id-aa-signingCertificateV2, RFC 5035 clause 3. */
const signingCertificateV2Oid = '1.2.840.113549.1.9.16.2.47';

/**
 * Signs content as CMS SignedData (RFC 5652 clause 5) with one signer, SHA-256 and ECDSA; the signed attributes are
 * contentType, messageDigest and signingCertificateV2.
 * @param content `type`: object identifier of the content; `spoil`: breaks the signature, for tests
 * @returns the ContentInfo
 */
export function signedContent(
  signer: AnswerSigner,
  content: {
    readonly type: string;
    readonly bytes: Uint8Array;
    readonly withCertificate: boolean;
    readonly spoil?: boolean;
  },
): ContentInfo {
  const identity = certificateIdentity(signer.certificate);
  const attributes = inDerOrder([
    attribute(signingCertificateV2Oid, signingCertificateV2(signer.certificate, identity)),
    attribute(id_messageDigest, octetString(digest('sha256', content.bytes))),
    attribute(id_contentType, objectIdentifier(content.type)),
  ]);
  // Signed as SET OF, written as [0] IMPLICIT (clause 5.4).
  const signed = tlv(0x31, ...attributes.map((one) => new Uint8Array(AsnConvert.serialize(one))));
  const { algorithm, signature } = signAnswer(signer, signed);
  if (content.spoil) signature.set([(signature.at(-1) ?? 0) ^ 1], signature.length - 1);
  const digestAlgorithm = new DigestAlgorithmIdentifier({ algorithm: sha256 });
  const { issuer, serialNumber } = identity.asn1.tbsCertificate;
  const signedData = new SignedData({
    version: CMSVersion.v3,
    digestAlgorithms: new DigestAlgorithmIdentifiers([digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: content.type,
      eContent: new EncapsulatedContent({ single: new OctetString(Uint8Array.from(content.bytes)) }),
    }),
    ...(content.withCertificate
      ? { certificates: new CertificateSet([new CertificateChoices({ certificate: identity.asn1 })]) }
      : {}),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: CMSVersion.v1,
        sid: new SignerIdentifier({
          issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }),
        }),
        digestAlgorithm,
        signedAttrs: attributes,
        signatureAlgorithm: algorithm,
        signature: new OctetString(signature),
      }),
    ]),
  });
  return new ContentInfo({ contentType: id_signedData, content: AsnConvert.serialize(signedData) });
}

function attribute(type: string, value: Uint8Array): Attribute {
  return new Attribute({ attrType: type, attrValues: [Uint8Array.from(value).buffer] });
}

/** The components of a SET OF in the order of their encodings (X.690 clause 11.6); the library keeps any order. */
function inDerOrder(attributes: readonly Attribute[]): Attribute[] {
  return attributes
    .map((one) => ({ one, der: Buffer.from(AsnConvert.serialize(one)) }))
    .sort((a, b) => Buffer.compare(a.der, b.der))
    .map(({ one }) => one);
}

/** SigningCertificateV2 with one ESSCertIDv2: SHA-256 by default, issuer and serial number (RFC 5035 clause 4). */
function signingCertificateV2(certificate: Uint8Array, identity: CertificateIdentity): Uint8Array {
  const issuer = new Uint8Array(AsnConvert.serialize(identity.asn1.tbsCertificate.issuer));
  const issuerSerial = sequence(sequence(tlv(0xa4, issuer)), tlv(0x02, identity.serialNumber));
  return sequence(sequence(sequence(octetString(digest('sha256', certificate)), issuerSerial)));
}
