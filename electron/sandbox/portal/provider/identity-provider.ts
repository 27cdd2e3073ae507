import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { SandboxPerson } from '../../people.ts';
import {
  checkRelayState,
  createSamlKey,
  messageField,
  newSamlId,
  type ResponseToWrite,
  readAuthnRequest,
  type SamlKey,
  type SamlStatus,
  writeProviderMetadata,
  writeResponse,
} from '../../saml/index.ts';
import { dropCookie, readCookie, setCookie } from '../cookies.ts';
import { sendSamlForm } from '../pages.ts';
import { type ProviderParty, providerPaths, type ServiceParty } from '../parties.ts';
import { parseBody, RequestRefused, readingSaml } from '../refusal.ts';
import { newHandle } from '../secrets.ts';
import { type JudgeOptions, judgeAnswer, reportedReasons } from './answer-judge.ts';
import { mpassAttributes } from './attributes.ts';
import {
  isResponseFault,
  type ResponseFault,
  responseFaults,
  writeBrokenResponse,
} from './broken-responses.ts';
import { signatureAlgorithms } from './challenge-signature.ts';
import { challengePage, faultPage, methodPage, methods } from './provider-pages.ts';
import { SingleLogout } from './single-logout.ts';
import { type Outcome, type ProviderSession, ProviderStore, type SignIn } from './store.ts';

/** How long a challenge can be answered, in seconds. */
export const challengeSeconds = 120;
/** How long a sign-in waits for the person, and its outcome to be taken on, in seconds. */
const handoverSeconds = 300;
/** How long single sign-on lasts, in seconds. */
const sessionSeconds = 8 * 3600;
/** How long an assertion can be used, in seconds: ten minutes, as MPass has it. */
const assertionSeconds = 600;
/** A used or expired challenge is still known as such for this long, in milliseconds. */
const memoryMs = 3_600_000;

const smartcard = 'urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI';
const sessionCookie = 'mpass_session';
const faultCookie = 'mpass_fault';

const base64 = (maxBytes: number) => z.base64().max(Math.ceil(maxBytes / 3) * 4);
const handle = z.string().max(128);
const samlBody = z.object({ SAMLRequest: z.string(), RelayState: z.string().max(1024).optional() });
const methodBody = z.strictObject({
  signIn: handle,
  method: z.enum(methods),
  /** IDNP that the person gave beforehand; then only that person's card will do. */
  userId: z
    .string()
    .regex(/^(?:\d{13})?$/)
    .optional(),
});
const answerBody = z.discriminatedUnion('status', [
  z.strictObject({
    requestId: handle.optional(),
    status: z.literal('Success'),
    signerCertificate: base64(16_384),
    signatureAlgorithm: z.enum(signatureAlgorithms),
    challengeSignature: base64(1024),
  }),
  z.strictObject({
    requestId: handle.optional(),
    status: z.literal('Failure'),
    failureReason: z.enum(reportedReasons),
  }),
]);

export interface ProviderOptions extends Pick<JudgeOptions, 'trusted' | 'revocation'> {
  /** Origin of the provider, asked for when needed: it is known once it listens. */
  readonly url: () => string;
  readonly key: SamlKey;
  /** Sites that may ask, by entity ID. */
  readonly services: ReadonlyMap<string, ServiceParty>;
  readonly person: (idnp: string) => SandboxPerson | undefined;
  readonly clock: () => Date;
  /** A fault of the next Response, set by tests. */
  readonly takeResponseFault: () => ResponseFault | undefined;
}

/**
 * An identity provider in the manner of MPass: SAML 2.0 towards sites, and towards the card its contract with
 * authentication providers. `PROTOCOL.md` has the messages.
 */
export class IdentityProvider {
  readonly #options: ProviderOptions;
  readonly #store: ProviderStore;
  readonly #logout: SingleLogout;
  #strangerKey: Promise<SamlKey> | undefined;

  constructor(options: ProviderOptions) {
    this.#options = options;
    this.#store = new ProviderStore(() => this.#now());
    this.#logout = new SingleLogout({ ...options, store: this.#store, entityId: () => this.party.entityId });
  }

