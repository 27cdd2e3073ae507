import type { FastifyInstance, FastifyRequest } from 'fastify';
import { maskIdnp } from '../../../contract/portal/holder.ts';
import { registrationSchema } from '../../../contract/portal/registration.ts';
import { type DataService, dataServices } from '../../../contract/portal/services.ts';
import type { SamlKey } from '../../saml/index.ts';
import { readCookie } from '../cookies.ts';
import { sendPage } from '../pages.ts';
import type { ProviderParty, ServiceParty } from '../parties.ts';
import { parseBody, RequestRefused } from '../refusal.ts';
import { SiteSignIn, sessionCookie } from './sign-in.ts';
import { type Registers, type SiteSession, SiteStore } from './store.ts';

/** What the site is called, at the provider and in a person's eyes. */
export const siteName = 'portalul e-services';

const population = 'Registrul de stat al populației (SIMULAT)';

/** Which register a service reads, as its answers say. */
const sources: Readonly<Record<DataService, string>> = {
  personal: population,
  documents: population,
  domicile: population,
  vehicles: 'Registrul de stat al transporturilor (SIMULAT)',
  'access-log': 'Jurnalul accesărilor (SIMULAT)',
};

export interface ServicesOptions {
  readonly provider: () => ProviderParty;
  /** Origin of this site, asked for when needed: it is known once it listens. */
  readonly url: () => string;
  readonly key: SamlKey;
  readonly registers: Registers;
  /** IDNPs of who has registered already. */
  readonly registered: readonly string[];
  readonly sessionSeconds: number;
  readonly clock: () => Date;
}

/** The e-services site: signs people in by way of the provider, and shows them what the registers hold of them. */
export class EServices {
  readonly #store: SiteStore;
  readonly #options: ServicesOptions;
  readonly #signIn: SiteSignIn;

  constructor(options: ServicesOptions) {
    this.#options = options;
    this.#store = new SiteStore(options.registers, () => this.#now());
    for (const idnp of options.registered) this.#store.register(idnp, null);
    this.#signIn = new SiteSignIn({ ...options, name: siteName, store: this.#store });
  }

  /** How the provider knows this site. */
  get party(): ServiceParty {
    return this.#signIn.party;
  }

  install(app: FastifyInstance): void {
    this.#signIn.install(app);
    app.get('/', async (_request, reply) =>
      sendPage(reply, 'e-services (SIMULAT)', '<p><a href="/login">Autentificare prin MPass</a></p>'),
    );
    app.get('/session', { config: { faultPoint: 'session' } }, async (request) => {
      const { idnp, name, expiresAt, suggestion } = this.#session(request);
      const registered = this.#store.isRegistered(idnp);
      return {
        holder: { name, idnp: maskIdnp(idnp) },
        expiresAt: new Date(expiresAt).toISOString(),
        registered,
        registration: registered ? null : suggestion,
      };
    });
    app.post('/registration', { config: { faultPoint: 'registration' } }, async (request, reply) => {
      const { idnp } = this.#session(request);
      this.#store.register(idnp, parseBody(registrationSchema, request.body));
      return reply.code(204).send();
    });
    for (const service of dataServices) {
      app.get(`/data/${service}`, { config: { faultPoint: service } }, async (request) =>
        this.#read(service, this.#session(request)),
      );
    }
  }

  /** Ends every session, as a portal does that restarts. */
  endAllSessions(): void {
    this.#store.endAllSessions();
  }

  get openSessions(): number {
    return this.#store.countSessions(this.#now());
  }

  close(): void {
    this.#store.close();
  }

  #now(): number {
    return this.#options.clock().getTime();
  }

  /** What a register holds of the person; the person's own look goes into the log before it is answered. */
  #read(service: DataService, { idnp }: SiteSession): unknown {
    if (!this.#store.isRegistered(idnp)) throw new RequestRefused(403, 'registration-needed');
    const readAt = this.#options.clock().toISOString();
    this.#store.prepend('access-log', idnp, {
      operator: 'Portalul e-services (SIMULAT)',
      time: readAt,
      action: 'Access',
      legal_basis: 'Legea nr. 195/2024, dreptul de acces al persoanei vizate',
      reason: 'Vizualizarea datelor proprii',
      user: maskIdnp(idnp),
      object: `${sources[service]}: ${service}`,
    });
    return { service, readAt, source: sources[service], items: this.#store.items(service, idnp) };
  }

  #session(request: FastifyRequest): SiteSession {
    const token = readCookie(request, sessionCookie);
    const session = token === null ? null : this.#store.session(token, this.#now());
    if (session === null) throw new RequestRefused(401, 'session-unknown');
    return session;
  }
}
