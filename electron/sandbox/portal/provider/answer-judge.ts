import { type CertificateRefusal, judgeCertificate, type TrustedAuthorities } from './certificate-path.ts';
import type { SignatureAlgorithmName } from './challenge-signature.ts';
import { signatureHolds } from './challenge-signature.ts';
import type { IssuedChallenge } from './store.ts';

/** Reasons that whoever signs may report (MPass, provider contract). */
export const reportedReasons = [
  'UserCancelled',
  'WrongPin',
  'NoActiveDevice',
  'DeviceBlocked',
  'CertificateExpired',
  'CertificateRevoked',
  'NotRegistered',
] as const;

/** Reasons the provider adds when it does not believe what it got. */
export type RefusalReason =
  | (typeof reportedReasons)[number]
  | CertificateRefusal
  | 'CertificateSuspended'
  | 'CertificateStatusUnknown'
  | 'ChallengeExpired'
  | 'SignatureInvalid'
  | 'UserMismatch';

/** What the certificate's authority says of it now. */
export type RevocationStatus = 'good' | 'suspended' | 'revoked' | 'unknown' | 'unavailable';

/** An answer to a challenge, as it came. */
export type ChallengeAnswer =
  | {
      readonly status: 'Success';
      /** Base64 of DER. */
      readonly signerCertificate: string;
      readonly signatureAlgorithm: SignatureAlgorithmName;
      /** Base64. */
      readonly challengeSignature: string;
    }
  | { readonly status: 'Failure'; readonly failureReason: (typeof reportedReasons)[number] };

export interface JudgeOptions {
  readonly trusted: TrustedAuthorities;
  /** Whether the provider knows the person with this IDNP. */
  readonly isRegistered: (idnp: string) => boolean;
  /** Asks the certificate's authority about a certificate (DER) that leads to the trusted ones. */
  readonly revocation: (certificate: Uint8Array) => Promise<RevocationStatus>;
}

const revocationRefusals: Readonly<Record<Exclude<RevocationStatus, 'good'>, RefusalReason>> = {
  suspended: 'CertificateSuspended',
  revoked: 'CertificateRevoked',
  unknown: 'CertificateStatusUnknown',
  unavailable: 'CertificateStatusUnknown',
};

/**
 * Who answered a challenge: certificate (path, validity, use of the key), signature over exactly the challenge,
 * revocation, and the IDNP that was expected. The authority is asked only about a signature that holds.
 */
export async function judgeAnswer(
  issued: IssuedChallenge,
  answer: ChallengeAnswer,
  now: Date,
  options: JudgeOptions,
): Promise<{ readonly idnp: string } | { readonly refusal: RefusalReason }> {
  if (now.getTime() >= issued.expiresAt) return { refusal: 'ChallengeExpired' };
  if (answer.status === 'Failure') return { refusal: answer.failureReason };
  const der = Buffer.from(answer.signerCertificate, 'base64');
  const verdict = judgeCertificate(der, options.trusted, now);
  if (!verdict.accepted) return { refusal: verdict.refusal };
  const { certificate, idnp } = verdict;
  const challenge = Buffer.from(issued.challenge, 'base64');
  const signature = Buffer.from(answer.challengeSignature, 'base64');
  if (!signatureHolds(certificate.publicKey, answer.signatureAlgorithm, challenge, signature)) {
    return { refusal: 'SignatureInvalid' };
  }
  const status = await options.revocation(der);
  if (status !== 'good') return { refusal: revocationRefusals[status] };
  if (issued.userId !== undefined && issued.userId !== idnp) return { refusal: 'UserMismatch' };
  return options.isRegistered(idnp) ? { idnp } : { refusal: 'NotRegistered' };
}
