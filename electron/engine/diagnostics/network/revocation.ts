/**
 * What a certificate's authority says of it now: by OCSP (RFC 6960) and by its revocation list (RFC 5280), where the
 * certificate says they are. Only answers that the authority, or a responder it named, has signed count.
 */
// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  Request,
  type SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import type { RevocationAnswer, RevocationProblem } from '../../../contract/diagnostics/inspect.ts';
import { distinguishedName } from '../inspect/distinguished-name.ts';
import type { SystemView } from '../system/system-view.ts';
import { type ProbeResult, probe } from './probe.ts';

const sha1 = '1.3.14.3.2.26';
/** ecdsa-with-SHA2 and sha2WithRSAEncryption by their last two numbers. */
const digests: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
/** Revocation lists may be larger: then it is enough to know that they are there. */
const maxAnswerBytes = 1024 * 1024;
const ocspSigning = '1.3.6.1.5.5.7.3.9';
/** How far a responder's clock may be ahead of ours, in ms. */
const clockToleranceMs = 5 * 60_000;

class Trouble extends Error {
  readonly problem: RevocationProblem;

  constructor(problem: RevocationProblem) {
    super(problem);
    this.problem = problem;
  }
}

export interface RevocationQuestion {
  readonly system: SystemView;
  readonly certificate: X509Certificate;
  /** Certificates that may be the issuer's; where none is, the certificate says where it can be had. */
  readonly issuers: readonly X509Certificate[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks in one of the two ways. Never rejects, except when `signal` aborts. */
export async function askRevocation(
  question: RevocationQuestion,
  by: 'ocsp' | 'crl',
): Promise<RevocationAnswer> {
  const started = performance.now();
  const { ocsp, crl } = addressesOf(question.certificate);
  const address = by === 'ocsp' ? ocsp : crl;
  const host = address === undefined ? undefined : new URL(address).host;
  const done = (rest: Omit<RevocationAnswer, 'host' | 'ms'>): RevocationAnswer => ({
    ...rest,
    ...(host === undefined ? {} : { host }),
    ms: Math.round(performance.now() - started),
  });
  try {
    if (address === undefined) throw new Trouble('no-address');
    const issuer = await issuerOf(question);
    return done(await (by === 'ocsp' ? byOcsp : byList)(question, issuer, address));
  } catch (thrown) {
    if (question.signal.aborted) throw question.signal.reason;
    const problem = thrown instanceof Trouble ? thrown.problem : 'malformed';
    return done({ status: 'unavailable', problem });
  }
}

interface Addresses {
  readonly ocsp: string | undefined;
  readonly crl: string | undefined;
  readonly issuer: string | undefined;
}

/** What stands in authorityInfoAccess and cRLDistributionPoints (RFC 5280, 4.2.2.1 and 4.2.1.13); http only. */
export function addressesOf(certificate: X509Certificate): Addresses {
  const fields = new x509.X509Certificate(Uint8Array.from(certificate.raw));
  const isHttp = (address: string | undefined): address is string =>
    address !== undefined && /^https?:\/\//i.test(address) && URL.canParse(address);
  const access = fields.getExtension(x509.AuthorityInfoAccessExtension);
  const points = fields.getExtension(x509.CRLDistributionPointsExtension)?.distributionPoints ?? [];
  const lists = points.flatMap(({ distributionPoint }) =>
    (distributionPoint?.fullName ?? []).map((name) => name.uniformResourceIdentifier),
  );
  return {
    ocsp: access?.ocsp.map(({ value }) => value).find(isHttp),
    crl: lists.find(isHttp),
    issuer: access?.caIssuers.map(({ value }) => value).find(isHttp),
  };
}

async function issuerOf(question: RevocationQuestion): Promise<X509Certificate> {
  const { certificate, issuers } = question;
  const issued = (issuer: X509Certificate): boolean =>
    certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  const known = issuers.find(issued);
  if (known) return known;
  const address = addressesOf(certificate).issuer;
  if (address === undefined) throw new Trouble('issuer-missing');
  const fetched = new X509Certificate(await fetchBytes(question, address, {}));
  if (!issued(fetched)) throw new Trouble('issuer-missing');
  return fetched;
}

async function fetchBytes(
  { system, timeoutMs, signal }: RevocationQuestion,
  url: string,
  rest: { readonly body?: Uint8Array; readonly headers?: Record<string, string>; readonly type?: RegExp },
): Promise<Buffer> {
  const { type, ...request } = rest;
  const method = request.body ? 'POST' : 'GET';
  const { trouble, answer }: ProbeResult = await probe(system, {
    url,
    method,
    timeoutMs,
    signal,
    maxBytes: maxAnswerBytes,
    ...request,
  });
  if (trouble)
    throw new Trouble(
      trouble.kind === 'silent' ? 'timeout' : trouble.kind === 'garbled' ? 'malformed' : 'unreachable',
    );
  if (answer === undefined || answer.status >= 500) throw new Trouble('http-status');
  // Somebody answers, and it is not this service.
  if (answer.status !== 200 || (type && !type.test(answer.contentType))) throw new Trouble('malformed');
  if (answer.cut) throw new Trouble('too-large');
  return answer.body;
}

async function byOcsp(question: RevocationQuestion, issuer: X509Certificate, address: string): Promise<Said> {
  const id = certificateId(question.certificate, issuer);
  const nonce = AsnConvert.serialize(new OctetString(randomBytes(32)));
  const tbsRequest = new TBSRequest({
    requestList: [new Request({ reqCert: id })],
    requestExtensions: [
      new Extension({ extnID: id_pkix_ocsp_nonce, critical: false, extnValue: new OctetString(nonce) }),
    ],
  });
  const bytes = await fetchBytes(question, address, {
    body: new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest }))),
    headers: { 'content-type': 'application/ocsp-request' },
    type: /^application\/ocsp-response\b/i,
  });
  const { responseStatus, responseBytes } = AsnConvert.parse(bytes, OCSPResponse);
  // 0: successful. All others are refusals, of which tryLater is the usual one.
  if (Number(responseStatus) !== 0 || !responseBytes) throw new Trouble('responder-error');
  const basic = AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
  const responder = signerOf(basic, responseBytes.response.buffer, issuer);
  if (!responder) throw new Trouble('signature-wrong');
  const echoed = basic.tbsResponseData.responseExtensions?.find(
    ({ extnID }) => extnID === id_pkix_ocsp_nonce,
  );
  if (echoed && !sameBytes(echoed.extnValue.buffer, nonce)) throw new Trouble('nonce-wrong');
  const single = basic.tbsResponseData.responses.find(({ certID }) => isSame(certID, id));
  if (!single) throw new Trouble('other-certificate');
  checkTimes(single, question.system.now());
  const { good, revoked } = single.certStatus;
  const reason = Number(revoked?.revocationReason?.reason ?? 0);
  return {
    status: revoked
      ? reason === certificateHold
        ? 'suspended'
        : 'revoked'
      : good === undefined
        ? 'unknown'
        : 'good',
    ...updates(single.thisUpdate, single.nextUpdate),
    producedAt: basic.tbsResponseData.producedAt.toISOString(),
    responder: distinguishedName(responder.subject),
    ...(revoked ? { revokedAt: revoked.revocationTime.toISOString(), ...reasonOf(reason) } : {}),
  };
}

