/**
 * How one gets into a portal of a certain shape, and around in it. Everything above this interface (challenge guard,
 * PIN, session, data schemas) is the same for every portal; a portal of another shape is another implementation.
 */
import type { DataService } from '../../contract/portal/services.ts';
import type { ChallengeOutcome, ChallengeReply } from './challenge-step.ts';
import type { HttpsClient } from './https-client.ts';
import type { ChallengeOffer, SessionGrant } from './wire.ts';

/** What kind of card signs in: one with an authentication key, or one whose only key is for signatures. */
export type CardMethod = 'electronic-identity-card' | 'identity-card';

export interface PortalAdapter {
  /**
   * From the site to its identity provider, up to the challenge for this kind of card.
   * @throws Failure `provider-not-trusted` when the site sends us to another provider than the settings'
   */
  begin(http: HttpsClient, card: CardMethod, signal?: AbortSignal): Promise<ChallengeOffer>;
  /** Answers the challenge. Sent once. */
  answer(
    http: HttpsClient,
    requestId: string,
    reply: ChallengeReply,
    signal?: AbortSignal,
  ): Promise<ChallengeOutcome>;
  /**
   * From the provider, with what it says, back to the site.
   * @throws Failure `saml-refused` when the site does not believe the provider, `login-refused`
   */
  finish(http: HttpsClient, continuation: string, signal?: AbortSignal): Promise<SessionGrant>;
  /** Ends the session at the site and at the provider. */
  signOut(http: HttpsClient, signal?: AbortSignal): Promise<void>;
  /** Address of a data service, below the site's. */
  dataPath(service: DataService): string;
  /** Address where a person registers at the site for the first time. */
  readonly registrationPath: string;
  /** Address that says who is signed in. */
  readonly sessionPath: string;
}