  /** How sites know this provider. */
  get party(): ProviderParty {
    const url = this.#options.url();
    return {
      entityId: `${url}${providerPaths.metadata}`,
      singleSignOnUrl: `${url}${providerPaths.singleSignOn}`,
      singleLogoutUrl: `${url}${providerPaths.singleLogout}`,
      certificates: [this.#options.key.certificate],
    };
  }

  install(app: FastifyInstance): void {
    app.get(providerPaths.metadata, async (_request, reply) => {
      const metadata = writeProviderMetadata({ ...this.party, key: this.#options.key });
      return reply.type('application/samlmetadata+xml').send(metadata);
    });
    app.post(providerPaths.singleSignOn, { config: { faultPoint: 'sign-on' } }, (request, reply) =>
      this.#signOn(request, reply),
    );
    app.post('/login/method', { config: { faultPoint: 'challenge' } }, async (request, reply) => {
      const offer = this.#challenge(parseBody(methodBody, request.body));
      return request.headers.accept?.includes('application/json') ? offer : challengePage(reply, offer);
    });
    app.post<{ Params: { requestId: string } }>(
      '/authenticate/:requestId',
      { config: { faultPoint: 'answer' } },
      async ({ params: { requestId }, body }) => {
        const answer = parseBody(answerBody, body);
        if (answer.requestId !== undefined && answer.requestId !== requestId) {
          throw new RequestRefused(400, 'bad-request');
        }
        return this.#answer(requestId, answer);
      },
    );
    app.post('/login/continue', { config: { faultPoint: 'continue' } }, (request, reply) =>
      this.#continue(request, reply),
    );
    app.get('/test', async (request, reply) => faultPage(reply, readCookie(request, faultCookie)));
    app.post('/test', async (request, reply) => {
      const { fault } = parseBody(z.object({ fault: z.enum(['', ...responseFaults]) }), request.body);
      if (fault === '') dropCookie(reply, faultCookie);
      else setCookie(reply, faultCookie, fault, 'None');
      return faultPage(reply, fault);
    });
    this.#logout.install(app, (request) => this.#sessionOf(request));
  }

  /** Single sign-on sessions that are open now. */
  get openSessions(): number {
    return this.#store.countSessions(this.#now());
  }

  /** The person signs out at the provider itself: what the site must be sent for it, as form fields by address. */
  signOutEverywhere(idnp: string): { readonly url: string; readonly form: Record<string, string> }[] {
    return this.#logout.endAll(idnp).map(({ action, xml }) => ({
      url: action,
      form: { SAMLRequest: messageField(xml) },
    }));
  }

  close(): void {
    this.#store.close();
  }

