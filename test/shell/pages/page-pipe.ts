import { EventEmitter } from 'node:events';
import type { RequestOptions } from '../../../electron/client/agent-client.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import { type HostMessage, hostMessageSchema } from '../../../electron/contract/pages/page-messages.ts';
import type { AgentEvent, AgentSnapshot } from '../../../electron/contract/protocol/messages.ts';
import type { Host, HostPort, PinWindow, Question } from '../../../electron/shell/pages/shell-services.ts';

/** A page without a browser: what it was told, each message checked against the contract. */
export class PagePipe {
  readonly told: HostMessage[] = [];
  #listener: (message: unknown) => void = () => undefined;
  #gone: () => void = () => undefined;
  readonly port: HostPort = {
    send: (text) => this.told.push(hostMessageSchema.parse(JSON.parse(text))),
    onMessage: (listener) => {
      this.#listener = listener;
    },
    onClose: (listener) => {
      this.#gone = listener;
    },
  };

  /** As it is, text or not. */
  raw(message: unknown): void {
    this.#listener(message);
  }

  say(message: unknown): void {
    this.raw(JSON.stringify(message));
  }

  hello(): void {
    this.say({ type: 'hello' });
  }

  request(method: string, params: object = {}, id = crypto.randomUUID() as string): string {
    this.say({ type: 'request', id, method, params });
    return id;
  }

  vanish(): void {
    this.#gone();
  }

  /** What came for a request, or undefined. */
  answer(id: string): HostMessage | undefined {
    return this.told.find((message) => 'id' in message && message.id === id);
  }

  of<T extends HostMessage['type']>(type: T): Extract<HostMessage, { type: T }>[] {
    return this.told.filter((message): message is Extract<HostMessage, { type: T }> => message.type === type);
  }
}

interface Asked {
  readonly method: string;
  readonly params: object;
  readonly options: RequestOptions;
  resolve(result: unknown): void;
  reject(failure: Failure): void;
}

/** An agent that is told what to answer. */
export class ScriptedAgent extends EventEmitter {
  readonly asked: Asked[] = [];
  #alive = false;

  get client() {
    if (!this.#alive) throw new Failure('agent-lost');
    return {
      request: (method: string, params: object, options: RequestOptions = {}) =>
        new Promise<never>((resolve, reject) => {
          this.asked.push({ method, params, options, resolve: resolve as (result: unknown) => void, reject });
          options.signal?.addEventListener('abort', () => reject(new Failure('cancelled')));
        }),
    };
  }

  rise(snapshot: Partial<AgentSnapshot> = {}, restarts = 0): void {
    this.#alive = true;
    this.emit('up', { ...emptySnapshot, ...snapshot }, restarts);
  }

  die(final = false): void {
    this.#alive = false;
    for (const { reject } of this.asked) reject(new Failure('agent-lost'));
    this.emit('down', final);
  }

  happen(event: AgentEvent): void {
    this.emit('event', event);
  }
}

export const emptySnapshot: AgentSnapshot = {
  service: { state: 'running' },
  readers: [],
  reader: null,
  token: null,
  session: { state: 'none' },
  prompts: [],
  operations: [],
  sandbox: true,
};

/** 65 bytes. */
export const promptKey = Buffer.alloc(65, 4).toString('base64');

export const somePrompt = (changes: Partial<PinPrompt> = {}): PinPrompt => ({
  promptId: '00000000-0000-4000-8000-000000000001',
  operationId: '00000000-0000-4000-8000-000000000002',
  pin: 'PIN1',
  entry: 'current',
  purpose: 'verify',
  requester: null,
  legalAct: false,
  reader: 'Reader',
  simulated: true,
  length: { min: 4, max: 8 },
  tries: 3,
  lastTry: false,
  publicKey: promptKey,
  ...changes,
});

/** A host without windows: it remembers what it was asked for and answers what the test says. */
export class ScriptedHost implements Host {
  readonly info = { kind: 'chromium', hostVersion: '1', platform: 'linux', version: '0.1.0' } as const;
  readonly pinWindows: { prompt: PinPrompt; open: boolean; close: () => void }[] = [];
  readonly shown: string[] = [];
  readonly questions: Question[] = [];
  /** What the person says to questions; null: the host cannot ask. */
  agrees: boolean | null = true;
  chosen: readonly string[] = [];
  target: string | null = null;
  printed = true;

  openPinWindow(prompt: PinPrompt, closed: () => void): PinWindow {
    const window = { prompt, open: true, close: closed };
    this.pinWindows.push(window);
    return {
      close: () => {
        window.open = false;
      },
    };
  }
  chooseDocuments = async () => this.chosen;
  chooseTarget = async () => this.target;
  confirm = async (_: unknown, question: Question) => {
    this.questions.push(question);
    return this.agrees;
  };
  pdfOf = async () => new TextEncoder().encode('%PDF-1.7');
  print = async () => this.printed;
  showInFolder = async (path: string) => void this.shown.push(path);
}
