/**
 * The way from the e-services site to its identity provider and back, apart from what happens at the provider:
 * a portal of another shape (SAML forms, for one) is another implementation of this.
 */
import { Failure } from '../../contract/failures/failure.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import type { HttpsClient } from './https-client.ts';
import { hostOf } from './settings.ts';
import { loginStartSchema, parseAnswer, type SessionGrant, sessionGrantSchema } from './wire.ts';

/** What the way there left behind, for the challenge and for the way back. */
export interface HopState {
  /** What the provider is asked for a challenge with. */
  readonly request: string;
  /** The site's name for this sign-in. */
  readonly login: string;
}

export interface LoginHops {
  /**
   * From the site to the provider.
   * @throws Failure `provider-not-trusted` when the site sends us to another provider than the settings'
   */
  toProvider(http: HttpsClient, signal?: AbortSignal): Promise<HopState>;
  /** From the provider, with its response, back to the site. */
  toSite(http: HttpsClient, state: HopState, response: string, signal?: AbortSignal): Promise<SessionGrant>;
}

/** The hops as plain JSON messages: one request each way. */
export function directHops(settings: PortalSettings): LoginHops {
  const { servicesUrl, providerUrl } = settings;
  const host = hostOf(servicesUrl);
  return {
    async toProvider(http, signal) {
      const { json } = await http.request({ method: 'POST', url: `${servicesUrl}/login`, body: {}, signal });
      const { login, provider, request } = parseAnswer(loginStartSchema, json, host);
      if (provider.replace(/\/+$/, '') !== providerUrl) {
        throw new Failure('provider-not-trusted', {
          parameters: { host: hostOf(provider), expected: hostOf(providerUrl) },
        });
      }
      return { login, request };
    },
    async toSite(http, { login }, response, signal) {
      const url = `${servicesUrl}/login/complete`;
      const { json } = await http.request({ method: 'POST', url, body: { login, response }, signal });
      return parseAnswer(sessionGrantSchema, json, host);
    },
  };
}
