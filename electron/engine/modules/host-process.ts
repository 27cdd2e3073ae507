/** One running module host: a process, its pipe, and the request that is under way. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Failure } from '../../contract/failures/failure.ts';
import { encodeFrame, type Frame, FrameReader } from './frames.ts';
import {
  messageSchema,
  type Ready,
  readySchema,
  type TokenState,
  type Trouble,
  unusableSchema,
} from './messages.ts';
import type { ModuleCall } from './module-calls.ts';
import { returnValueName } from './return-values.ts';

/** How a process ended that should have lived. */
export type Loss = 'crashed' | 'timeout' | 'garbage';

/** The process is gone, and with it the request. */
export class HostLost extends Error {
  override readonly name = 'HostLost';
  readonly loss: Loss;
  /** A PIN was with the module: what became of it nobody knows. */
  readonly presenting: boolean;

  constructor(loss: Loss, presenting: boolean, detail?: string) {
    super(detail ? `${loss}: ${detail}` : loss);
    this.loss = loss;
    this.presenting = presenting;
  }
}

/** The file cannot be used as a module. */
export class ModuleUnusable extends Error {
  override readonly name = 'ModuleUnusable';
  /** `initialize`: it is a module, which reported an error while starting. */
  readonly reason: 'load' | 'no-function-list' | 'function-list' | 'initialize';
  readonly returned: number | undefined;

  constructor(reason: ModuleUnusable['reason'], returned?: number) {
    super(returned === undefined ? reason : `${reason}: 0x${returned.toString(16)}`);
    this.reason = reason;
    this.returned = returned;
  }
}

/** The module answered a request with a trouble. */
export class HostTrouble extends Error {
  override readonly name = 'HostTrouble';
  readonly trouble: Trouble;
  /** What the token says of its PINs since. */
  readonly token: TokenState | undefined;

  constructor(trouble: Trouble, token: TokenState | undefined) {
    super(trouble.kind);
    this.trouble = trouble;
    this.token = token;
  }
}

export interface HostAnswer {
  readonly result: unknown;
  readonly parts: readonly Uint8Array[];
}

/** Variables that PKCS#11 modules need to find the user's folders and the card service; nothing else is passed on. */
const passedVariables = [
  ...['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME'],
  ...['PCSCLITE_CSOCK_NAME', 'OPENSC_CONF', 'SOFTHSM2_CONF'],
  ...['SystemRoot', 'SystemDrive', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'ProgramData', 'TEMP', 'TMP'],
];

/** The environment of a module host. */
export function hostEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const given = passedVariables.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]]));
  return Object.fromEntries(given);
}

interface Waiting {
  readonly id: number;
  presenting: boolean;
  resolve(answer: HostAnswer): void;
  reject(error: Error): void;
}

/** Who waits for the first message. */
interface Beginning {
  resolve(ready: Ready): void;
  reject(error: Error): void;
}

