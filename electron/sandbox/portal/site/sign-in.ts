import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type RegistrationSuggestion, registrationLanguages } from '../../../contract/portal/registration.ts';
import {
  type Identity,
  newSamlId,
  readLogoutRequest,
  readLogoutResponse,
  readResponse,
  type SamlKey,
  writeAuthnRequest,
  writeLogoutRequest,
  writeLogoutResponse,
  writeServiceMetadata,
} from '../../saml/index.ts';
import { dropCookie, readCookie, setCookie } from '../cookies.ts';
import { sendSamlForm } from '../pages.ts';
import { type ProviderParty, type ServiceParty, sitePaths } from '../parties.ts';
import { parseBody, RequestRefused, readingSaml } from '../refusal.ts';
import { newHandle } from '../secrets.ts';
import type { SiteStore } from './store.ts';

/** How long a sign-in may take, in seconds. */
const loginSeconds = 300;
/** How long the provider may take to answer a LogoutRequest, in seconds. */
const logoutSeconds = 300;

export const sessionCookie = 'buletin_session';
const loginCookie = 'buletin_login';

const relayState = z.string().max(1024).optional();
const responseBody = z.object({ SAMLResponse: z.string(), RelayState: relayState });
const logoutBody = z.union([z.object({ SAMLRequest: z.string(), RelayState: relayState }), responseBody]);

export interface SignInOptions {
  readonly store: SiteStore;
  readonly key: SamlKey;
  /** Origin of this site, asked for when needed: it is known once it listens. */
  readonly url: () => string;
  readonly provider: () => ProviderParty;
  /** What the provider's pages call this site. */
  readonly name: string;
  readonly sessionSeconds: number;
  readonly clock: () => Date;
}

