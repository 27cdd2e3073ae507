/**
 * A PKCS#11 module, spoken to through its host process: started when needed, killed when late, started again for
 * the next call. Calls take turns. What carries a PIN is never sent twice.
 */
import { Failure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import { type HostAnswer, HostLost, HostProcess, HostTrouble, hostEnvironment } from './host-process.ts';
import { moduleHostProgram } from './host-program.ts';
import { type Listing, listingSchema, type TokenState, tokenStatesSchema } from './messages.ts';
import type { ModuleCall } from './module-calls.ts';
import { type Act, callFailure } from './module-failures.ts';
import { inspectModule, type ModuleChoice, moduleName } from './module-file.ts';

/** How long calls may take, in milliseconds. */
export interface Deadlines {
  /** Loading and initialising, and everything without a PIN. */
  readonly reading: number;
  /** Calls that carry a PIN. */
  readonly pin: number;
  /** Calls during which a person types at the reader. */
  readonly pad: number;
}

export interface ModuleHostOptions {
  readonly deadlines?: Partial<Deadlines>;
  /** The program, instead of the one that was built. */
  readonly program?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The token that a call is for; another one in the same slot is told nothing. */
export interface TokenPlace {
  readonly slot: string;
  readonly label: string;
  readonly serial: string;
  /** Of which run of the process it was listed. */
  readonly run: number;
}

/** What lies in the module's slots, with the certificates' DER. */
export interface ModuleContent {
  readonly slots: Listing['slots'];
  readonly certificates: readonly Uint8Array[];
  readonly run: number;
}

export interface SignRequest {
  /** `CKA_ID`, hex. */
  readonly key: string;
  readonly mechanism: 'rsa-pkcs1' | 'rsa-pss' | 'ecdsa';
  readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** DigestInfo for RSA PKCS#1, else the digest. */
  readonly data: Uint8Array;
  /** The key needs no PIN. */
  readonly free: boolean;
}

type Event = { readonly kind: 'slots' } | { readonly kind: 'ended'; readonly failure: Failure };

const defaultDeadlines: Deadlines = { reading: 10_000, pin: 60_000, pad: 120_000 };
/** A module that has been lost this often in this time is not started again until the time is over. */
const mostLosses = 5;
const lossesWithinMs = 60_000;

export class ModuleHost {
  readonly choice: ModuleChoice;
  /** File name, for sentences. */
  readonly name: string;
  readonly #options: ModuleHostOptions;
  readonly #deadlines: Deadlines;
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #callListeners = new Set<(call: ModuleCall) => void>();
  #process: HostProcess | undefined;
  #run = 0;
  #turn: Promise<unknown> = Promise.resolve();
  #losses: number[] = [];
  #lastLoss: Failure | undefined;
  #watching: 'no' | 'unproven' | 'proven' = 'no';
  /** Some modules hold a lock while they wait for an event, and so stop every other call: those are asked. */
  #watchMode: 'wait' | 'poll' = 'wait';
  #closed = false;

  constructor(choice: ModuleChoice, options: ModuleHostOptions = {}) {
    this.choice = choice;
    this.name = moduleName(choice);
    this.#options = options;
    this.#deadlines = { ...defaultDeadlines, ...options.deadlines };
  }

  /** Process id of the host while it runs, for tests. */
  get pid(): number | undefined {
    return this.#process?.alive ? this.#process.pid : undefined;
  }

  /** How many times the process has been started. */
  get run(): number {
    return this.#run;
  }

  /** Calls `listener` when slots have changed, or the process was lost. Returns the function that stops it. */
  onEvent(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Calls `listener` for each function of the module that is called, from the next request on. Returns the function
   * that stops it.
   */
  watchCalls(listener: (call: ModuleCall) => void): () => void {
    this.#callListeners.add(listener);
    void this.#tellOfCalls();
    return () => {
      this.#callListeners.delete(listener);
      void this.#tellOfCalls();
    };
  }

  /** Asks the running process to tell of calls, or not to. One that is started later is asked then. */
  async #tellOfCalls(): Promise<void> {
    if (!this.#process?.alive) return;
    await this.#inTurn({ kind: 'read' }, async () => {
      if (this.#process?.alive) await this.#setCalls(this.#process);
    }).catch(() => undefined);
  }

  async #setCalls(process: HostProcess): Promise<void> {
    process.onCall = (call) => {
      for (const one of this.#callListeners) one(call);
    };
    await process.request({ call: 'calls', on: this.#callListeners.size > 0 }, [], this.#deadlines.reading);
  }

  /**
   * All slots and what their tokens show without a PIN. From then on changes are told.
   * @throws Failure `module-missing`, `module-invalid`, `module-changed`, `module-host-missing`, `module-refused`,
   *   `module-crashed`, `module-timeout`, `module-answer-invalid`
   */
  list(): Promise<ModuleContent> {
    return this.#reading(async (process) => {
      const { result, parts } = await process.request({ call: 'list' }, [], this.#deadlines.reading);
      const { slots } = this.#believe(process, listingSchema.safeParse(result));
      if (slots.some(({ token }) => token?.certificates.some(({ part }) => parts[part] === undefined))) {
        this.#believe(process, { success: false });
      }
      if (this.#watching === 'no') {
        await process.request({ call: 'watch', mode: this.#watchMode }, [], this.#deadlines.reading);
        this.#watching = 'unproven';
      } else this.#watching = 'proven';
      return { slots, certificates: parts, run: this.#run };
    });
  }

  /**
   * The state of tokens and their PINs; costs no try.
   * @throws Failure as `list`; `card-removed`, and `card-changed` when another token lies there
   */
  tokens(places: readonly TokenPlace[]): Promise<readonly TokenState[]> {
    return this.#reading(async (process) => {
      this.#refuseOld(places);
      const call = { call: 'tokens', slots: places.map(({ slot }) => slot) };
      const { result } = await process.request(call, [], this.#deadlines.reading);
      const { tokens } = this.#believe(process, tokenStatesSchema.safeParse(result));
      this.#watching = this.#watching === 'no' ? 'no' : 'proven';
      const same = tokens.every((state, at) => {
        const place = places[at];
        return place?.label === state.label && place.serial === state.serial;
      });
      if (tokens.length !== places.length || !same) throw new Failure('card-changed');
      return tokens;
    });
  }

  /** `C_Login`, then `C_Logout`. No code: the person types it at the reader. */
  async verify(place: TokenPlace, act: Act, code: SecretBytes | undefined): Promise<void> {
    await this.#withPin(place, { call: 'verify' }, act, [], [code]);
  }

  /** `C_SetPIN`. */
  async change(
    place: TokenPlace,
    act: Act,
    old: SecretBytes | undefined,
    next: SecretBytes | undefined,
  ): Promise<void> {
    await this.#withPin(place, { call: 'change' }, act, [], [old, next]);
  }

  /** `C_Login` as security officer, `C_InitPIN`. */
  async unblock(
    place: TokenPlace,
    act: Act,
    puk: SecretBytes | undefined,
    next: SecretBytes | undefined,
  ): Promise<void> {
    await this.#withPin(place, { call: 'unblock' }, act, [], [puk, next]);
  }

  /** `C_Login`, `C_Sign`, and between them the login that a key may want for each signature. */
  async sign(
    place: TokenPlace,
    act: Act,
    { key, mechanism, hash, data, free }: SignRequest,
    code: SecretBytes | undefined,
  ): Promise<Uint8Array> {
    const header = { call: 'sign', key, mechanism, hash, free };
    const { parts } = await this.#withPin(place, header, act, [data], free ? [] : [code]);
    return parts[0] ?? new Uint8Array(0);
  }

  /** Lets the module finish and ends its process. */
  async close(): Promise<void> {
    this.#closed = true;
    const process = this.#process;
    this.#process = undefined;
    await process?.close();
  }

  #reading<T>(work: (process: HostProcess) => Promise<T>): Promise<T> {
    return this.#inTurn({ kind: 'read' }, async () => {
      try {
        return await work(await this.#running());
      } catch (error) {
        if (!this.#blockedByWaiting(error)) throw error;
        // Nothing that costs anything was under way: once more, without a thread that waits.
        this.#watchMode = 'poll';
        this.#process = undefined;
        return work(await this.#running());
      }
    });
  }

  /** Whether a call hung that may have had to wait for the thread in `C_WaitForSlotEvent`. */
  #blockedByWaiting(error: unknown): boolean {
    const hung = error instanceof HostLost && error.loss === 'timeout';
    return hung && this.#watchMode === 'wait' && this.#watching === 'unproven';
  }

  #withPin(
    { slot, label, serial, run }: TokenPlace,
    header: object,
    act: Act,
    data: readonly Uint8Array[],
    codes: readonly (SecretBytes | undefined)[],
  ): Promise<HostAnswer> {
    const pad = codes.some((code) => code === undefined);
    const typed = pad ? [] : codes.flatMap((code) => code ?? []);
    // A module could take an empty PIN for a wrong one.
    if (typed.some((code) => code.length === 0)) {
      return Promise.reject(
        new Failure('pin-length', {
          parameters: { pin: act.pin ?? 'PIN1', min: act.length?.min ?? 1, max: act.length?.max ?? 1 },
        }),
      );
    }
    return this.#inTurn(act, async () => {
      this.#refuseOld([{ run }]);
      const process = this.#process;
      if (!process?.alive) throw new Failure('card-changed', { detail: 'the module was started anew' });
      const parts = [...data, ...typed.map((code) => code.expose())];
      const deadline = pad ? this.#deadlines.pad : this.#deadlines.pin;
      return process.request({ ...header, slot, label, serial, pad }, parts, deadline);
    });
  }

  /** A token that an earlier run of the process showed may not be the one that lies there now. */
  #refuseOld(places: readonly Pick<TokenPlace, 'run'>[]): void {
    if (places.some(({ run }) => run !== this.#run)) {
      throw new Failure('card-changed', { detail: 'the module was started anew' });
    }
  }

  #inTurn<T>(act: Act, work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work).catch((error: unknown) => {
      throw this.#explain(error, act);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** The failure for the caller; a process that lied or was lost is gone, and everybody hears of it. */
  #explain(error: unknown, act: Act): unknown {
    const failure = callFailure(error, act, this.name);
    const lied = error instanceof HostTrouble && ['answer', 'request', 'panic'].includes(error.trouble.kind);
    if (lied) this.#process?.kill();
    if ((lied || error instanceof HostLost) && failure instanceof Failure) {
      const loss = failure.cause instanceof Failure ? failure.cause : failure;
      if (this.#process) this.#lost(this.#process, loss);
    }
    return failure;
  }

  /** Counts the loss of the running process and tells of it, once. */
  #lost(process: HostProcess, failure: Failure): void {
    if (this.#process !== process || this.#closed) return;
    this.#process = undefined;
    this.#count(failure);
    this.#tell({ kind: 'ended', failure });
  }

  #count(failure: Failure): void {
    this.#losses.push(Date.now());
    this.#lastLoss = failure;
  }

  #tell(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  async #running(): Promise<HostProcess> {
    if (this.#process?.alive) return this.#process;
    if (this.#closed) throw new Failure('cancelled');
    this.#losses = this.#losses.filter((time) => Date.now() - time < lossesWithinMs);
    if (this.#losses.length >= mostLosses && this.#lastLoss) throw this.#lastLoss;
    this.#process = undefined;
    const architectures = await inspectModule(this.choice);
    const process = await HostProcess.start(this.#program(architectures), this.choice.path, {
      deadlineMs: this.#deadlines.reading,
      environment: this.#options.environment ?? hostEnvironment(),
      onSlots: () => this.#tell({ kind: 'slots' }),
    }).catch((error: unknown) => {
      const failure = callFailure(error, { kind: 'read' }, this.name);
      if (error instanceof HostLost && failure instanceof Failure) this.#count(failure);
      throw failure;
    });
    if (this.#closed) {
      process.kill();
      throw new Failure('cancelled');
    }
    this.#run += 1;
    this.#watching = 'no';
    this.#process = process;
    if (this.#callListeners.size > 0) await this.#setCalls(process);
    void process.ended.then(() => {
      // It died while nobody asked it anything.
      this.#lost(process, new Failure('module-crashed', { parameters: { file: this.name } }));
    });
    return process;
  }

  /** A process loads libraries for its own processor only. */
  #program(architectures: readonly string[]): string {
    if (this.#options.program !== undefined) return this.#options.program;
    const preferred = architectures.includes(process.arch) ? process.arch : architectures[0];
    const foreign = preferred !== process.arch && process.platform === 'linux';
    if (preferred === undefined || foreign) {
      throw new Failure('module-invalid', {
        parameters: { file: this.name },
        detail: 'for another processor',
      });
    }
    return moduleHostProgram(preferred);
  }

  /** What a schema made of an answer; a process that says what cannot be is ended. */
  #believe<T>(process: HostProcess, parsed: { success: true; data: T } | { success: false }): T {
    if (parsed.success) return parsed.data;
    process.kill();
    throw new HostLost('garbage', false, 'an answer that does not fit its schema');
  }
}
