import { constants, type KeyObject, verify, X509Certificate } from 'node:crypto';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import { readTlv, type Tlv } from '../../card/tlv.ts';
import { digestLength, type HashName, opensslHash } from '../../token/digest-info.ts';
import { certificateParts } from './certificate-parts.ts';
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

/** Object identifiers as they are encoded; those of the writer are spelt differently, so that both can be wrong. */
const data = '2a864886f70d010701';
const signedData = '2a864886f70d010702';
const attributeType = {
  contentType: '2a864886f70d010903',
  messageDigest: '2a864886f70d010904',
  signingTime: '2a864886f70d010905',
  signingCertificateV2: '2a864886f70d010910022f',
} as const;
const hashes: Readonly<Record<string, HashName>> = {
  '608648016503040201': 'SHA-256',
  '608648016503040202': 'SHA-384',
  '608648016503040203': 'SHA-512',
};
const signatures: Readonly<Record<string, readonly ['rsa' | 'ec', HashName]>> = {
  '2a864886f70d01010b': ['rsa', 'SHA-256'],
  '2a864886f70d01010c': ['rsa', 'SHA-384'],
  '2a864886f70d01010d': ['rsa', 'SHA-512'],
  '2a8648ce3d040302': ['ec', 'SHA-256'],
  '2a8648ce3d040303': ['ec', 'SHA-384'],
  '2a8648ce3d040304': ['ec', 'SHA-512'],
};
const rsaPss = '2a864886f70d01010a';

const [integer, octetString, objectIdentifier, sequence, set] = [0x02, 0x04, 0x06, 0x30, 0x31];

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
  const bounds = { maxDepth: 16, maxItems: 4_096, maxLength: longestCms };
  const [type, wrapped] = members(readTlv(cms, { bounds }), sequence, objectIdentifier, 0xa0);
  demand(hexOf(type) === signedData, 'no SignedData');
  const [content] = members(wrapped, 0xa0, sequence);
  const [, digests, encapsulated, certificates, infos] = members(
    content,
    ...[sequence, integer, set, sequence, 0xa0, set],
  );
  const [contentType] = members(encapsulated, sequence, objectIdentifier);
  demand(hexOf(contentType) === data, 'not detached');
  const [info] = members(infos, set, sequence);
  const [, sid, digestAlgorithm, attributes, signatureAlgorithm, value] = members(
    info,
    ...[sequence, integer, sequence, sequence, 0xa0, sequence, octetString],
  );
  const hash = hashes[firstOid(digestAlgorithm)];
  demand(hash !== undefined && hexOf(digests) === encodingHex(digestAlgorithm), 'the digest algorithms');

  const list = attributesOf(attributes);
  const stated = list.get(attributeType.contentType);
  demand(stated !== undefined && hexOf(stated) === data, 'the content type');
  demand(!list.has(attributeType.signingTime), 'a signing time');
  const digest = list.get(attributeType.messageDigest);
  demand(digest?.tag === octetString && digest.value.length === digestLength[hash], 'no message digest');

  const certificate = certificateNamed(sid, certificates.children());
  checkEssHash(list.get(attributeType.signingCertificateV2), certificate);
  const key = new X509Certificate(certificate).publicKey;
  // The digest is made over the attributes as a SET OF, not under their tag in the CMS (RFC 5652, 5.4).
  const message = Uint8Array.from(attributes.encoding);
  message[0] = set;
  const algorithm = firstOid(signatureAlgorithm);
  demand(holds(algorithm, hash, key, message, value.value), 'the signature does not hold');
  return { certificate, hash, contentDigest: Uint8Array.from(digest.value) };
}

type Members = readonly [Tlv, Tlv, Tlv, Tlv, Tlv, Tlv];

/** The objects inside one, which must be exactly those with these tags. */
function members(object: Tlv, tag: number, ...tags: readonly number[]): Members {
  const children = object.tag === tag ? object.children() : [];
  const fit = children.length === tags.length && children.every((child, index) => child.tag === tags[index]);
  demand(fit, 'a part that is missing or has another form');
  return children as unknown as Members;
}

/** The object identifier that an AlgorithmIdentifier begins with, in hex. */
function firstOid(algorithm: Tlv): string {
  const [oid] = algorithm.children();
  demand(oid?.tag === objectIdentifier, 'an algorithm without identifier');
  return hexOf(oid);
}

/** The attributes by type, each with exactly one value, in DER's order and none twice. */
function attributesOf(attributes: Tlv): ReadonlyMap<string, Tlv> {
  const result = new Map<string, Tlv>();
  let previous: Uint8Array = new Uint8Array(0);
  for (const attribute of attributes.children()) {
    demand(Buffer.compare(previous, attribute.encoding) < 0, 'attributes out of order');
    previous = attribute.encoding;
    const [type, values] = members(attribute, sequence, objectIdentifier, set);
    const [value, ...others] = values.children();
    demand(
      value !== undefined && others.length === 0 && !result.has(hexOf(type)),
      'an attribute without one value',
    );
    result.set(hexOf(type), value);
  }
  return result;
}

/** The certificate that issuer and serial number name, compared byte by byte. */
function certificateNamed(sid: Tlv, certificates: readonly Tlv[]): Uint8Array {
  const [issuer, serialNumber] = members(sid, sequence, sequence, integer);
  const found = certificates.filter(({ encoding }) => {
    const parts = certificateParts(encoding);
    return (
      Buffer.from(issuer.encoding).equals(parts.issuer) &&
      Buffer.from(serialNumber.encoding).equals(parts.serialNumber)
    );
  });
  const [only] = found;
  demand(only !== undefined && found.length === 1, "the signer's certificate is not there");
  return Uint8Array.from(only.encoding);
}

/** ESSCertIDv2 (RFC 5035, 4): the hash over the certificate, SHA-256 unless it says otherwise. */
function checkEssHash(attribute: Tlv | undefined, certificate: Uint8Array): void {
  const [first, second] = attribute?.children()[0]?.children()[0]?.children() ?? [];
  const named = first?.tag === sequence;
  const hash = named ? hashes[firstOid(first)] : 'SHA-256';
  const value = named ? second : first;
  demand(hash !== undefined && value?.tag === octetString, "no hash of the signer's certificate");
  demand(
    Buffer.from(value.value).equals(digestOf(hash, certificate)),
    "the hash of the signer's certificate",
  );
}

function holds(
  algorithm: string,
  hash: HashName,
  key: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const name = opensslHash[hash];
  const kind = key.asymmetricKeyType;
  if (algorithm === rsaPss) {
    const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digestLength[hash] };
    return kind === 'rsa' && verify(name, message, { key, ...padding }, signature);
  }
  const [wanted, itsHash] = signatures[algorithm] ?? [];
  return kind === wanted && hash === itsHash && verify(name, message, key, signature);
}

const hexOf = ({ value }: Tlv): string => Buffer.from(value).toString('hex');
const encodingHex = ({ encoding }: Tlv): string => Buffer.from(encoding).toString('hex');

function demand(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(what);
}
