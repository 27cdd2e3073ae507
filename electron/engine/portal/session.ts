import { inspect } from 'node:util';
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import type { HttpsClient, PortalAnswer } from './https-client.ts';
import { adapterOf } from './known-adapters.ts';
import type { PortalAdapter } from './portal-adapter.ts';
import { hostOf } from './settings.ts';
import type { SessionGrant } from './wire.ts';

/**
 * A signed-in session with the e-services site. The cookies that carry it stay inside; what can be seen from outside
 * is safe to show. It ends by `logout`, by the portal's word, by its time, or by `end` (card removed); from then on every use
 * is `session-ended`.
 */
export class PortalSession {
  /** The signed-in person: name as the site has it, IDNP masked. */
  readonly holder: { readonly name: string; readonly idnp: string };
  readonly expiresAt: Date;
  /** The portal's label of the settings. */
  readonly label: string;
  /** Host and port of the e-services site. */
  readonly host: string;
  readonly simulated: boolean;
  readonly adapter: PortalAdapter;
  readonly #servicesUrl: string;
  #registered: boolean;
  #http: HttpsClient | null;

  constructor(settings: PortalSettings, http: HttpsClient, grant: SessionGrant) {
    this.adapter = adapterOf(settings);
    this.#servicesUrl = settings.servicesUrl;
    this.#http = http;
    this.#registered = grant.registered;
    this.holder = { ...grant.holder };
    this.expiresAt = new Date(grant.expiresAt);
    this.label = settings.label;
    this.host = hostOf(settings.servicesUrl);
    this.simulated = settings.simulated;
  }

  get ended(): boolean {
    return this.#http === null;
  }

  /** False while the site wants personal and contact data before it shows anything. */
  get registered(): boolean {
    return this.#registered;
  }

  /** The site has taken the registration. */
  markRegistered(): void {
    this.#registered = true;
  }

  /**
   * One request to the site within the session.
   * @param path below the site's address
   * @throws Failure `session-ended`, `registration-needed`, and those of the request; after any other failure than
   *   `session-ended` the session is as usable as before
   */
  async request(
    method: 'GET' | 'POST',
    path: string,
    options: { readonly body?: unknown; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<PortalAnswer> {
    if (Date.now() >= this.expiresAt.getTime()) this.end();
    const http = this.#http;
    if (http === null) throw new Failure('session-ended', { parameters: { host: this.host } });
    try {
      return await http.request({ method, url: `${this.#servicesUrl}${path}`, ...options });
    } catch (thrown) {
      if (isUnauthorised(thrown)) this.end();
      // Also when `end` destroyed the connection under this request: say what happened, not how it looked.
      if (this.ended && !isFailure(thrown, 'cancelled')) {
        throw new Failure('session-ended', { parameters: { host: this.host }, cause: thrown });
      }
      if (isFailure(thrown, 'portal-refused') && thrown.parameters.reason === 'registration-needed') {
        throw new Failure('registration-needed', { parameters: { host: this.host } });
      }
      throw thrown;
    }
  }

  /** Ends the session on this side: forgets the cookies, closes all connections. Idempotent. */
  end(): void {
    const http = this.#http;
    this.#http = null;
    http?.cookies.removeAllCookiesSync();
    // Closing cannot fail in a way that anyone could act upon.
    http?.close().catch(() => {});
  }

  /**
   * Takes the session away from its holder and signs out at the site and at the provider.
   * @throws Failure of a request; the session is over on this side whatever comes
   */
  async signOut(signal?: AbortSignal): Promise<void> {
    const http = this.#http;
    if (http === null) return;
    this.#http = null;
    try {
      await this.adapter.signOut(http, signal);
    } catch (thrown) {
      // The site had ended it already: that is what was wanted.
      if (!isUnauthorised(thrown)) throw thrown;
    } finally {
      http.cookies.removeAllCookiesSync();
      await http.close();
    }
  }

  toJSON(): unknown {
    const { holder, expiresAt, label, host, simulated, registered, ended } = this;
    return { holder, expiresAt: expiresAt.toISOString(), label, host, simulated, registered, ended };
  }

  [inspect.custom](): unknown {
    return this.toJSON();
  }
}

/** The site does not know the session (any more). */
function isUnauthorised(thrown: unknown): boolean {
  return isFailure(thrown, 'portal-refused') && thrown.parameters.status === 401;
}
