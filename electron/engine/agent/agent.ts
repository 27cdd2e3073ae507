/**
 * The agent: holds the card and the session, answers requests, and tells every client what changes. It knows
 * nothing of processes and sockets (`main.ts`, `socket.ts`) nor of where cards and portals come from
 * (`composition/`).
 */
import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import { failureToWire } from '../../contract/model/failure.ts';
import type { StatusJson } from '../../contract/model/status.ts';
import type {
  AgentEvent,
  AgentMessage,
  AgentSnapshot,
  ClientMessage,
} from '../../contract/protocol/messages.ts';
import { protocolVersion } from '../../contract/protocol/messages.ts';
import { type MethodName, type MethodParams, methods } from '../../contract/protocol/methods.ts';
import { FailureHistory } from '../diagnostics/report/failure-history.ts';
import type { AgentOptions, SandboxControl } from './agent-options.ts';
import { AgentClients } from './clients.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import { sameKey } from './connection-key.ts';
import { DiagnosticsDesk } from './diagnostics-desk.ts';
import { diagnosticsHandlers } from './diagnostics-handlers.ts';
import { doctorHandlers, examination, lazyDoctor, plainSurroundings } from './doctor-handlers.ts';
import { CardHolder, type HeldCard } from './held-card.ts';
import { Inspections } from './inspections.ts';
import { type OperationContext, type OperationOutcome, Operations } from './operations.ts';
import { changePin, signDigest, unblockPin, verifyPin } from './pin-operations.ts';
import { PinPrompts } from './pin-prompts.ts';
import { PortalAccess } from './portal-access.ts';
import { pinJson, readerJson, tokenJson } from './presentation.ts';
import { reportHandlers } from './report-handlers.ts';
import { SessionMachine } from './session.ts';
import { signDocuments } from './signing-operations.ts';
import { Trainer } from './training/trainer.ts';
import { trainingHandlers } from './training-handlers.ts';

export type { AgentOptions, SandboxControl } from './agent-options.ts';

type Handler<M extends MethodName> = (params: MethodParams<M>, context: OperationContext) => Promise<unknown>;

