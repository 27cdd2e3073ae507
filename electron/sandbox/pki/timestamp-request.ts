// The ASN.1 schemas need the Reflect metadata API before they are loaded.
import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { type MessageImprint, TimeStampReq } from '@peculiar/asn1-tsp';
import { hashNames } from './certificate-identity.ts';
import { sandboxPolicies } from './profiles.ts';
import { isWholeSequence } from './whole-sequence.ts';

/** PKIFailureInfo: bit numbers of RFC 3161 clause 2.4.2 (asn1-tsp 2.6.0 has other values for most of them). */
export const timestampFailures = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  addInfoNotAvailable: 17,
  systemFailure: 25,
} as const;

export type TimestampFailure = keyof typeof timestampFailures;

/** A request that gets a rejection instead of a time stamp. */
export class TimestampRefusal extends Error {
  readonly failure: TimestampFailure;

  constructor(failure: TimestampFailure) {
    super(`time stamp: ${failure}`);
    this.name = 'TimestampRefusal';
    this.failure = failure;
  }
}

/** What is to be stamped. */
export interface TimestampQuestion {
  readonly imprint: MessageImprint;
  /** Contents octets of the nonce; undefined when none was sent. */
  readonly nonce: ArrayBuffer | undefined;
  /** Whether the authority's certificate goes into the time stamp. */
  readonly certificateWanted: boolean;
}

/** Longest request read, in bytes. */
export const mostTimestampRequestBytes = 16 * 1024;
/** Longest nonce, in bytes. */
const mostNonceBytes = 64;
/** Digests that are stamped, with their length in bytes. SHA-1 is not among them. */
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/** Reads a TimeStampReq, DER (RFC 3161 clause 2.4.1). @throws TimestampRefusal */
export function readTimestampRequest(der: Uint8Array): TimestampQuestion {
  const request = decode(der);
  if (request.version !== 1) throw new TimestampRefusal('badRequest');
  const { messageImprint, reqPolicy, nonce, certReq, extensions } = request;
  const { algorithm, parameters } = messageImprint.hashAlgorithm;
  const length = digestLengths.get(hashNames.get(algorithm) ?? '');
  // Parameters of a digest are absent or NULL (RFC 5754 clause 2).
  if (length === undefined || (parameters !== undefined && parameters !== null)) {
    throw new TimestampRefusal('badAlg');
  }
  if (messageImprint.hashedMessage.byteLength !== length) throw new TimestampRefusal('badDataFormat');
  if (nonce !== undefined && nonce.byteLength > mostNonceBytes) throw new TimestampRefusal('badRequest');
  if (extensions !== undefined) throw new TimestampRefusal('unacceptedExtension');
  if (reqPolicy !== undefined && reqPolicy !== sandboxPolicies.timestamp) {
    throw new TimestampRefusal('unacceptedPolicy');
  }
  return { imprint: messageImprint, nonce, certificateWanted: certReq };
}

function decode(der: Uint8Array): TimeStampReq {
  if (der.length > mostTimestampRequestBytes || !isWholeSequence(der)) {
    throw new TimestampRefusal('badDataFormat');
  }
  try {
    return AsnConvert.parse(der, TimeStampReq);
  } catch {
    throw new TimestampRefusal('badDataFormat');
  }
}
