/** The agent's way to the portal: signing in with the held card, the session that follows, and its end. */
import { Failure } from '../../contract/failures/failure.ts';
import type { SessionJson } from '../../contract/model/status.ts';
import type { Registration } from '../../contract/portal/registration.ts';
import type { DataService, ServiceAnswer } from '../../contract/portal/services.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { readService } from '../portal/data-services.ts';
import { abandonLogin, beginLogin, cardMethodOf, completeLogin } from '../portal/login.ts';
import { chooseLoginCertificate } from '../portal/login-certificate.ts';
import { register } from '../portal/registration.ts';
import type { PortalSession } from '../portal/session.ts';
import type { CardHolder, HeldCard } from './held-card.ts';
import type { OperationContext } from './operations.ts';
import { askForPin, type PinServices, refuseTransportPin, withFreshPins } from './pin-operations.ts';
import type { SessionMachine, WipeReason } from './session.ts';

/**
 * Where the portal is; asked at each login, so that a sandbox is started only when needed.
 * @throws Failure `portal-not-configured`
 */
export type PortalSource = () => Promise<PortalSettings>;

/** A session nobody uses ends after this time. */
const idleMs = 10 * 60_000;
/** How long the site may take to hear of a session's end that nobody waits for. */
const farewellMs = 2_000;

export interface PortalAccessOptions extends PinServices {
  readonly source: PortalSource;
  readonly session: SessionMachine;
  /** Personal data kept elsewhere must go now. */
  forget(): void;
}

export class PortalAccess {
  readonly #options: PortalAccessOptions;
  readonly #idleMs: number;
  #session: PortalSession | null = null;
  #expiry: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #farewells = new Set<Promise<void>>();

  constructor(options: PortalAccessOptions, idleAfterMs = idleMs) {
    this.#options = options;
    this.#idleMs = idleAfterMs;
  }

  /**
   * Signs in with the card: what can fail without the person fails before they are asked for a PIN. A session that
   * was there ends first.
   */
  async login(context: OperationContext, reader: string | undefined): Promise<void> {
    const { holder, source } = this.#options;
    const { held, pins } = await holder.freshCard(reader);
    // Expired, missing, no IDNP: said before the portal hears of us.
    const card = cardMethodOf(chooseLoginCertificate(held.token));
    const settings = await source();
    if (this.#session) await this.logout();
    const pending = await beginLogin(settings, card, context.signal);
    try {
      const choice = chooseLoginCertificate(held.token, { userId: pending.userId });
      if (choice.pin === undefined) throw new Failure('card-no-such-key', { parameters: { pin: 'PIN1' } });
      const pin = pins.find((candidate) => candidate.name === choice.pin);
      if (pin) refuseTransportPin(pin);
      const answer = await askForPin(this.#options, context, held, pins, {
        pin: choice.pin,
        entry: 'current',
        purpose: 'sign-in',
        requester: pending.providerHost,
        legalAct: choice.legal === 'signature',
      });
      try {
        const session = await withFreshPins(this.#options, held, () =>
          completeLogin(pending, tokenOf(holder, held), choice.certificate.id, answer.code, {
            acknowledgeLastTry: answer.acknowledgeLastTry,
            signal: context.signal,
          }),
        );
        this.#begin(held, session);
      } finally {
        answer.code.destroy();
      }
    } catch (thrown) {
      void this.#inBackground(abandonLogin(pending, thrown, AbortSignal.timeout(farewellMs)));
      throw thrown;
    }
  }

  /**
   * Signs out. The session is over here whatever the site says.
   * @throws Failure `session-none`, and of the request when the site could not be told
   */
  async logout(): Promise<void> {
    const session = this.#session;
    if (!session) throw new Failure('session-none');
    this.#session = null;
    this.#wiped('sign-out');
    await session.signOut(AbortSignal.timeout(farewellMs * 2));
  }

  /**
   * @throws Failure `session-none`, `session-ended`, `registration-needed`, and those of the request
   */
  read(service: DataService, signal: AbortSignal): Promise<ServiceAnswer> {
    return this.#within(async (session) => (await readService(session, service, signal)).answer);
  }

  /**
   * Registers the signed-in person at the site, as it wants it at first use. The data are not kept here.
   * @throws Failure `session-none`, `session-ended`, and those of the request
   */
  async register(registration: Registration, signal: AbortSignal): Promise<void> {
    await this.#within((session) => register(session, registration, signal));
    if (this.#session) this.#options.session.to(this.#signedIn(this.#session));
  }

  /** Work with the open session; what it brings is given out only while the session is still open. */
  async #within<T>(work: (session: PortalSession) => Promise<T>): Promise<T> {
    const session = this.#session;
    if (!session) throw new Failure('session-none');
    this.#restartIdle();
    try {
      const result = await work(session);
      // The card may have gone while the answer was under way: then it is nobody's any more.
      if (this.#session !== session)
        throw new Failure('session-ended', { parameters: { host: session.host } });
      return result;
    } finally {
      if (this.#session === session && session.ended) this.wipe('ended-by-portal');
    }
  }

  /** Ends the session at once on this side, and tells the site without waiting for it. */
  wipe(because: WipeReason): void {
    const session = this.#session;
    if (!session) return;
    this.#session = null;
    void this.#inBackground(session.signOut(AbortSignal.timeout(farewellMs)));
    this.#wiped(because);
  }

  /** Ends the session and waits until the site has heard of it, at most two seconds. */
  async close(): Promise<void> {
    this.wipe('sign-out');
    await Promise.all(this.#farewells);
  }

  #begin(held: HeldCard, session: PortalSession): void {
    if (this.#options.holder.held?.token !== held.token) {
      void this.#inBackground(session.signOut(AbortSignal.timeout(farewellMs)));
      throw new Failure('card-removed', { parameters: { reader: held.reader } });
    }
    this.#session = session;
    const lifetime = Math.max(0, session.expiresAt.getTime() - Date.now());
    this.#expiry = setTimeout(() => this.wipe('expired'), lifetime);
    this.#expiry.unref();
    this.#restartIdle();
    this.#options.session.to(this.#signedIn(session));
  }

  #signedIn(session: PortalSession): SessionJson {
    return {
      state: 'signed-in',
      portal: { label: session.label, host: session.host, simulated: session.simulated },
      registered: session.registered,
      expiresAt: session.expiresAt.toISOString(),
    };
  }

  #restartIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.wipe('idle'), this.#idleMs);
    this.#idle.unref();
  }

  #wiped(because: WipeReason): void {
    clearTimeout(this.#expiry);
    clearTimeout(this.#idle);
    this.#options.forget();
    const { session, holder } = this.#options;
    session.to({ state: 'wiped', wipedBecause: because });
    // The card is still there: it can sign in again. Without one, `wiped` stays until the next card.
    if (holder.held) session.to({ state: 'ready' });
  }

  #inBackground(work: Promise<void>): Promise<void> {
    const done = work.catch(() => undefined).finally(() => this.#farewells.delete(done));
    this.#farewells.add(done);
    return done;
  }
}

/** The token as the login sees it: each signature waits for its turn at the card, the network does not. */
function tokenOf(holder: CardHolder, held: HeldCard): Parameters<typeof completeLogin>[1] {
  const { token } = held;
  return {
    certificates: token.certificates,
    algorithms: (certificateId) => token.algorithms(certificateId),
    sign: (...signing) => holder.use(held, (now) => now.sign(...signing)),
  };
}
