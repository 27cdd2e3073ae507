// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { type CertID, id_pkix_ocsp_nonce, OCSPRequest, Request, Version } from '@peculiar/asn1-ocsp';
import { AsnConvert, AsnProp, OctetString } from '@peculiar/asn1-schema';
import { Extension } from '@peculiar/asn1-x509';
import { isWholeSequence } from './whole-sequence.ts';

// asn1-ocsp 2.6.1 forgets that singleRequestExtensions is tagged [0] EXPLICIT (RFC 6960 clause 4.1.1).
AsnProp({ type: Extension, context: 0, repeated: 'sequence', optional: true })(
  Request.prototype,
  'singleRequestExtensions',
);

/** OCSPResponseStatus, RFC 6960 clause 4.2.1. */
export const ocspResponseStatus = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

export type OcspRefusalStatus = Exclude<keyof typeof ocspResponseStatus, 'successful'>;

/** A request that gets no answer but a status. */
export class OcspRefusal extends Error {
  readonly status: OcspRefusalStatus;

  constructor(status: OcspRefusalStatus) {
    super(`OCSP: ${status}`);
    this.name = 'OcspRefusal';
    this.status = status;
  }
}

/** What a client asks. */
export interface OcspQuestion {
  readonly certificates: readonly CertID[];
  /** The nonce extension, as it came; to be given back. */
  readonly nonce: Extension | undefined;
}

/** Longest request read, in bytes. */
export const mostOcspRequestBytes = 16 * 1024;
/** Most certificates in one request. */
const mostCertificates = 32;
/** Longest nonce, in bytes (RFC 9654 clause 2.1). */
const mostNonceBytes = 128;

/**
 * Reads an OCSP request, DER (RFC 6960 clause 4.1). A signature on it is not looked at: nobody has to sign here.
 * @throws OcspRefusal `malformedRequest`
 */
export function readOcspRequest(der: Uint8Array): OcspQuestion {
  const { version, requestList, requestExtensions = [] } = decode(der).tbsRequest;
  if (version !== Version.v1) throw new OcspRefusal('malformedRequest');
  if (requestList.length === 0 || requestList.length > mostCertificates) {
    throw new OcspRefusal('malformedRequest');
  }
  const singleExtensions = requestList.flatMap((request) => [...(request.singleRequestExtensions ?? [])]);
  const others = requestExtensions.filter(({ extnID }) => extnID !== id_pkix_ocsp_nonce);
  // Clause 4.4: what is critical and not understood must not be passed over.
  if ([...others, ...singleExtensions].some(({ critical }) => critical)) {
    throw new OcspRefusal('malformedRequest');
  }
  const nonces = requestExtensions.filter(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  if (nonces.length > 1 || !nonces.every(isNonce)) throw new OcspRefusal('malformedRequest');
  return { certificates: requestList.map(({ reqCert }) => reqCert), nonce: nonces[0] };
}

function decode(der: Uint8Array): OCSPRequest {
  if (der.length > mostOcspRequestBytes || !isWholeSequence(der)) throw new OcspRefusal('malformedRequest');
  try {
    return AsnConvert.parse(der, OCSPRequest);
  } catch {
    throw new OcspRefusal('malformedRequest');
  }
}

function isNonce({ extnValue }: Extension): boolean {
  try {
    const { byteLength } = AsnConvert.parse(extnValue.buffer, OctetString);
    return byteLength >= 1 && byteLength <= mostNonceBytes;
  } catch {
    return false;
  }
}
