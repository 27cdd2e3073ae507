import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type CertificateRefusal, judgeCertificate, type TrustedAuthorities } from './certificate-path.ts';
import { signatureAlgorithms, signatureHolds } from './challenge-signature.ts';
import { type Identity, type IssuedChallenge, ProviderStore } from './provider-store.ts';
import { parseBody, RequestRefused } from './refusal.ts';
import { fingerprint, newHandle } from './secrets.ts';

/** How long a challenge can be answered, in seconds. */
export const challengeSeconds = 120;
/** How long a site's request waits to be taken up, and a response to be redeemed, in seconds. */
const handoverSeconds = 120;

/** Reasons that whoever signs may report (MPass, provider contract). */
const reportedReasons = [
  'UserCancelled',
  'WrongPin',
  'NoActiveDevice',
  'DeviceBlocked',
  'CertificateExpired',
  'CertificateRevoked',
  'NotRegistered',
] as const;

/** Reasons the provider adds when it does not believe what it got. */
type RefusalReason =
  | (typeof reportedReasons)[number]
  | CertificateRefusal
  | 'ChallengeExpired'
  | 'SignatureInvalid'
  | 'UserMismatch';

const base64 = (maxBytes: number) => z.base64().max(Math.ceil(maxBytes / 3) * 4);

const authenticateBody = z.strictObject({ request: z.string().max(128) });

const answerBody = z.discriminatedUnion('status', [
  z.strictObject({
    requestId: z.string().max(128).optional(),
    status: z.literal('Success'),
    signerCertificate: base64(16_384),
    signatureAlgorithm: z.enum(signatureAlgorithms),
    challengeSignature: base64(1024),
  }),
  z.strictObject({
    requestId: z.string().max(128).optional(),
    status: z.literal('Failure'),
    failureReason: z.enum(reportedReasons),
  }),
]);

type Answer = z.output<typeof answerBody>;
type Judgement = { readonly idnp: string } | { readonly refusal: RefusalReason };

export interface ProviderOptions {
  readonly trusted: TrustedAuthorities;
  /** Whether the provider knows the person with this IDNP. */
  readonly isRegistered: (idnp: string) => boolean;
  readonly clock: () => Date;
}

/**
 * The identity provider: challenges whoever comes with a site's request, and tells the site who it was. The contract
 * is MPass's with its authentication providers; `PROTOCOL.md` has the messages.
 */
export class IdentityProvider {
  readonly #store = new ProviderStore();
  readonly #options: ProviderOptions;

  constructor(options: ProviderOptions) {
    this.#options = options;
  }

  /**
   * A site asks for a sign-in.
   * @param reference the site's own name for it, which comes back with the identity
   * @returns the request that the user brings here
   */
  request(site: { readonly name: string; readonly reference: string; readonly userId?: string }): string {
    const now = this.#now();
    const request = newHandle();
    const { name: siteName, reference, userId = null } = site;
    this.#store.forget(now);
    this.#store.addSignIn(
      fingerprint(request),
      { reference, siteName, userId },
      now + handoverSeconds * 1000,
    );
    return request;
  }

  /** A site redeems the response its user brought, once. */
  redeem(response: string): Identity | null {
    return this.#store.takeResponse(fingerprint(response), this.#now());
  }

  install(app: FastifyInstance): void {
    app.post('/authenticate', { config: { faultPoint: 'challenge' } }, async (request) =>
      this.#challenge(parseBody(authenticateBody, request.body).request),
    );
    app.post<{ Params: { requestId: string } }>(
      '/authenticate/:requestId',
      { config: { faultPoint: 'answer' } },
      async (request) => {
        const { requestId } = request.params;
        const answer = parseBody(answerBody, request.body);
        if (answer.requestId !== undefined && answer.requestId !== requestId)
          throw new RequestRefused(400, 'bad-request');
        return this.#answer(requestId, answer);
      },
    );
  }

  close(): void {
    this.#store.close();
  }

  #now(): number {
    return this.#options.clock().getTime();
  }

  #challenge(request: string): unknown {
    const now = this.#now();
    const signIn = this.#store.takeSignIn(fingerprint(request), now);
    if (signIn === null) throw new RequestRefused(403, 'request-unknown');
    const requestId = newHandle();
    const challenge = randomBytes(32);
    this.#store.addChallenge(requestId, signIn, challenge, now + challengeSeconds * 1000);
    return {
      requestId,
      challenge: challenge.toString('base64'),
      description: `SIMULARE: autentificare în ${signIn.siteName}`,
      ...(signIn.userId === null ? {} : { userId: signIn.userId }),
      expiresIn: challengeSeconds,
    };
  }

  #answer(requestId: string, answer: Answer): unknown {
    const issued = this.#store.takeChallenge(requestId);
    if (issued === null) throw new RequestRefused(403, 'challenge-unknown');
    const judgement = this.#judge(issued, answer);
    if ('refusal' in judgement) return { requestId, status: 'Failure', failureReason: judgement.refusal };
    const response = newHandle();
    const { reference } = issued.signIn;
    const expiresAt = this.#now() + handoverSeconds * 1000;
    this.#store.addResponse(fingerprint(response), { reference, idnp: judgement.idnp }, expiresAt);
    return { requestId, status: 'Success', response };
  }

  #judge(issued: IssuedChallenge, answer: Answer): Judgement {
    const { challenge, expiresAt, signIn } = issued;
    if (this.#now() >= expiresAt) return { refusal: 'ChallengeExpired' };
    if (answer.status === 'Failure') return { refusal: answer.failureReason };
    const der = Buffer.from(answer.signerCertificate, 'base64');
    const verdict = judgeCertificate(der, this.#options.trusted, this.#options.clock());
    if (!verdict.accepted) return { refusal: verdict.refusal };
    const signature = Buffer.from(answer.challengeSignature, 'base64');
    const { certificate, idnp } = verdict;
    if (!signatureHolds(certificate.publicKey, answer.signatureAlgorithm, challenge, signature)) {
      return { refusal: 'SignatureInvalid' };
    }
    if (signIn.userId !== null && signIn.userId !== idnp) return { refusal: 'UserMismatch' };
    return this.#options.isRegistered(idnp) ? { idnp } : { refusal: 'NotRegistered' };
  }
}
