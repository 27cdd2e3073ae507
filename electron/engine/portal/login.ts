/**
 * Signing in: `beginLogin` fetches and guards the challenge, then a person may take their time (no connection and no
 * card transaction is held), and `completeLogin` signs and comes back with a session.
 */
import type { CookieJar } from 'tough-cookie';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import { maskIdnp } from '../../contract/portal/holder.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { GuardedChallenge } from './challenge-guard.ts';
import { failureReasonOf } from './challenge-step.ts';
import { HttpsClient } from './https-client.ts';
import { adapterOf } from './known-adapters.ts';
import { chooseLoginCertificate, type LoginCertificate, type LoginToken } from './login-certificate.ts';
import type { CardMethod, PortalAdapter } from './portal-adapter.ts';
import { PortalSession } from './session.ts';
import { hostOf } from './settings.ts';

/** A sign-in that waits for the person. Everything in it may be shown. */
export interface PendingLogin {
  /** The provider's name for this sign-in. */
  readonly requestId: string;
  /** What the person signs in to, in the provider's words. */
  readonly description: string;
  /** Host and port of the identity provider, for the question for the PIN. */
  readonly providerHost: string;
  /** The portal's label of the settings. */
  readonly label: string;
  readonly simulated: boolean;
  /** IDNP that the provider expects; for `chooseLoginCertificate`. */
  readonly userId: string | undefined;
  /** When the challenge runs out, by this computer's clock, if the provider said. */
  readonly expiresAt: Date | undefined;
}

export interface CompleteOptions {
  /** See `PinOptions`. */
  readonly acknowledgeLastTry?: boolean;
  readonly signal?: AbortSignal;
}

/** What stays out of sight of whoever holds the pending login. */
interface Pending {
  readonly settings: PortalSettings;
  readonly adapter: PortalAdapter;
  /** What the site and the provider gave us to remember on the way. */
  readonly cookies: CookieJar;
  readonly challenge: GuardedChallenge;
  /** An answer has been given to the provider: the challenge is used up. */
  answered: boolean;
  /** A completion is under way. */
  busy: boolean;
}

const pendings = new WeakMap<PendingLogin, Pending>();

/**
 * Starts signing in: through the site to the provider, and takes a challenge there. The card is not needed yet, and
 * a challenge that the guard refuses never comes near it.
 * @throws Failure `challenge-refused`, `provider-not-trusted` and those of a request
 */
export async function beginLogin(
  settings: PortalSettings,
  card: CardMethod,
  signal?: AbortSignal,
): Promise<PendingLogin> {
  const adapter = adapterOf(settings);
  // A jar of its own: a session that the provider still knows must not stand in for the card.
  const http = new HttpsClient(settings);
  try {
    const offer = await adapter.begin(http, card, signal);
    const pending: PendingLogin = Object.freeze({
      requestId: offer.requestId,
      description: offer.description,
      providerHost: hostOf(settings.providerUrl),
      label: settings.label,
      simulated: settings.simulated,
      userId: offer.userId,
      expiresAt: offer.expiresIn === undefined ? undefined : new Date(Date.now() + offer.expiresIn * 1000),
    });
    const challenge = GuardedChallenge.from(offer.challenge);
    const { cookies } = http;
    pendings.set(pending, { settings, adapter, cookies, challenge, answered: false, busy: false });
    return pending;
  } finally {
    await http.close();
  }
}

/**
 * Signs the challenge and finishes signing in. Everything that can be checked without the card is checked first. The
 * PIN is given to the card once. After `pin-wrong` (and every failure before the answer is sent) the same pending
 * login may be completed again with another PIN; once the provider was answered it cannot.
 * @throws Failure those of `chooseLoginCertificate` and of `IdentityToken.sign`, `login-expired`, `login-refused`
 *   (with `reason`), `saml-refused`, `certificate-revoked`, `certificate-suspended`, and those of a request
 */