export class Agent implements ConnectionHost {
  readonly agentId = randomUUID();
  readonly #options: AgentOptions;
  readonly #clients = new AgentClients((client) => {
    this.#operations.abandon(client);
    this.#diagnostics.abandon(client);
  });
  readonly #operations = new Operations();
  readonly #failures = new FailureHistory();
  readonly #prompts: PinPrompts;
  readonly #holder: CardHolder;
  readonly #session: SessionMachine;
  readonly #portal: PortalAccess;
  readonly #diagnostics: DiagnosticsDesk;
  readonly #trainer: Trainer;
  readonly #handlers: { [M in MethodName]: Handler<M> };

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#trainer = new Trainer(options.training, (training) =>
      this.#broadcast({ kind: 'training', training }),
    );
    this.#session = new SessionMachine((session) => this.#broadcast({ kind: 'session', session }));
    this.#prompts = new PinPrompts({
      opened: (owner, prompt) => this.#tell(owner, { kind: 'prompt-open', prompt }),
      closed: (owner, promptId, outcome) => this.#tell(owner, { kind: 'prompt-close', promptId, outcome }),
    });
    options.readers.onChange((snapshot) =>
      this.#broadcast({
        kind: 'readers',
        service: { state: snapshot.service },
        readers: snapshot.readers.map(readerJson),
      }),
    );
    this.#diagnostics = new DiagnosticsDesk({
      readers: options.readers,
      log: options.log,
      watchModule: options.watchModule,
      reread: () => this.#holder.reread(),
      tell: (client, lines) => this.#tell(client, { kind: 'monitor', lines }),
    });
    const { writer } = this.#diagnostics;
    this.#holder = new CardHolder(
      this.#diagnostics.readers,
      {
        reading: (reader) => {
          writer.cardReading(reader);
          this.#session.to({ state: 'reading' });
        },
        ready: ({ reader, token }) => {
          writer.cardReady(reader, token.source, token.certificates.length);
          this.#session.to({ state: 'ready' });
          this.#announceToken();
          this.#trainer.observe({ kind: 'card', present: true });
        },
        failed: (reader, failure) => {
          writer.cardFailed(reader, failure);
          this.#failures.add(failure);
          this.#session.to({ state: 'none' });
          this.#announceToken();
        },
        removed: (reader) => {
          writer.cardRemoved(reader);
          this.#cardRemoved(reader);
          this.#trainer.observe({ kind: 'card', present: false });
        },
      },
      options.reader,
      options.openCard,
    );
    this.#portal = new PortalAccess({
      source: async () => {
        const settings = await options.portal();
        this.#diagnostics.usesPortal(settings);
        return settings;
      },
      session: this.#session,
      holder: this.#holder,
      prompts: this.#prompts,
      pinsChanged: () => this.#announceToken(),
      forget: () => this.#operations.forgetAnswers(),
    });
    this.#handlers = this.#buildHandlers();
  }

  /** Starts watching the readers. Resolves when their first state is known. */
  async start(): Promise<void> {
    await this.#holder.start();
  }

  /** A client has come, on a pipe or a socket. */
  accept(stream: Duplex): void {
    new Connection(stream, this);
  }

  /** Cancels what runs, signs out, wipes, lets go of card and readers. */
  async close(): Promise<void> {
    await this.#operations.close();
    await this.#portal.close();
    await this.#holder.close();
    this.#diagnostics.close();
    this.#clients.close();
  }

  // ConnectionHost

  admits(key: string): boolean {
    const expected = this.#options.connectionKey;
    return expected === undefined || sameKey(key, expected);
  }

  join(connection: Connection): Extract<AgentMessage, { type: 'welcome' }> {
    this.#clients.join(connection);
    this.#diagnostics.writer.client('came');
    return {
      type: 'welcome',
      version: protocolVersion,
      agentId: this.agentId,
      seq: this.#clients.lastEvent,
      snapshot: this.#snapshot(connection.clientId),
    };
  }

  leave(connection: Connection): void {
    this.#diagnostics.writer.client('left');
    this.#clients.leave(connection);
  }

  request(owner: string, message: Extract<ClientMessage, { type: 'request' }>): Promise<OperationOutcome> {
    const { id, method } = message;
    const parsed = methods[method].params.safeParse(message.params);
    if (!parsed.success)
      throw new Failure('contract-violation', { detail: `${method}: ${parsed.error.message}` });
    return this.#operations.run(id, owner, method, async (context) => {
      const handler = this.#handlers[method] as Handler<MethodName>;
      const { writer } = this.#diagnostics;
      const start = performance.now();
      try {
        const result = await handler(parsed.data as MethodParams<MethodName>, context);
        writer.requested(method, performance.now() - start);
        this.#trainer.observe({ kind: 'request', method, params: parsed.data, failure: undefined, result });
        return result;
      } catch (thrown) {
        const failure = asFailure(thrown);
        writer.requested(method, performance.now() - start, failure);
        this.#failures.add(failure);
        this.#trainer.observe({ kind: 'request', method, params: parsed.data, failure, result: undefined });
        throw thrown;
      }
    });
  }

  find(id: string, owner: string): Promise<OperationOutcome> | undefined {
    return this.#operations.find(id, owner);
  }

  delivered(id: string): void {
    this.#operations.delivered(id);
  }

  cancel(id: string, owner: string): void {
    this.#operations.cancel(id, owner);
  }

  // What can be asked

  #buildHandlers(): { [M in MethodName]: Handler<M> } {
    const services = {
      holder: this.#holder,
      prompts: this.#prompts,
      pinsChanged: () => this.#announceToken(),
    };
    const pinHandler =
      (work: typeof verifyPin) => async (params: MethodParams<'pin.verify'>, context: OperationContext) => {
        await this.#onePinAtATime(() => work(services, context, params));
        return {};
      };
    const { readers, portal, sandbox } = this.#options;
    const surroundings =
      this.#options.doctor ?? (() => plainSurroundings({ portal, simulated: sandbox !== undefined }));
    const doctor = lazyDoctor({ surroundings, readers, holder: this.#holder });
    const inspections = new Inspections({ surroundings, holder: this.#holder });
    return {
      status: (params) => this.#status(params.reader),
      'pin.status': async ({ reader }) => {
        const { pins } = await this.#holder.freshCard(reader);
        return { pins: pins.map(pinJson) };
      },
      'pin.verify': pinHandler(verifyPin),
      'pin.change': pinHandler(changePin),
      'pin.unblock': pinHandler(unblockPin),
      'pin.submit': async ({ promptId, envelope, acknowledgeLastTry }, { owner }) => {
        this.#prompts.submit(owner, promptId, envelope, acknowledgeLastTry ?? false);
        return {};
      },
      'pin.agree': async ({ promptId, acknowledgeLastTry }, { owner }) => {
        this.#prompts.agree(owner, promptId, acknowledgeLastTry ?? false);
        return {};
      },
      'pin.cancel': async ({ promptId }, { owner }) => {
        this.#prompts.cancel(owner, promptId);
        return {};
      },
      'sign.digest': (params, context) => this.#onePinAtATime(() => signDigest(services, context, params)),
      'sign.documents': ({ reader, ...request }, context) =>
        this.#onePinAtATime(() => signDocuments(services, context, reader, request)),
      'session.login': async (params, context) => {
        await this.#onePinAtATime(() => this.#portal.login(context, params.reader));
        return { session: this.#session.current };
      },
      'session.logout': async () => {
        await this.#portal.logout();
        return { session: this.#session.current };
      },
      'session.register': async (registration, { signal }) => {
        await this.#portal.register(registration, signal);
        return { session: this.#session.current };
      },
      'data.read': ({ service }, { signal }) => this.#portal.read(service, signal),
      ...diagnosticsHandlers(this.#diagnostics, inspections),
      ...doctorHandlers(doctor),
      ...reportHandlers({
        simulated: this.#options.sandbox !== undefined,
        readers: this.#options.readers,
        holder: this.#holder,
        session: this.#session,
        failures: this.#failures,
        examine: (context) => examination(doctor, context),
        trace: () => this.#diagnostics.lastTrace,
      }),
      ...trainingHandlers(this.#trainer, this.#options.demonstrations),
      'sandbox.insert': async ({ card }) => {
        await this.#sandbox().insert(card);
        return {};
      },
      'sandbox.remove': async () => {
        this.#sandbox().remove();
        return {};
      },
      'sandbox.pins': async () => this.#sandbox().pins,
      'agent.stop': async () => {
        setImmediate(() => this.#options.onStop?.());
        return {};
      },
    };
  }

  /** Everything known; a card that is there is read first. Missing parts are no failure of this request. */
  async #status(reader: string | undefined): Promise<StatusJson> {
    let problem: Failure | undefined;
    let held: HeldCard | null = null;
    try {
      await this.#holder.freshCard(reader);
      held = this.#holder.held;
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown;
      problem = thrown;
    }
    const { service, readers } = this.#options.readers.snapshot;
    return {
      version: 1,
      service: { state: service },
      readers: readers.map(readerJson),
      token: held ? tokenJson(held.token, held.pins) : null,
      session: this.#session.current,
      ...(problem ? { problem: failureToWire(problem) } : {}),
    };
  }

  #pinBusy = false;

  /** Two questions for a PIN at once would be one too many for any person. */
  async #onePinAtATime<T>(work: () => Promise<T>): Promise<T> {
    if (this.#pinBusy) throw new Failure('agent-busy');
    this.#pinBusy = true;
    try {
      return await work();
    } finally {
      this.#pinBusy = false;
      this.#prompts.entered();
    }
  }

  #sandbox(): SandboxControl {
    const { sandbox } = this.#options;
    if (!sandbox) throw new Failure('contract-violation', { detail: 'not in training mode' });
    return sandbox;
  }

  // What changes

  #cardRemoved(reader: string): void {
    this.#prompts.cardRemoved(reader);
    this.#portal.wipe('removed');
    this.#operations.forgetAnswers();
    if (this.#session.state !== 'wiped') this.#session.to({ state: 'wiped', wipedBecause: 'removed' });
    this.#announceToken();
  }

  #announceToken(): void {
    const { held, problem } = this.#holder;
    this.#broadcast({
      kind: 'token',
      reader: held?.reader ?? null,
      token: held ? tokenJson(held.token, held.pins) : null,
      ...(problem ? { problem: failureToWire(problem) } : {}),
    });
  }

  #snapshot(clientId: string): AgentSnapshot {
    const { service, readers } = this.#options.readers.snapshot;
    const { held, problem } = this.#holder;
    return {
      service: { state: service },
      readers: readers.map(readerJson),
      reader: held?.reader ?? null,
      token: held ? tokenJson(held.token, held.pins) : null,
      ...(problem ? { problem: failureToWire(problem) } : {}),
      session: this.#session.current,
      prompts: this.#prompts.ofOwner(clientId),
      operations: this.#operations.ofOwner(clientId),
      sandbox: this.#options.sandbox !== undefined,
      ...(this.#trainer.state ? { training: this.#trainer.state } : {}),
    };
  }

  #broadcast(event: AgentEvent): void {
    this.#diagnostics.writer.announced(event);
    this.#clients.broadcast(event);
  }

  /** A prompt is nobody's business but the client's whose operation asks. */
  #tell(clientId: string, event: AgentEvent): void {
    this.#diagnostics.writer.announced(event);
    this.#clients.tell(clientId, event);
  }
}
