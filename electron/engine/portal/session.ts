import { inspect } from 'node:util';
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import type { HttpsClient, PortalAnswer } from './https-client.ts';
import { hostOf } from './settings.ts';
import type { SessionGrant } from './wire.ts';

/**
 * A signed-in session with the e-services site. The token stays inside; what can be seen from outside is safe to
 * show. It ends by `logout`, by the portal's word, by its time, or by `end` (card removed); from then on every use
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
  readonly #settings: PortalSettings;
  #token: string | null;
  #http: HttpsClient | null;

  constructor(settings: PortalSettings, http: HttpsClient, grant: SessionGrant) {
    this.#settings = settings;
    this.#http = http;
    this.#token = grant.token;
    this.holder = { ...grant.holder };
    this.expiresAt = new Date(grant.expiresAt);
    this.label = settings.label;
    this.host = hostOf(settings.servicesUrl);
    this.simulated = settings.simulated;
  }

  get ended(): boolean {
    return this.#token === null;
  }

  /**
   * One request to the site within the session.
   * @param path below the site's address
   * @throws Failure `session-ended`, and those of the request; after any other failure the session is as usable as before
   */
  async request(method: 'GET' | 'POST', path: string, signal?: AbortSignal): Promise<PortalAnswer> {
    if (Date.now() >= this.expiresAt.getTime()) this.end();
    const token = this.#token;
    const http = this.#http;
    if (token === null || http === null)
      throw new Failure('session-ended', { parameters: { host: this.host } });
    try {
      return await http.request({
        method,
        url: `${this.#settings.servicesUrl}${path}`,
        bearer: token,
        signal,
      });
    } catch (thrown) {
      if (isUnauthorised(thrown)) this.end();
      // Also when `end` destroyed the connection under this request: say what happened, not how it looked.
      if (this.ended && !isFailure(thrown, 'cancelled')) {
        throw new Failure('session-ended', { parameters: { host: this.host }, cause: thrown });
      }
      throw thrown;
    }
  }

  /** Ends the session on this side: forgets the token, closes all connections. Idempotent. */
  end(): void {
    const http = this.#http;
    this.#token = null;
    this.#http = null;
    // Closing cannot fail in a way that anyone could act upon.
    http?.close().catch(() => {});
  }

  /**
   * Takes the session away from its holder and signs out at the site.
   * @throws Failure of the request; the session is over on this side whatever comes
   */
  async signOut(signal?: AbortSignal): Promise<void> {
    const token = this.#token;
    const http = this.#http;
    if (token === null || http === null) return;
    this.#token = null;
    try {
      await http.request({
        method: 'POST',
        url: `${this.#settings.servicesUrl}/logout`,
        bearer: token,
        signal,
      });
    } catch (thrown) {
      // The site had ended it already: that is what was wanted.
      if (!isUnauthorised(thrown)) throw thrown;
    } finally {
      this.end();
    }
  }

  toJSON(): unknown {
    const { holder, expiresAt, label, host, simulated, ended } = this;
    return { holder, expiresAt: expiresAt.toISOString(), label, host, simulated, ended };
  }

  [inspect.custom](): unknown {
    return this.toJSON();
  }
}

/** The site does not take the token (any more). */
function isUnauthorised(thrown: unknown): boolean {
  return isFailure(thrown, 'portal-refused') && thrown.parameters.status === 401;
}