/** The e-services site as a SAML service: signing in through the provider, and signing out on either side's word. */
export class SiteSignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** How the provider knows this site. */
  get party(): ServiceParty {
    const { url, name, key } = this.#options;
    return {
      entityId: `${url()}${sitePaths.metadata}`,
      name,
      assertionConsumerServiceUrls: [`${url()}${sitePaths.assertionConsumer}`],
      singleLogoutUrl: `${url()}${sitePaths.singleLogout}`,
      certificates: [key.certificate],
    };
  }

  install(app: FastifyInstance): void {
    app.get(sitePaths.metadata, async (_request, reply) =>
      reply.type('application/samlmetadata+xml').send(this.metadata),
    );
    app.get('/login', { config: { faultPoint: 'login-start' } }, async (_request, reply) =>
      this.#start(reply),
    );
    app.post(
      sitePaths.assertionConsumer,
      { config: { faultPoint: 'assertion-consumer' } },
      async (request, reply) => this.#consume(request, reply),
    );
    app.post('/logout', { config: { faultPoint: 'logout' } }, async (request, reply) =>
      this.#leave(request, reply),
    );
    app.post(sitePaths.singleLogout, { config: { faultPoint: 'site-logout' } }, async (request, reply) => {
      const message = parseBody(logoutBody, request.body);
      return 'SAMLRequest' in message
        ? this.#asked(reply, message.SAMLRequest, message.RelayState)
        : this.#answered(reply, message.SAMLResponse, message.RelayState);
    });
  }

  /** SAML metadata of this site. */
  get metadata(): string {
    const { entityId, assertionConsumerServiceUrls, singleLogoutUrl } = this.party;
    return writeServiceMetadata({
      entityId,
      assertionConsumerServiceUrl: assertionConsumerServiceUrls[0] ?? '',
      singleLogoutUrl,
      key: this.#options.key,
    });
  }

  #start(reply: FastifyReply): FastifyReply {
    const { store, key, provider, clock } = this.#options;
    const now = clock();
    const id = newSamlId();
    const relay = newHandle();
    const login = { requestId: id, relayState: relay };
    const handle = store.handles.issue('login', login, now.getTime() + loginSeconds * 1000);
    // The provider's page posts the Response here: the cookie has to come along.
    setCookie(reply, loginCookie, handle, 'None');
    const { entityId, assertionConsumerServiceUrls } = this.party;
    const action = provider().singleSignOnUrl;
    const xml = writeAuthnRequest(
      {
        id,
        issueInstant: now,
        destination: action,
        issuer: entityId,
        assertionConsumerServiceUrl: assertionConsumerServiceUrls[0] ?? '',
      },
      key,
    );
    return sendSamlForm(reply, { action, field: 'SAMLRequest', xml, relayState: relay });
  }

  #consume(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { store, provider, clock } = this.#options;
    const { SAMLResponse, RelayState } = parseBody(responseBody, request.body);
    const now = clock();
    const cookie = readCookie(request, loginCookie);
    const login = cookie === null ? null : store.handles.look('login', cookie, now.getTime());
    // A Response that somebody else's sign-in brought here would put this user into that person's session.
    if (login === null || login.relayState !== RelayState) throw new RequestRefused(403, 'login-unknown');
    const { issuer, certificates } = { issuer: provider().entityId, certificates: provider().certificates };
    const answer = readingSaml(() =>
      readResponse(SAMLResponse, {
        now,
        destination: `${this.#options.url()}${sitePaths.assertionConsumer}`,
        issuer,
        certificates,
        audience: this.party.entityId,
        takePending: (id) =>
          id === login.requestId && store.handles.take('login', cookie ?? '', now.getTime()) !== null,
        used: store.used,
      }),
    );
    dropCookie(reply, loginCookie);
    if (answer.status === 'failure') {
      throw new RequestRefused(403, 'login-failed', answer.message ?? answer.subcode ?? answer.code);
    }
    this.#open(reply, answer.identity, now);
    return reply.code(303).header('location', '/').send();
  }

  #open(reply: FastifyReply, identity: Identity, now: Date): void {
    const { store, sessionSeconds } = this.#options;
    const { nameId, attributes, sessionIndex, sessionNotOnOrAfter } = identity;
    if (!/^\d{13}$/.test(nameId)) throw new RequestRefused(403, 'saml-refused', 'shape');
    const one = (name: string): string | undefined => attributes[name]?.[0];
    const name = [one('FirstName'), one('LastName')].filter((part) => part).join(' ');
    const token = newHandle();
    const expiresAt = Math.min(now.getTime() + sessionSeconds * 1000, sessionNotOnOrAfter.getTime());
    const suggestion = suggestionOf(one);
    store.addSession(token, { idnp: nameId, name, sessionIndex, expiresAt, suggestion }, now.getTime());
    setCookie(reply, sessionCookie, token);
  }

  /** The user signs out here: the session ends at once, the provider is told through the browser. */
  #leave(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { store, key, provider, clock } = this.#options;
    const now = clock();
    const token = readCookie(request, sessionCookie);
    const session = token === null ? null : store.session(token, now.getTime());
    if (token === null || session === null) throw new RequestRefused(401, 'session-unknown');
    store.endSession(token);
    dropCookie(reply, sessionCookie);
    const id = newSamlId();
    const relay = newHandle();
    const until = new Date(now.getTime() + logoutSeconds * 1000);
    store.handles.put('logout', id, { relayState: relay }, until.getTime());
    const action = provider().singleLogoutUrl;
    const xml = writeLogoutRequest(
      {
        id,
        issueInstant: now,
        destination: action,
        issuer: this.party.entityId,
        nameId: session.idnp,
        sessionIndex: session.sessionIndex,
        notOnOrAfter: until,
      },
      key,
    );
    return sendSamlForm(reply, { action, field: 'SAMLRequest', xml, relayState: relay });
  }

  /** The provider says that the person signed out: there, or at another site. */
  #asked(reply: FastifyReply, field: string, relay: string | undefined): FastifyReply {
    const { store, key, provider, clock } = this.#options;
    const request = readingSaml(() => readLogoutRequest(field, { ...this.#expectation(), used: store.used }));
    store.endSessionsOf(request.nameId, request.sessionIndexes);
    const action = provider().singleLogoutUrl;
    const xml = writeLogoutResponse(
      {
        issueInstant: clock(),
        destination: action,
        issuer: this.party.entityId,
        inResponseTo: request.id,
        status: { code: 'Success' },
      },
      key,
    );
    return sendSamlForm(reply, { action, field: 'SAMLResponse', xml, relayState: relay });
  }

  #answered(reply: FastifyReply, field: string, relay: string | undefined): FastifyReply {
    const { store, clock } = this.#options;
    readingSaml(() =>
      readLogoutResponse(field, {
        ...this.#expectation(),
        used: store.used,
        takePending: (id) => store.handles.take('logout', id, clock().getTime())?.relayState === relay,
      }),
    );
    return reply.code(303).header('location', '/').send();
  }

  #expectation() {
    const { clock, url, provider } = this.#options;
    const { entityId, certificates } = provider();
    return {
      now: clock(),
      destination: `${url()}${sitePaths.singleLogout}`,
      certificatesOf: (issuer: string) => (issuer === entityId ? certificates : undefined),
    };
  }
}

/** What the provider told of a person that the registration asks for too. */
function suggestionOf(one: (name: string) => string | undefined): RegistrationSuggestion {
  const email = one('EmailAddress');
  const mobilePhone = one('MobilePhone');
  const homePhone = one('HomePhone');
  const language = registrationLanguages.find((known) => known === one('Language'));
  return {
    ...(email === undefined ? {} : { email }),
    ...(mobilePhone === undefined ? {} : { mobilePhone }),
    ...(homePhone === undefined ? {} : { homePhone }),
    ...(language === undefined ? {} : { language }),
  };
}
