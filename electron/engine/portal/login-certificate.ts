/** Which of the card's certificates signs in, and what that act is. */
import type { X509Certificate } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import { idnpOfSerialNumber } from '../../contract/idnp.ts';
import type {
  IdentityToken,
  PinName,
  SignatureAlgorithm,
  TokenCertificate,
} from '../token/identity-token.ts';

/** What signing in needs of a token. */
export type LoginToken = Pick<IdentityToken, 'certificates' | 'algorithms' | 'sign'>;

/** The choice, with everything a person is told before typing a PIN. */
export interface LoginCertificate {
  readonly certificate: TokenCertificate;
  readonly pin: PinName | undefined;
  /**
   * What the act is in law. `signature`: the card has only the qualified key, so that signing in is a signature
   * with PIN2, and must be called one.
   */
  readonly legal: 'authentication' | 'signature';
  /** The key's best algorithm. */
  readonly algorithm: SignatureAlgorithm;
  /** IDNP of the subject: 13 digits. */
  readonly idnp: string;
}

export interface LoginCertificateOptions {
  /** Takes this certificate instead of choosing. */
  readonly certificateId?: string;
  /** IDNP that the provider expects; another person's card is turned away before a PIN is asked for. */
  readonly userId?: string | undefined;
  readonly now?: Date;
}

/**
 * The certificate for signing in: the authentication certificate where there is one, else the signature certificate.
 * An expired authentication certificate is not replaced by the signature certificate: that would silently turn a
 * sign-in into a signature. Asks nothing of the card.
 * @throws Failure `login-no-certificate`, `card-no-such-key`, `certificate-expired`, `certificate-not-yet-valid`,
 *   `algorithm-unsupported`, `login-refused` with reason `HolderNotIdentified` or `UserMismatch`
 */
export function chooseLoginCertificate(
  token: LoginToken,
  options: LoginCertificateOptions = {},
): LoginCertificate {
  const now = options.now ?? new Date();
  const certificate = pick(token, options.certificateId, now);
  checkValidity(certificate.x509, now);
  const algorithm = token.algorithms(certificate.id)[0];
  if (algorithm === undefined) throw new Failure('algorithm-unsupported');
  const idnp = idnpOf(certificate.x509);
  if (idnp === null) throw new Failure('login-refused', { parameters: { reason: 'HolderNotIdentified' } });
  if (options.userId !== undefined && options.userId !== idnp) {
    throw new Failure('login-refused', { parameters: { reason: 'UserMismatch' } });
  }
  const legal = certificate.role === 'authentication' ? 'authentication' : 'signature';
  return { certificate, pin: certificate.pin, legal, algorithm, idnp };
}

function pick(token: LoginToken, certificateId: string | undefined, now: Date): TokenCertificate {
  const usable = token.certificates.filter(({ role, hasKey }) => hasKey && role !== 'other');
  if (certificateId !== undefined) {
    const named = usable.find(({ id }) => id === certificateId);
    if (named === undefined) throw new Failure('card-no-such-key');
    return named;
  }
  const authentication = usable.filter(({ role }) => role === 'authentication');
  const candidates = authentication.length > 0 ? authentication : usable;
  // Among several (an old one beside its successor) one that is valid today goes first.
  const chosen = candidates.find(({ x509 }) => isWithin(x509, now)) ?? candidates[0];
  if (chosen === undefined) throw new Failure('login-no-certificate');
  return chosen;
}

function isWithin(x509: X509Certificate, now: Date): boolean {
  return x509.validFromDate <= now && now <= x509.validToDate;
}

function checkValidity(x509: X509Certificate, now: Date): void {
  if (now > x509.validToDate) {
    throw new Failure('certificate-expired', { parameters: { date: isoDate(x509.validToDate) } });
  }
  if (now < x509.validFromDate) {
    throw new Failure('certificate-not-yet-valid', { parameters: { date: isoDate(x509.validFromDate) } });
  }
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** IDNP in the subject's serialNumber; null when it has none, several, or another kind of number. */
function idnpOf(x509: X509Certificate): string | null {
  const subject = x509.toLegacyObject().subject as unknown as Record<string, string | string[] | undefined>;
  const { serialNumber } = subject;
  return typeof serialNumber === 'string' ? (idnpOfSerialNumber(serialNumber)?.digits ?? null) : null;
}
