import { constants, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { ContentInfo, id_data, id_signedData, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { readTlv, type Tlv } from '../../card/tlv.ts';
import { digestLength, type HashName, opensslHash } from '../../token/digest-info.ts';
import { type CertificateParts, certificateParts } from './certificate-parts.ts';
import { ecdsaOid, hashOid, Oid, rsaOid } from './object-identifiers.ts';
import { digestOf } from './signed-data.ts';

/** What a CMS says whose signature holds. */
export interface VerifiedCms {
  /** The signer's certificate, DER. */
  readonly certificate: Uint8Array;
  readonly hash: HashName;
  /** What the message digest attribute says; whether the content has this digest is for the caller to see. */
  readonly contentDigest: Uint8Array;
}

/** Longest CMS that is read, in bytes. */
const longestCms = 1024 * 1024;
const hashes = Object.keys(hashOid) as readonly HashName[];

/**
 * Checks a detached CMS as EN 319 142-1 (6.3) has it at level B-B, with other code than that which wrote it: one
 * signer, signed attributes in DER, the ESS certificate hash, no signing time, and the signature itself. Chain and
 * revocation are not looked at.
 *
 * @param code The failure to be thrown when anything of that is not so.
 */
export function verifySignedData(cms: Uint8Array, code: FailureCode): VerifiedCms {
  try {
    return checked(cms);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new Failure(code, { detail: `CMS: ${detail}`, cause: error });
  }
}

function checked(cms: Uint8Array): VerifiedCms {
  demand(cms.length <= longestCms, `${cms.length} bytes`);
  const info = AsnConvert.parse(cms, ContentInfo);
  demand(info.contentType === id_signedData, 'no SignedData');
  const data = AsnConvert.parse(info.content, SignedData);
  const { eContentType, eContent } = data.encapContentInfo;
  demand(eContentType === id_data && eContent === undefined, 'not detached');
  const signers = [...data.signerInfos];
  const signer = signers[0];
  if (signers.length !== 1 || !signer) throw new Error(`${signers.length} signers`);
  const encoded = asEncoded(cms);
  const attributes = signedAttributesOf(signer, encoded.attributes);
  const hash = hashes.find((one) => hashOid[one] === signer.digestAlgorithm.algorithm);
  if (!hash) throw new Error('an unknown digest algorithm');

  const contentType = attributes.get(Oid.contentType);
  demand(contentType !== undefined && hexOf(contentType.value) === '2a864886f70d010701', 'the content type');
  demand(!attributes.has(Oid.signingTime), 'a signing time');
  const digest = attributes.get(Oid.messageDigest);
  if (digest?.tag !== 0x04) throw new Error('no message digest');
  demand(digest.value.length === digestLength[hash], 'the length of the message digest');

  const certificate = certificateNamed(encoded.signer, encoded.certificates);
  checkEssHash(attributes.get(Oid.signingCertificateV2), certificate);
  const key = new X509Certificate(certificate).publicKey;
  // The digest is made over the attributes as a SET OF, not under their tag in the CMS (RFC 5652, 5.4).
  const message = Uint8Array.from(encoded.attributes);
  message[0] = 0x31;
  const value = new Uint8Array(signer.signature.buffer);
  demand(holds(signer, hash, key, message, value), 'the signature does not hold');
  return { certificate, hash, contentDigest: Uint8Array.from(digest.value) };
}

/** The attributes by type, each with exactly one value, in DER's order and none twice. */
function signedAttributesOf(signer: SignerInfo, encoding: Uint8Array): ReadonlyMap<string, Tlv> {
  const list = readTlv(encoding).children();
  const result = new Map<string, Tlv>();
  let previous: Uint8Array = new Uint8Array(0);
  for (const [index, attribute] of list.entries()) {
    demand(Buffer.compare(previous, attribute.encoding) < 0, 'attributes out of order');
    previous = attribute.encoding;
    const values = attribute.children()[1]?.children() ?? [];
    const type = signer.signedAttrs?.[index]?.attrType ?? '';
    demand(values.length === 1 && !result.has(type), 'an attribute without one value');
    result.set(type, values[0] as Tlv);
  }
  return result;
}

/** Parts of the CMS as they stand there: encoding them anew may change them. */
interface Encoded {
  readonly certificates: readonly Uint8Array[];
  /** The signer as named by issuer and serial number. */
  readonly signer: CertificateParts;
  readonly attributes: Uint8Array;
}

function asEncoded(cms: Uint8Array): Encoded {
  const bounds = { maxDepth: 12, maxItems: 4_096, maxLength: longestCms };
  const content = readTlv(cms, { bounds }).children()[1]?.children()[0];
  const signer = content?.children().at(-1)?.children()[0];
  const [issuer, serialNumber] = signer?.children()[1]?.children() ?? [];
  const attributes = signer?.find(0xa0)?.encoding;
  if (!content || !attributes || !issuer || !serialNumber) throw new Error('a part of the signer is missing');
  return {
    certificates: (content.find(0xa0)?.children() ?? []).map(({ encoding }) => encoding),
    signer: { issuer: issuer.encoding, serialNumber: serialNumber.encoding },
    attributes: Uint8Array.from(attributes),
  };
}

/** The certificate that issuer and serial number name, compared byte by byte. */
function certificateNamed({ issuer, serialNumber }: CertificateParts, certificates: readonly Uint8Array[]) {
  const found = certificates.filter((one) => {
    const parts = certificateParts(one);
    return hexOf(parts.issuer) === hexOf(issuer) && hexOf(parts.serialNumber) === hexOf(serialNumber);
  });
  if (found.length !== 1) throw new Error("the signer's certificate is not there");
  return Uint8Array.from(found[0] as Uint8Array);
}

/** ESSCertIDv2 (RFC 5035, 4): the hash over the certificate, SHA-256 unless it says otherwise. */
function checkEssHash(attribute: Tlv | undefined, certificate: Uint8Array): void {
  const [first, second] = attribute?.children()[0]?.children()[0]?.children() ?? [];
  const stated = first?.tag === 0x30 ? hexOf(first.children()[0]?.value ?? new Uint8Array(0)) : undefined;
  const hash = stated === undefined ? 'SHA-256' : hashes.find((one) => oidHex[one] === stated);
  const value = stated === undefined ? first : second;
  if (!hash || value?.tag !== 0x04) throw new Error("no hash of the signer's certificate");
  demand(hexOf(digestOf(hash, certificate)) === hexOf(value.value), "the hash of the signer's certificate");
}

/** The hashes' object identifiers as they are encoded. */
const oidHex: Readonly<Record<HashName, string>> = {
  'SHA-256': '608648016503040201',
  'SHA-384': '608648016503040202',
  'SHA-512': '608648016503040203',
};

function holds(
  { signatureAlgorithm }: SignerInfo,
  hash: HashName,
  key: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { algorithm } = signatureAlgorithm;
  const name = opensslHash[hash];
  if (key.asymmetricKeyType === 'ec') {
    return algorithm === ecdsaOid[hash] && verify(name, message, key, signature);
  }
  if (key.asymmetricKeyType !== 'rsa') return false;
  if (algorithm === rsaOid[hash]) return verify(name, message, key, signature);
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digestLength[hash] };
  return algorithm === Oid.rsaPss && verify(name, message, { key, ...padding }, signature);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function demand(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}