  #now(): number {
    return this.#options.clock().getTime();
  }

  #sessionOf(request: FastifyRequest): ProviderSession | null {
    const cookie = readCookie(request, sessionCookie);
    const index = cookie === null ? null : this.#store.handles.look('cookie', cookie, this.#now());
    return index === null ? null : this.#store.session(index, this.#now());
  }

  /** A site's AuthnRequest: answered at once where a session or its absence decides, else the person chooses. */
  async #signOn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { SAMLRequest, RelayState: relayState } = parseBody(samlBody, request.body);
    this.#store.forget(this.#now());
    const read = readingSaml(() => {
      if (relayState !== undefined) checkRelayState(relayState);
      return readAuthnRequest(SAMLRequest, {
        now: this.#options.clock(),
        destination: this.party.singleSignOnUrl,
        serviceProvider: (issuer) => this.#options.services.get(issuer),
        used: this.#store.used,
      });
    });
    const signIn: SignIn = {
      service: read.issuer,
      requestId: read.id,
      assertionConsumerServiceUrl: read.assertionConsumerServiceUrl,
      ...(relayState === undefined ? {} : { relayState }),
    };
    const session = read.forceAuthn ? null : this.#sessionOf(request);
    if (session !== null) return this.#sendIdentity(request, reply, signIn, session);
    if (read.isPassive) {
      return this.#sendResponse(request, reply, signIn, { code: 'Responder', subcode: 'NoPassive' });
    }
    const issued = this.#store.handles.issue('sign-in', signIn, this.#now() + handoverSeconds * 1000);
    return methodPage(reply, issued, this.#nameOf(signIn));
  }

  #challenge(chosen: z.output<typeof methodBody>): Record<string, unknown> {
    const now = this.#now();
    const signIn = this.#store.handles.take('sign-in', chosen.signIn, now);
    if (signIn === null) throw new RequestRefused(403, 'request-unknown');
    const requestId = newHandle();
    const challenge = randomBytes(32).toString('base64');
    const expiresAt = now + challengeSeconds * 1000;
    const user = chosen.userId ? { userId: chosen.userId } : {};
    this.#store.handles.put(
      'challenge',
      requestId,
      { signIn, challenge, expiresAt, ...user },
      expiresAt + memoryMs,
    );
    return {
      requestId,
      challenge,
      description: `SIMULARE: autentificare în ${this.#nameOf(signIn)}`,
      ...user,
      expiresIn: challengeSeconds,
    };
  }

  async #answer(requestId: string, answer: z.output<typeof answerBody>): Promise<unknown> {
    const issued = this.#store.handles.take('challenge', requestId, this.#now());
    if (issued === null) throw new RequestRefused(403, 'challenge-unknown');
    const { trusted, revocation, person } = this.#options;
    const judgement = await judgeAnswer(issued, answer, this.#options.clock(), {
      trusted,
      revocation,
      isRegistered: (idnp) => person(idnp) !== undefined,
    });
    const refusal = 'refusal' in judgement ? judgement.refusal : null;
    const outcome: Outcome = {
      signIn: issued.signIn,
      result: 'refusal' in judgement ? { failure: judgement.refusal } : judgement,
    };
    const until = this.#now() + handoverSeconds * 1000;
    const continuation = this.#store.handles.issue('continuation', outcome, until);
    return refusal === null
      ? { requestId, status: 'Success', continuation }
      : { requestId, status: 'Failure', failureReason: refusal, continuation };
  }

  async #continue(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { continuation } = parseBody(z.object({ continuation: handle }), request.body);
    const now = this.#now();
    const outcome = this.#store.handles.take('continuation', continuation, now);
    if (outcome === null) throw new RequestRefused(403, 'continuation-unknown');
    const { signIn, result } = outcome;
    if ('failure' in result) {
      const status = { code: 'Responder', subcode: 'AuthnFailed', message: result.failure } as const;
      return this.#sendResponse(request, reply, signIn, status);
    }
    const session: ProviderSession = {
      sessionIndex: newSamlId(),
      idnp: result.idnp,
      authnInstant: now,
      expiresAt: now + sessionSeconds * 1000,
    };
    this.#store.addSession(session);
    const cookie = this.#store.handles.issue('cookie', session.sessionIndex, session.expiresAt);
    // A site's page posts here: the cookie has to come along for single sign-on.
    setCookie(reply, sessionCookie, cookie, 'None');
    return this.#sendIdentity(request, reply, signIn, session);
  }

  #sendIdentity(
    request: FastifyRequest,
    reply: FastifyReply,
    signIn: SignIn,
    session: ProviderSession,
  ): Promise<FastifyReply> {
    const person = this.#options.person(session.idnp);
    if (person === undefined) throw new RequestRefused(403, 'not-registered');
    const now = this.#now();
    this.#store.addParticipant(session.sessionIndex, signIn.service);
    const assertion = {
      nameId: session.idnp,
      recipient: signIn.assertionConsumerServiceUrl,
      notBefore: new Date(now),
      notOnOrAfter: new Date(now + assertionSeconds * 1000),
      audience: signIn.service,
      authnInstant: new Date(session.authnInstant),
      sessionIndex: session.sessionIndex,
      sessionNotOnOrAfter: new Date(session.expiresAt),
      authnContextClassRef: smartcard,
      subjectAddress: request.ip,
      attributes: mpassAttributes(person),
    };
    return this.#sendResponse(request, reply, signIn, { code: 'Success' }, assertion);
  }

  async #sendResponse(
    request: FastifyRequest,
    reply: FastifyReply,
    signIn: SignIn,
    status: SamlStatus,
    assertion?: ResponseToWrite['assertion'],
  ): Promise<FastifyReply> {
    const { key, takeResponseFault, clock } = this.#options;
    const response: ResponseToWrite = {
      issueInstant: clock(),
      destination: signIn.assertionConsumerServiceUrl,
      issuer: this.party.entityId,
      inResponseTo: signIn.requestId,
      status,
      ...(assertion === undefined ? {} : { assertion }),
    };
    const wanted = takeResponseFault() ?? readCookie(request, faultCookie) ?? '';
    const xml = isResponseFault(wanted)
      ? writeBrokenResponse(response, wanted, key, await this.#stranger())
      : writeResponse(response, key);
    const { assertionConsumerServiceUrl: action, relayState } = signIn;
    return sendSamlForm(reply, { action, field: 'SAMLResponse', xml, relayState });
  }

  #stranger(): Promise<SamlKey> {
    this.#strangerKey ??= createSamlKey('SIMULATED stranger', { now: this.#options.clock() });
    return this.#strangerKey;
  }

  #nameOf(signIn: SignIn): string {
    return this.#options.services.get(signIn.service)?.name ?? signIn.service;
  }
}
