/**
 * The provider's challenge contract (MPass's `Authenticate`), from the side of who signs: fetch a challenge, answer it
 * once. Knows nothing of how one comes to the provider or what follows.
 */
import { Failure } from '../../contract/failures/failure.ts';
import type { SignatureAlgorithm } from '../token/identity-token.ts';
import type { HttpsClient } from './https-client.ts';
import { hostOf } from './settings.ts';
import { type ChallengeOffer, challengeOfferSchema, challengeResultSchema, parseAnswer } from './wire.ts';

/** Why the person or the card did not sign, in the contract's vocabulary. */
export type FailureReason =
  | 'UserCancelled'
  | 'WrongPin'
  | 'NoActiveDevice'
  | 'DeviceBlocked'
  | 'CertificateExpired'
  | 'CertificateRevoked'
  | 'NotRegistered';

export type ChallengeReply =
  | {
      readonly status: 'Success';
      /** DER. */
      readonly signerCertificate: Uint8Array;
      readonly algorithm: SignatureAlgorithm;
      /** Over exactly the challenge; ECDSA as r‖s. */
      readonly signature: Uint8Array;
    }
  | { readonly status: 'Failure'; readonly failureReason: FailureReason };

/** Names of the signature algorithms as RFC 9231 has them after the `#` of their identifiers. */
export function algorithmName(algorithm: SignatureAlgorithm): string {
  const hash = algorithm.hash.replace('-', '').toLowerCase();
  switch (algorithm.kind) {
    case 'rsa-pkcs1':
      return `rsa-${hash}`;
    case 'rsa-pss':
      return `${hash}-rsa-MGF1`;
    case 'ecdsa':
      return `ecdsa-${hash}`;
  }
}

/** A challenge from the provider's answer; the caller guards it. */
export function readOffer(json: unknown, providerUrl: string): ChallengeOffer {
  return parseAnswer(challengeOfferSchema, json, hostOf(providerUrl));
}

/** What the provider made of an answer. */
export interface ChallengeOutcome {
  /** Why it does not believe us, or null when it does. */
  readonly refusal: Failure | null;
  /** What the way back to the site goes on with; it also takes a refusal there. */
  readonly continuation: string | undefined;
}

/**
 * Answers a challenge. Sent once: an answer that was lost is not sent again.
 * @throws Failure those of the request, `portal-answer-invalid`
 */
export async function answerChallenge(
  http: HttpsClient,
  providerUrl: string,
  requestId: string,
  reply: ChallengeReply,
  signal?: AbortSignal,
): Promise<ChallengeOutcome> {
  const host = hostOf(providerUrl);
  const url = `${providerUrl}/authenticate/${requestId}`;
  const { json } = await http.request({ method: 'POST', url, body: replyBody(requestId, reply), signal });
  const result = parseAnswer(challengeResultSchema, json, host);
  if (result.requestId !== requestId) {
    throw new Failure('portal-answer-invalid', { parameters: { host, field: 'requestId' } });
  }
  const { continuation } = result;
  return result.status === 'Success'
    ? { refusal: null, continuation }
    : { refusal: refusal(result.failureReason, host), continuation };
}

function replyBody(requestId: string, reply: ChallengeReply): unknown {
  if (reply.status === 'Failure') return { requestId, ...reply };
  return {
    requestId,
    status: reply.status,
    signerCertificate: Buffer.from(reply.signerCertificate).toString('base64'),
    signatureAlgorithm: algorithmName(reply.algorithm),
    challengeSignature: Buffer.from(reply.signature).toString('base64'),
  };
}

/** @returns Failure `login-refused` (with `reason`), `certificate-expired`, `certificate-revoked`, `certificate-suspended`, `login-expired`, `cancelled` */
function refusal(reason: string, host: string): Failure {
  switch (reason) {
    case 'CertificateExpired':
      return new Failure('certificate-expired', { parameters: { host } });
    case 'CertificateRevoked':
      return new Failure('certificate-revoked', { parameters: { host } });
    case 'CertificateSuspended':
      return new Failure('certificate-suspended', { parameters: { host } });
    case 'ChallengeExpired':
      return new Failure('login-expired', { parameters: { host } });
    case 'UserCancelled':
      return new Failure('cancelled', { parameters: { host } });
    default:
      return new Failure('login-refused', { parameters: { host, reason } });
  }
}

/** A failure on our side as the contract's reason. */
export function failureReasonOf(failure: Failure): FailureReason {
  switch (failure.code) {
    case 'pin-wrong':
      return 'WrongPin';
    case 'pin-blocked':
      return 'DeviceBlocked';
    case 'certificate-expired':
      return 'CertificateExpired';
    case 'cancelled':
    case 'pin-cancelled':
      return 'UserCancelled';
    default:
      return 'NoActiveDevice';
  }
}
