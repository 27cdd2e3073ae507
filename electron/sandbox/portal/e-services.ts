import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { maskIdnp } from '../../contract/portal/holder.ts';
import type { SandboxPerson } from '../people.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { parseBody, RequestRefused } from './refusal.ts';
import { fingerprint, newHandle } from './secrets.ts';
import { type RegisterName, type Registers, ServicesStore, type Session } from './services-store.ts';

/** What the site is called, at the provider and in a person's eyes. */
export const siteName = 'portalul e-services';

/** Which register a service reads, as its answers say. */
const sources = {
  documents: 'Registrul de stat al populației (SIMULAT)',
  domicile: 'Registrul de stat al populației (SIMULAT)',
  vehicles: 'Registrul de stat al transporturilor (SIMULAT)',
} as const satisfies Record<RegisterName, string>;

/** How long a sign-in may take, in seconds. */
const loginSeconds = 300;

const startBody = z.strictObject({
  /** IDNP of the person expected, when the user gave it. */
  userId: z
    .string()
    .regex(/^\d{13}$/)
    .optional(),
});
const completeBody = z.strictObject({ login: z.string().max(128), response: z.string().max(128) });

export interface ServicesOptions {
  readonly provider: IdentityProvider;
  /** Origin of the provider, asked for when needed: it is known once it listens. */
  readonly providerUrl: () => string;
  readonly person: (idnp: string) => SandboxPerson | undefined;
  readonly registers: Registers;
  readonly sessionSeconds: number;
  readonly clock: () => Date;
}

/** The e-services site: signs people in by way of the provider, and shows them what the registers hold of them. */
export class EServices {
  readonly #store: ServicesStore;
  readonly #options: ServicesOptions;

  constructor(options: ServicesOptions) {
    this.#options = options;
    this.#store = new ServicesStore(options.registers);
  }

  install(app: FastifyInstance): void {
    app.post('/login', { config: { faultPoint: 'login-start' } }, async (request) =>
      this.#start(parseBody(startBody, request.body).userId),
    );
    app.post('/login/complete', { config: { faultPoint: 'login-complete' } }, async (request) => {
      const { login, response } = parseBody(completeBody, request.body);
      return this.#complete(login, response);
    });
    for (const service of Object.keys(sources) as RegisterName[]) {
      app.get(`/data/${service}`, { config: { faultPoint: service } }, async (request) => ({
        service,
        readAt: this.#options.clock().toISOString(),
        source: sources[service],
        items: this.#store.items(service, this.#session(request).idnp),
      }));
    }
    app.post('/logout', { config: { faultPoint: 'logout' } }, async (request, reply) => {
      if (!this.#store.endSession(fingerprint(bearer(request))))
        throw new RequestRefused(401, 'session-unknown');
      return reply.code(204).send();
    });
  }

  /** Ends every session, as a portal does that restarts or is told by the provider. */
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

  #start(userId: string | undefined): unknown {
    const login = newHandle();
    // What the provider gives back; of no use to whoever might see it there.
    const reference = newHandle();
    const now = this.#now();
    this.#store.addLogin(fingerprint(login), reference, now, now + loginSeconds * 1000);
    const { provider, providerUrl } = this.#options;
    const request = provider.request({
      name: siteName,
      reference,
      ...(userId === undefined ? {} : { userId }),
    });
    return { login, provider: providerUrl(), request };
  }

  #complete(login: string, response: string): unknown {
    const now = this.#now();
    const reference = this.#store.takeLogin(fingerprint(login), now);
    if (reference === null) throw new RequestRefused(403, 'login-unknown');
    const identity = this.#options.provider.redeem(response);
    // A response to somebody else's sign-in would put this user into that person's session.
    if (identity === null || identity.reference !== reference)
      throw new RequestRefused(403, 'response-unknown');
    const person = this.#options.person(identity.idnp);
    if (person === undefined) throw new RequestRefused(403, 'not-registered');
    const token = newHandle();
    const expiresAt = now + this.#options.sessionSeconds * 1000;
    this.#store.addSession(fingerprint(token), { idnp: person.idnp, expiresAt });
    return {
      token,
      expiresAt: new Date(expiresAt).toISOString(),
      holder: { name: `${person.givenName} ${person.familyName}`, idnp: maskIdnp(person.idnp) },
    };
  }

  #session(request: FastifyRequest): Session {
    const session = this.#store.session(fingerprint(bearer(request)), this.#now());
    if (session === null) throw new RequestRefused(401, 'session-unknown');
    return session;
  }
}

function bearer(request: FastifyRequest): string {
  const token = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) throw new RequestRefused(401, 'session-unknown');
  return token;
}