export async function completeLogin(
  pending: PendingLogin,
  token: LoginToken,
  certificateId: string,
  pin: SecretBytes,
  options: CompleteOptions = {},
): Promise<PortalSession> {
  const secret = take(pending);
  const { settings, adapter, challenge } = secret;
  const { signal } = options;
  const http = new HttpsClient(settings, secret.cookies);
  secret.busy = true;
  try {
    if (pending.expiresAt !== undefined && Date.now() >= pending.expiresAt.getTime()) {
      throw new Failure('login-expired', { parameters: { host: pending.providerHost } });
    }
    const { certificate, algorithm, idnp } = chooseLoginCertificate(token, {
      certificateId,
      userId: pending.userId,
    });
    if (signal?.aborted) throw new Failure('cancelled');
    const digest = challenge.digest(algorithm.hash);
    const signature = await token.sign(certificate.id, algorithm, digest, pin, {
      acknowledgeLastTry: options.acknowledgeLastTry ?? false,
    });
    if (signal?.aborted) throw new Failure('cancelled');
    secret.answered = true;
    const reply = { status: 'Success', signerCertificate: certificate.der, algorithm, signature } as const;
    const { refusal, continuation } = await adapter.answer(http, pending.requestId, reply, signal);
    if (refusal !== null) throw refusal;
    const grant = await adapter.finish(http, continuation ?? '', signal);
    const session = new PortalSession(settings, http, grant);
    if (session.holder.idnp !== maskIdnp(idnp)) {
      // A session of somebody else's would show somebody else's data.
      await session.signOut(signal).catch(() => {});
      throw new Failure('login-refused', { parameters: { host: session.host, reason: 'HolderMismatch' } });
    }
    return session;
  } catch (thrown) {
    await http.close();
    throw thrown;
  } finally {
    secret.busy = false;
  }
}

/**
 * Gives a pending login up and tells the provider why, so that neither it nor the site waits. Never throws: whoever gives
 * up has a failure already.
 */
export async function abandonLogin(
  pending: PendingLogin,
  because: unknown,
  signal?: AbortSignal,
): Promise<void> {
  const secret = pendings.get(pending);
  if (secret === undefined || secret.answered || secret.busy) return;
  secret.answered = true;
  const { settings, adapter } = secret;
  const http = new HttpsClient(settings, secret.cookies);
  const failureReason = failureReasonOf(asFailure(because));
  try {
    const reply = { status: 'Failure', failureReason } as const;
    const { continuation } = await adapter.answer(http, pending.requestId, reply, signal);
    // The site gets a Response too, one that says no.
    if (continuation !== undefined) await adapter.finish(http, continuation, signal);
  } catch {
    // The site answers a failure with a refusal, or somebody is not there: both are fine here.
  } finally {
    await http.close();
  }
}

/**
 * Both halves at once, where the PIN is there from the start (tests, scripts). The certificate is checked before the
 * portal hears of anything.
 */
export async function login(
  settings: PortalSettings,
  token: LoginToken,
  certificateId: string,
  pin: SecretBytes,
  options: CompleteOptions = {},
): Promise<PortalSession> {
  const choice = chooseLoginCertificate(token, { certificateId });
  const pending = await beginLogin(settings, cardMethodOf(choice), options.signal);
  try {
    return await completeLogin(pending, token, certificateId, pin, options);
  } catch (thrown) {
    await abandonLogin(pending, thrown);
    throw thrown;
  }
}

/** How the provider calls the card that this certificate is on. */
export function cardMethodOf({ legal }: Pick<LoginCertificate, 'legal'>): CardMethod {
  return legal === 'signature' ? 'identity-card' : 'electronic-identity-card';
}

function take(pending: PendingLogin): Pending {
  const secret = pendings.get(pending);
  if (secret === undefined) throw new Failure('internal', { detail: 'not a pending login of this process' });
  if (secret.busy) throw new Failure('agent-busy');
  if (secret.answered) throw new Failure('login-expired', { parameters: { host: pending.providerHost } });
  return secret;
}
