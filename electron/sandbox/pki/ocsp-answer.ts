// @peculiar/x509 and the ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { verify, X509Certificate } from 'node:crypto';
import {
  BasicOCSPResponse,
  type CertID,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nocheck,
  id_pkix_ocsp_nonce,
  OCSPResponse,
  type ResponderID,
  type ResponseData,
  type SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as x509 from '@peculiar/x509';
import { type CertificateIdentity, certificateIdentity, digest } from './certificate-identity.ts';
import { ocspResponseStatus } from './ocsp-request.ts';
import { certificateHold } from './status-register.ts';
import { isWholeSequence } from './whole-sequence.ts';

/** What a certificate's responder says of it; `unavailable` when it says nothing that can be believed. */
export type OcspStatus = 'good' | 'suspended' | 'revoked' | 'unknown' | 'unavailable';

/** Why a status is unavailable. */
export type OcspProblem =
  /** The certificate names no responder that can be asked. */
  | 'no-address'
  /** The certificate is not the issuer's, or one of them cannot be read. */
  | 'not-issued'
  | 'unreachable'
  | 'timeout'
  | 'too-large'
  /** HTTP status other than 200, or another content type. */
  | 'http'
  /** Not an OCSP response that could be read. */
  | 'malformed'
  /** The responder answers by a status alone. */
  | 'refused'
  /** Signed by nobody who may answer for the issuer. */
  | 'responder'
  | 'signature'
  | 'nonce'
  /** It speaks of other certificates. */
  | 'certificate'
  /** Not yet, or no longer, good. */
  | 'time';

export interface OcspOutcome {
  readonly status: OcspStatus;
  /** With `unavailable` only. */
  readonly problem?: OcspProblem;
}

/** What was asked, and of whom. */
export interface OcspExpectation {
  readonly issuer: Uint8Array;
  readonly certificate: CertID;
  /** The nonce extension's value, as it was sent. */
  readonly nonce: Uint8Array;
  readonly now: Date;
}

/** How much the clocks of both sides may differ, in milliseconds. */
const clockSkewMs = 60_000;
/** Most certificates and most single answers in a response. */
const mostParts = 8;

/** Signature algorithms that are accepted, with the digest and the key they need. */
const signatureAlgorithms: ReadonlyMap<string, readonly [digest: string, key: string]> = new Map([
  ['1.2.840.10045.4.3.2', ['sha256', 'ec']],
  ['1.2.840.10045.4.3.3', ['sha384', 'ec']],
  ['1.2.840.10045.4.3.4', ['sha512', 'ec']],
  ['1.2.840.113549.1.1.11', ['sha256', 'rsa']],
  ['1.2.840.113549.1.1.12', ['sha384', 'rsa']],
  ['1.2.840.113549.1.1.13', ['sha512', 'rsa']],
]);

/** Extensions of a responder's certificate that are understood, so that they may be critical. */
const understood = new Set(['2.5.29.15', '2.5.29.19', '2.5.29.37']);

const fail = (problem: OcspProblem): OcspOutcome => ({ status: 'unavailable', problem });

/** Judges an OCSP response, DER, as RFC 6960 clause 3.2 demands. Never throws for what a responder sent. */
export function judgeOcspAnswer(der: Uint8Array, expected: OcspExpectation): OcspOutcome {
  const basic = decode(der);
  if (basic === 'malformed' || basic === 'refused') return fail(basic);
  try {
    return judge(basic, expected);
  } catch {
    // A part of it could not be read.
    return fail('malformed');
  }
}

function decode(der: Uint8Array): BasicOCSPResponse | 'malformed' | 'refused' {
  if (!isWholeSequence(der)) return 'malformed';
  try {
    const { responseStatus, responseBytes } = AsnConvert.parse(der, OCSPResponse);
    if (responseStatus !== ocspResponseStatus.successful) return 'refused';
    if (responseBytes?.responseType !== id_pkix_ocsp_basic) return 'malformed';
    const content = new Uint8Array(responseBytes.response.buffer);
    return isWholeSequence(content) ? AsnConvert.parse(content, BasicOCSPResponse) : 'malformed';
  } catch {
    return 'malformed';
  }
}

function judge(basic: BasicOCSPResponse, expected: OcspExpectation): OcspOutcome {
  const { tbsResponseData: data, tbsResponseDataRaw: signed, certs = [] } = basic;
  if (signed === undefined || data.version !== 0) return fail('malformed');
  if (certs.length > mostParts || data.responses.length > mostParts) return fail('malformed');
  const offered = certs.map((one) => new Uint8Array(AsnConvert.serialize(one)));
  const responder = [expected.issuer, ...offered].find((one) => isNamed(data.responderID, one));
  if (responder === undefined || !mayAnswer(responder, expected)) return fail('responder');
  if (!isSignedBy(responder, basic, new Uint8Array(signed))) return fail('signature');
  if (!hasNonce(data, expected.nonce)) return fail('nonce');
  const [answer, ...others] = data.responses.filter(({ certID }) => isSame(certID, expected.certificate));
  if (answer === undefined || others.length > 0) return fail('certificate');
  if (!isUnderstood(data, answer)) return fail('malformed');
  if (!isCurrent(data.producedAt, answer, expected.now)) return fail('time');
  return statusOf(answer);
}

/** Whether a responder's identifier names a certificate. */
function isNamed(id: ResponderID, certificate: Uint8Array): boolean {
  const identity: CertificateIdentity = certificateIdentity(certificate);
  if (id.byKey) return Buffer.from(id.byKey.buffer).equals(digest('sha1', identity.keyBits));
  return id.byName !== undefined && Buffer.from(AsnConvert.serialize(id.byName)).equals(identity.subjectDer);
}

/** The issuer itself, or one to whom it has delegated (RFC 6960 clause 4.2.2.2). */
function mayAnswer(responder: Uint8Array, { issuer, now }: OcspExpectation): boolean {
  if (Buffer.from(responder).equals(issuer)) return true;
  const fields = new x509.X509Certificate(Uint8Array.from(responder));
  const usage = fields.getExtension(x509.KeyUsagesExtension);
  const purposes = fields.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? [];
  if (!isIssuedBy(responder, issuer)) return false;
  if (!purposes.includes(x509.ExtendedKeyUsage.ocspSigning)) return false;
  if (usage !== null && (usage.usages & x509.KeyUsageFlags.digitalSignature) === 0) return false;
  if (now < fields.notBefore || now > fields.notAfter) return false;
  // Its own status would have to be asked for elsewhere (clause 4.2.2.2.1); nobody here does.
  if (fields.getExtension(id_pkix_ocsp_nocheck) === null) return false;
  return fields.extensions.every(({ critical, type }) => !critical || understood.has(type));
}

/** Whether the issuer's name and key made this certificate; both DER. @throws when one cannot be read */
export function isIssuedBy(certificate: Uint8Array, issuer: Uint8Array): boolean {
  const [subject, authority] = [new X509Certificate(certificate), new X509Certificate(issuer)];
  return subject.checkIssued(authority) && subject.verify(authority.publicKey);
}

function isSignedBy(responder: Uint8Array, basic: BasicOCSPResponse, signed: Uint8Array): boolean {
  const { publicKey } = new X509Certificate(responder);
  const [hash, keyType] = signatureAlgorithms.get(basic.signatureAlgorithm.algorithm) ?? [];
  if (hash === undefined || publicKey.asymmetricKeyType !== keyType) return false;
  return verify(hash, signed, publicKey, new Uint8Array(basic.signature));
}

function hasNonce({ responseExtensions = [] }: ResponseData, nonce: Uint8Array): boolean {
  const [found, ...others] = responseExtensions.filter(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  return found !== undefined && others.length === 0 && Buffer.from(found.extnValue.buffer).equals(nonce);
}

/** Nothing is critical that is not the nonce (RFC 6960 clause 4.4). */
function isUnderstood({ responseExtensions = [] }: ResponseData, answer: SingleResponse): boolean {
  const all = [...responseExtensions, ...(answer.singleExtensions ?? [])];
  return all.every(({ critical, extnID }) => !critical || extnID === id_pkix_ocsp_nonce);
}

function isSame(one: CertID, other: CertID): boolean {
  const equal = (a: ArrayBuffer, b: ArrayBuffer): boolean => Buffer.from(a).equals(Buffer.from(b));
  return (
    one.hashAlgorithm.algorithm === other.hashAlgorithm.algorithm &&
    equal(one.issuerNameHash.buffer, other.issuerNameHash.buffer) &&
    equal(one.issuerKeyHash.buffer, other.issuerKeyHash.buffer) &&
    equal(one.serialNumber, other.serialNumber)
  );
}

/** RFC 6960 clause 4.2.2.1; an answer that does not say how long it is good is not believed. */
function isCurrent(producedAt: Date, { thisUpdate, nextUpdate }: SingleResponse, now: Date): boolean {
  const latest = new Date(now.getTime() + clockSkewMs);
  if (producedAt > latest || thisUpdate > latest) return false;
  return nextUpdate !== undefined && nextUpdate >= now && nextUpdate >= thisUpdate;
}

function statusOf({ certStatus }: SingleResponse): OcspOutcome {
  if (certStatus.revoked) {
    const held = certStatus.revoked.revocationReason?.reason === certificateHold;
    return { status: held ? 'suspended' : 'revoked' };
  }
  if (certStatus.good === null) return { status: 'good' };
  return certStatus.unknown === null ? { status: 'unknown' } : fail('malformed');
}