/** An answer that counts. */
type Said = Omit<RevocationAnswer, 'host' | 'ms' | 'problem'>;

function updates(thisUpdate: Date, nextUpdate: Date | undefined) {
  return {
    thisUpdate: thisUpdate.toISOString(),
    ...(nextUpdate ? { nextUpdate: nextUpdate.toISOString() } : {}),
  };
}

/** CRLReason, RFC 5280, 5.3.1; 0 says nothing. */
const reasons = [
  ...[undefined, 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded'],
  ...[
    'cessationOfOperation',
    'certificateHold',
    undefined,
    'removeFromCRL',
    'privilegeWithdrawn',
    'aACompromise',
  ],
];

function reasonOf(reason: number): { reason?: string } {
  const word = reasons[reason];
  return word === undefined ? {} : { reason: word };
}

/** CRLReason certificateHold (RFC 5280, 5.3.1). */
const certificateHold = 6;

function certificateId(certificate: X509Certificate, issuer: X509Certificate): CertID {
  const { tbsCertificate } = AsnConvert.parse(issuer.raw, Certificate);
  const hash = (bytes: ArrayBuffer) =>
    new OctetString(createHash('sha1').update(Buffer.from(bytes)).digest());
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha1, parameters: null }),
    issuerNameHash: hash(AsnConvert.serialize(tbsCertificate.subject)),
    issuerKeyHash: hash(tbsCertificate.subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: AsnConvert.parse(certificate.raw, Certificate).tbsCertificate.serialNumber,
  });
}

