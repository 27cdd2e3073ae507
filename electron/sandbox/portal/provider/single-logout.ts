import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  checkRelayState,
  newSamlId,
  readLogoutRequest,
  readLogoutResponse,
  type SamlKey,
  type SamlStatus,
  writeLogoutRequest,
  writeLogoutResponse,
} from '../../saml/index.ts';
import { escapeHtml, sendPage, sendSamlForm } from '../pages.ts';
import { providerPaths, type ServiceParty } from '../parties.ts';
import { parseBody, RequestRefused, readingSaml } from '../refusal.ts';
import type { LogoutChain, ProviderSession, ProviderStore } from './store.ts';

/** How long a site may take to answer a LogoutRequest, in seconds. */
const answerSeconds = 300;

const body = z.union([
  z.object({ SAMLRequest: z.string(), RelayState: z.string().max(1024).optional() }),
  z.object({ SAMLResponse: z.string() }),
]);

export interface SingleLogoutOptions {
  readonly url: () => string;
  readonly entityId: () => string;
  readonly key: SamlKey;
  readonly services: ReadonlyMap<string, ServiceParty>;
  readonly clock: () => Date;
  readonly store: ProviderStore;
}

/**
 * Single logout (saml-profiles clause 4.4) at the provider: a site or the person asks; the session ends here at once;
 * then every other site of the session is told, one after the other through the person's browser; then who asked gets
 * the answer.
 */
export class SingleLogout {
  readonly #options: SingleLogoutOptions;

  constructor(options: SingleLogoutOptions) {
    this.#options = options;
  }

  install(app: FastifyInstance, sessionOf: (request: FastifyRequest) => ProviderSession | null): void {
    const config = { faultPoint: 'single-logout' } as const;
    app.post(providerPaths.singleLogout, { config }, async (request, reply) => {
      const message = parseBody(body, request.body);
      return 'SAMLRequest' in message
        ? this.#asked(reply, message.SAMLRequest, message.RelayState)
        : this.#answered(reply, message.SAMLResponse);
    });
    app.get('/', async (request, reply) => {
      const session = sessionOf(request);
      if (session === null) return sendPage(reply, 'MPass simulat', '<p>Nu sunteți autentificat.</p>');
      // The session's index is known to its own cookie only: enough against forms of other sites.
      const index = escapeHtml(session.sessionIndex);
      const form = `<form method="post" action="/logout"><input type="hidden" name="session" value="${index}"><button>Ieșire</button></form>`;
      return sendPage(reply, 'MPass simulat', form);
    });
    app.post('/logout', async (request, reply) => {
      const { session: named } = parseBody(z.object({ session: z.string().max(128) }), request.body);
      const session = sessionOf(request);
      if (session === null || session.sessionIndex !== named)
        throw new RequestRefused(403, 'session-unknown');
      return this.#end(reply, session, [], undefined);
    });
  }

  /**
   * Ends all sessions of a person, who signed out at the provider elsewhere.
   * @returns the LogoutRequests that their browser would carry to the sites
   */
  endAll(idnp: string): { readonly action: string; readonly xml: string }[] {
    const { store, clock } = this.#options;
    const now = clock().getTime();
    return store.sessionsOf(idnp, now).flatMap((sessionIndex) => {
      const sites = store.participants(sessionIndex);
      store.endSession(sessionIndex);
      return sites.map((site) => {
        const chain = { idnp, sessionIndex, awaited: site, remaining: [], complete: true };
        return this.#request(chain);
      });
    });
  }

