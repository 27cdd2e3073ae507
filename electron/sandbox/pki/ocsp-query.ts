// @peculiar/x509 and the ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { CertID, id_pkix_ocsp_nonce, OCSPRequest, Request, TBSRequest } from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Extension } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import { certificateIdentity, digest } from './certificate-identity.ts';
import { octetString } from './der.ts';
import {
  isIssuedBy,
  judgeOcspAnswer,
  type OcspOutcome,
  type OcspProblem,
  type OcspStatus,
} from './ocsp-answer.ts';

export type { OcspOutcome, OcspProblem, OcspStatus } from './ocsp-answer.ts';

export interface OcspQueryOptions {
  /** The moment to judge at. */
  readonly now: Date;
  /** How long the whole query may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** Longest answer read, in bytes. */
const mostAnswerBytes = 64 * 1024;
/** Length of our nonce, in bytes (RFC 9654 clause 2.1). */
const nonceBytes = 32;
const sha256 = '2.16.840.1.101.3.4.2.1';

class QueryFailure extends Error {
  readonly problem: OcspProblem;

  constructor(problem: OcspProblem) {
    super(`OCSP query: ${problem}`);
    this.problem = problem;
  }
}

/** The address of the OCSP responder that a certificate (DER) names; undefined when it names none over http. */
export function ocspAddress(certificate: Uint8Array): string | undefined {
  const fields = new x509.X509Certificate(Uint8Array.from(certificate));
  const access = fields.getExtension(x509.AuthorityInfoAccessExtension);
  return access?.ocsp.map(({ value }) => value).find((value) => /^http:\/\//i.test(value));
}

/**
 * Asks the responder that a certificate names for the certificate's status.
 * @param issuer the CA that issued it, DER; believed
 */
export async function ocspStatus(
  certificate: Uint8Array,
  issuer: Uint8Array,
  options: OcspQueryOptions,
): Promise<OcspStatus> {
  return (await queryOcsp(certificate, issuer, options)).status;
}

/** Like `ocspStatus`; says also why a status is unavailable. Never throws. */
export async function queryOcsp(
  certificate: Uint8Array,
  issuer: Uint8Array,
  options: OcspQueryOptions,
): Promise<OcspOutcome> {
  try {
    // Before anything leaves for an address that somebody has written into a certificate.
    if (!isGenuine(certificate, issuer)) throw new QueryFailure('not-issued');
    const address = ocspAddress(certificate);
    if (address === undefined) throw new QueryFailure('no-address');
    const certId = certificateId(certificate, issuer);
    const nonce = octetString(randomBytes(nonceBytes));
    const answer = await post(address, ocspRequest(certId, nonce), options.timeoutMs);
    return judgeOcspAnswer(answer, { issuer, certificate: certId, nonce, now: options.now });
  } catch (thrown) {
    // Everything else that goes wrong is the transport's.
    return {
      status: 'unavailable',
      problem: thrown instanceof QueryFailure ? thrown.problem : 'unreachable',
    };
  }
}

function isGenuine(certificate: Uint8Array, issuer: Uint8Array): boolean {
  try {
    return isIssuedBy(certificate, issuer);
  } catch {
    return false;
  }
}

function certificateId(certificate: Uint8Array, issuer: Uint8Array): CertID {
  const { subjectDer, keyBits } = certificateIdentity(issuer);
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: sha256 }),
    issuerNameHash: new OctetString(digest('sha256', subjectDer)),
    issuerKeyHash: new OctetString(digest('sha256', keyBits)),
    serialNumber: certificateIdentity(certificate).asn1.tbsCertificate.serialNumber,
  });
}

function ocspRequest(certId: CertID, nonce: Uint8Array): Uint8Array {
  const tbsRequest = new TBSRequest({
    requestList: [new Request({ reqCert: certId })],
    requestExtensions: [
      new Extension({
        extnID: id_pkix_ocsp_nonce,
        critical: false,
        extnValue: new OctetString(Uint8Array.from(nonce)),
      }),
    ],
  });
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest })));
}

/**
 * Posts a request and reads the answer; redirects are not followed.
 * @throws QueryFailure, or the transport's error
 */
async function post(address: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
  const signal = AbortSignal.timeout(timeoutMs);
  const outgoing = request(address, {
    method: 'POST',
    agent: false,
    signal,
    headers: {
      'content-type': 'application/ocsp-request',
      accept: 'application/ocsp-response',
      'content-length': body.length,
    },
  });
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).on('error', reject).end(body);
    });
    const type = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (response.statusCode !== 200 || type !== 'application/ocsp-response') throw new QueryFailure('http');
    const parts: Buffer[] = [];
    let length = 0;
    for await (const part of response as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > mostAnswerBytes) throw new QueryFailure('too-large');
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (thrown) {
    throw signal.aborted ? new QueryFailure('timeout') : thrown;
  } finally {
    outgoing.destroy();
  }
}