function isSame(one: CertID, other: CertID): boolean {
  return (
    sameBytes(one.serialNumber, other.serialNumber) &&
    sameBytes(one.issuerNameHash.buffer, other.issuerNameHash.buffer) &&
    sameBytes(one.issuerKeyHash.buffer, other.issuerKeyHash.buffer)
  );
}

const sameBytes = (one: ArrayBuffer, other: ArrayBuffer): boolean =>
  Buffer.from(one).equals(Buffer.from(other));

/** Who signed: the issuer itself, or a responder whose certificate the issuer made for that (4.2.2.2). */
function signerOf(
  basic: BasicOCSPResponse,
  der: ArrayBuffer,
  issuer: X509Certificate,
): X509Certificate | undefined {
  const digest = digests[basic.signatureAlgorithm.algorithm];
  if (digest === undefined) return undefined;
  const signed = firstElement(Buffer.from(der));
  const isBy = (certificate: X509Certificate): boolean =>
    verify(digest, signed, certificate.publicKey, Buffer.from(basic.signature));
  if (isBy(issuer)) return issuer;
  return (basic.certs ?? [])
    .slice(0, 4)
    .map((shown) => new X509Certificate(Buffer.from(AsnConvert.serialize(shown))))
    .find(
      (responder) =>
        responder.keyUsage?.includes(ocspSigning) === true &&
        responder.checkIssued(issuer) &&
        responder.verify(issuer.publicKey) &&
        isBy(responder),
    );
}

/** The first element inside a DER SEQUENCE, as it is encoded. */
function firstElement(der: Buffer): Buffer {
  const outer = headerLength(der, 0);
  return der.subarray(outer.start, elementEnd(der, outer.start));
}

function headerLength(der: Buffer, at: number): { readonly start: number; readonly length: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { start: at + 2, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new Trouble('malformed');
  return { start: at + 2 + count, length: der.readUIntBE(at + 2, count) };
}

function elementEnd(der: Buffer, at: number): number {
  const { start, length } = headerLength(der, at);
  if (start + length > der.length) throw new Trouble('malformed');
  return start + length;
}

function checkTimes(
  { thisUpdate, nextUpdate }: Pick<SingleResponse, 'thisUpdate' | 'nextUpdate'>,
  now: number,
): void {
  if (thisUpdate.getTime() > now + clockToleranceMs) throw new Trouble('not-yet-valid');
  if (nextUpdate && nextUpdate.getTime() < now - clockToleranceMs) throw new Trouble('stale');
}

async function byList(question: RevocationQuestion, issuer: X509Certificate, address: string): Promise<Said> {
  const list = new x509.X509Crl(Uint8Array.from(await fetchBytes(question, address, {})));
  const publicKey = new x509.X509Certificate(Uint8Array.from(issuer.raw)).publicKey;
  if (!(await list.verify({ publicKey }, globalThis.crypto))) throw new Trouble('signature-wrong');
  checkTimes(
    { thisUpdate: list.thisUpdate, ...(list.nextUpdate ? { nextUpdate: list.nextUpdate } : {}) },
    question.system.now(),
  );
  const said = {
    ...updates(list.thisUpdate, list.nextUpdate),
    responder: distinguishedName(issuer.subject),
    entries: list.entries.length,
  };
  const entry = list.findRevoked(question.certificate.serialNumber);
  if (!entry) return { status: 'good', ...said };
  const reason = Number(entry.reason ?? 0);
  return {
    status: reason === certificateHold ? 'suspended' : 'revoked',
    ...said,
    revokedAt: entry.revocationDate.toISOString(),
    ...reasonOf(reason),
  };
}