  /** A site's LogoutRequest. */
  #asked(reply: FastifyReply, field: string, relayState: string | undefined): FastifyReply {
    const { store, clock } = this.#options;
    const request = readingSaml(() => {
      if (relayState !== undefined) checkRelayState(relayState);
      return readLogoutRequest(field, { ...this.#expectation(), used: store.used });
    });
    const initiator = {
      service: request.issuer,
      requestId: request.id,
      ...(relayState === undefined ? {} : { relayState }),
    };
    const session = request.sessionIndexes
      .map((index) => store.session(index, clock().getTime()))
      .find((found) => found?.idnp === request.nameId);
    if (!session || !store.participants(session.sessionIndex).includes(request.issuer)) {
      return this.#reply(reply, initiator, { code: 'Requester', subcode: 'UnknownPrincipal' });
    }
    return this.#end(reply, session, [request.issuer], initiator);
  }

  /** A site's LogoutResponse: the chain goes on. */
  #answered(reply: FastifyReply, field: string): FastifyReply {
    const { store, clock } = this.#options;
    let chain: LogoutChain | null = null;
    const { status } = readingSaml(() =>
      readLogoutResponse(field, {
        ...this.#expectation(),
        used: store.used,
        takePending: (id, issuer) => {
          const found = store.handles.look('logout', id, clock().getTime());
          if (found?.awaited !== issuer) return false;
          chain = store.handles.take('logout', id, clock().getTime());
          return chain !== null;
        },
      }),
    );
    const ended = chain as LogoutChain | null;
    if (ended === null) throw new RequestRefused(403, 'saml-refused', 'in-response-to');
    return this.#next(reply, { ...ended, complete: ended.complete && status.code === 'Success' });
  }

  #end(
    reply: FastifyReply,
    session: ProviderSession,
    told: readonly string[],
    initiator: LogoutChain['initiator'],
  ): FastifyReply {
    const { store } = this.#options;
    const { idnp, sessionIndex } = session;
    const remaining = store.participants(sessionIndex).filter((site) => !told.includes(site));
    store.endSession(sessionIndex);
    return this.#next(reply, {
      idnp,
      sessionIndex,
      awaited: '',
      remaining,
      complete: true,
      ...(initiator === undefined ? {} : { initiator }),
    });
  }

  #next(reply: FastifyReply, chain: LogoutChain): FastifyReply {
    const [awaited, ...remaining] = chain.remaining;
    if (awaited !== undefined) {
      const { action, xml } = this.#request({ ...chain, awaited, remaining });
      return sendSamlForm(reply, { action, field: 'SAMLRequest', xml });
    }
    if (chain.initiator === undefined)
      return sendPage(reply, 'MPass simulat', '<p>Ați ieșit din toate serviciile.</p>');
    const status: SamlStatus = chain.complete
      ? { code: 'Success' }
      : { code: 'Responder', subcode: 'PartialLogout' };
    return this.#reply(reply, chain.initiator, status);
  }

  /** The LogoutRequest for the site awaited, remembered for its answer. */
  #request(chain: LogoutChain): { readonly action: string; readonly xml: string } {
    const { key, clock, store } = this.#options;
    const now = clock();
    const until = new Date(now.getTime() + answerSeconds * 1000);
    const id = newSamlId();
    store.handles.put('logout', id, chain, until.getTime());
    const action = this.#service(chain.awaited).singleLogoutUrl;
    const xml = writeLogoutRequest(
      {
        id,
        issueInstant: now,
        destination: action,
        issuer: this.#options.entityId(),
        nameId: chain.idnp,
        sessionIndex: chain.sessionIndex,
        notOnOrAfter: until,
      },
      key,
    );
    return { action, xml };
  }

  #reply(reply: FastifyReply, to: NonNullable<LogoutChain['initiator']>, status: SamlStatus): FastifyReply {
    const { key, clock, entityId } = this.#options;
    const action = this.#service(to.service).singleLogoutUrl;
    const xml = writeLogoutResponse(
      {
        issueInstant: clock(),
        destination: action,
        issuer: entityId(),
        inResponseTo: to.requestId,
        status,
      },
      key,
    );
    return sendSamlForm(reply, { action, field: 'SAMLResponse', xml, relayState: to.relayState });
  }

  #expectation() {
    const { url, services, clock } = this.#options;
    return {
      now: clock(),
      destination: `${url()}${providerPaths.singleLogout}`,
      certificatesOf: (issuer: string) => services.get(issuer)?.certificates,
    };
  }

  #service(entityId: string): ServiceParty {
    const service = this.#options.services.get(entityId);
    if (service === undefined) throw new RequestRefused(403, 'service-unknown');
    return service;
  }
}