export class HostProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #reader = new FrameReader();
  readonly #onSlots: () => void;
  readonly #ready: Beginning;
  #isReady = false;
  #library: Ready['library'] = null;
  #waiting: Waiting | undefined;
  #lost: HostLost | undefined;
  #lastId = 0;
  /** Told of functions of the module, while that has been asked for. */
  onCall: ((call: ModuleCall) => void) | undefined;
  /** Resolves when the process is gone, however. */
  readonly ended: Promise<void>;

  private constructor(
    program: string,
    module: string,
    environment: NodeJS.ProcessEnv,
    onSlots: () => void,
    ready: Beginning,
  ) {
    this.#onSlots = onSlots;
    this.#ready = ready;
    this.#child = spawn(program, [module], {
      cwd: path.parse(program).root,
      env: environment,
      // What vendor code prints could hold anything: nobody reads it.
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    this.ended = new Promise((resolve) => {
      const over = (): void => {
        this.#end('crashed');
        resolve();
      };
      this.#child.once('error', over);
      this.#child.once('close', over);
      // A child of the module's could keep the pipe open.
      this.#child.once('exit', () => setTimeout(over, 200).unref());
    });
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /**
   * Starts the program on a module and waits until the module has been initialised.
   * @param options.deadlineMs for loading and initialising
   * @throws Failure `module-host-missing`; ModuleUnusable; HostLost
   */
  static async start(
    program: string,
    module: string,
    options: {
      readonly deadlineMs: number;
      readonly environment: NodeJS.ProcessEnv;
      readonly onSlots: () => void;
    },
  ): Promise<HostProcess> {
    if (!existsSync(program)) {
      throw new Failure('module-host-missing', { parameters: { file: path.basename(program) } });
    }
    const { promise, ...ready } = Promise.withResolvers<Ready>();
    const host = new HostProcess(program, module, options.environment, options.onSlots, ready);
    const late = setTimeout(() => host.#end('timeout'), options.deadlineMs);
    try {
      host.#library = (await promise).library;
      return host;
    } finally {
      clearTimeout(late);
    }
  }

  /** What `C_GetInfo` said; null when it failed. */
  get library(): Ready['library'] {
    return this.#library;
  }

  /** Process id, for tests. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /**
   * Sends one request and waits for its answer; one at a time. The message is overwritten once it is sent.
   * @throws HostTrouble; HostLost, also when the deadline passes: the process is killed then
   */
  async request(header: object, parts: readonly Uint8Array[], deadlineMs: number): Promise<HostAnswer> {
    if (this.#lost) throw new HostLost(this.#lost.loss, false);
    if (this.#waiting) throw new Error('one request at a time');
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = new Promise<HostAnswer>((resolve, reject) => {
      this.#waiting = { id, presenting: false, resolve, reject };
    });
    const frame = encodeFrame({ id, ...header }, parts);
    this.#child.stdin.write(frame, () => frame.fill(0));
    const late = setTimeout(() => this.#end('timeout'), deadlineMs);
    try {
      return await answer;
    } finally {
      clearTimeout(late);
      this.#waiting = undefined;
    }
  }

  /** Lets the module finish, for a moment, and ends the process. */
  async close(): Promise<void> {
    if (!this.#lost) {
      this.#lost = new HostLost('crashed', this.#waiting?.presenting ?? false, 'closed');
      this.#waiting?.reject(this.#lost);
    }
    this.#child.stdin.end();
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 1_000);
    await this.ended;
    clearTimeout(killer);
  }

  /** Ends the process at once. */
  kill(): void {
    this.#end('crashed');
  }

  #end(loss: Loss, detail?: string): void {
    if (!this.#lost) {
      this.#lost = new HostLost(loss, this.#waiting?.presenting ?? false, detail);
      this.#waiting?.reject(this.#lost);
      if (!this.#isReady) this.#ready.reject(this.#lost);
    }
    this.#child.kill('SIGKILL');
  }

  #take(chunk: Buffer): void {
    if (this.#lost) return;
    try {
      for (const frame of this.#reader.take(chunk)) this.#frame(frame);
    } catch (error) {
      this.#end('garbage', error instanceof Error ? error.message : undefined);
    }
  }

  /** @throws what the schemas throw, and Error for a message that nobody waits for */
  #frame({ header, parts }: Frame): void {
    if (!this.#isReady) {
      const unusable = unusableSchema.safeParse(header);
      if (unusable.success) {
        const { reason } = unusable.data;
        this.#ready.reject(
          typeof reason === 'string'
            ? new ModuleUnusable(reason)
            : new ModuleUnusable('initialize', reason.initialize.code),
        );
        return;
      }
      const ready = readySchema.parse(header);
      this.#isReady = true;
      this.#ready.resolve(ready);
      return;
    }
    const message = messageSchema.parse(header);
    if ('event' in message && message.event === 'slots') {
      this.#onSlots();
      return;
    }
    if ('event' in message && message.event === 'call') {
      const { code, us } = message;
      this.onCall?.({ function: message.function, result: returnValueName(code), ms: us / 1_000 });
      return;
    }
    const waiting = this.#waiting;
    if (!('id' in message) || waiting?.id !== message.id) throw new Error('an answer that nobody asked for');
    if ('event' in message) waiting.presenting = message.event === 'presenting';
    else if ('error' in message) waiting.reject(new HostTrouble(message.error, message.token));
    else waiting.resolve({ result: message.result, parts });
  }
}
