/**
 * What both hosts share: the pages that are open, what they may have from the shell, and the PIN windows, which open
 * and close with the agent's questions.
 */
import { basename, isAbsolute } from 'node:path';
import { bundleText } from '../../contract/diagnostics/bundle.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { FailureWire } from '../../contract/model/failure.ts';
import type { PinPrompt } from '../../contract/model/status.ts';
import type { HostMethodName, WindowSettings } from '../../contract/pages/host-methods.ts';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import type { AgentEvent, AgentSnapshot } from '../../contract/protocol/messages.ts';
import { fixQuestion } from '../../contract/text/fix-question.ts';
import { AgentView, type SupervisedAgent } from './agent-view.ts';
import { DocumentRegistry } from './documents.ts';
import { fileName } from './file-name.ts';
import { PageSession } from './page-session.ts';
import type {
  Host,
  HostInfo,
  HostParams,
  HostPort,
  HostResult,
  PinWindow,
  ShellLog,
  ShellServices,
  WindowHandle,
} from './shell-services.ts';
import { UserSettings } from './user-settings.ts';
import { writeWholeFile } from './whole-file.ts';

export interface ShellOptions {
  /** Not yet started: the shell wants to see its first `up`. */
  readonly agent: SupervisedAgent;
  readonly host: Host;
  readonly settings?: UserSettings;
  readonly log?: ShellLog;
}

export interface ConnectOptions {
  readonly kind: PageKind;
  readonly port: HostPort;
  /** The question of a pin page. */
  readonly prompt?: PinPrompt;
  /** The page's window: comes back to the host with what the page asks of it. */
  readonly window?: WindowHandle;
}

type HostCalls = {
  readonly [M in HostMethodName]: (
    params: HostParams<M>,
    window: WindowHandle,
    signal: AbortSignal,
  ) => Promise<HostResult<M>>;
};

export class Shell implements ShellServices {
  readonly agent: AgentView;
  readonly documents = new DocumentRegistry();
  readonly #host: Host;
  readonly #settings: UserSettings;
  readonly #log: ShellLog;
  readonly #sessions = new Set<PageSession>();
  readonly #listeners = new Set<(settings: WindowSettings) => void>();
  readonly #pinWindows = new Map<string, PinWindow>();
  readonly #greeted = Promise.withResolvers<void>();

  constructor(options: ShellOptions) {
    this.#host = options.host;
    this.#settings = options.settings ?? new UserSettings();
    this.#log = options.log ?? ((line) => void process.stderr.write(`buletin: ${line}\n`));
    this.agent = new AgentView(options.agent);
    this.agent.on('event', (event) => this.#event(event));
    this.agent.on('up', (snapshot) => this.#up(snapshot));
    this.agent.on('down', () => this.#closePinWindows());
  }

  get host(): HostInfo {
    return this.#host.info;
  }

  /** Resolves when the first page runs. */
  get greeted(): Promise<void> {
    return this.#greeted.promise;
  }

  get settings(): WindowSettings {
    return this.#settings.current;
  }

  /** Connects a page that the host has opened (or loaded again). It ends when the port says so. */
  connect(options: ConnectOptions): PageSession {
    const { port } = options;
    const session = new PageSession({
      ...options,
      agent: this.agent,
      shell: this,
      log: this.#log,
      onGreeted: () => this.#greeted.resolve(),
      port: {
        send: (text) => port.send(text),
        onMessage: (listener) => port.onMessage(listener),
        onClose: (listener) =>
          port.onClose(() => {
            this.#sessions.delete(session);
            listener();
          }),
      },
    });
    this.#sessions.add(session);
    return session;
  }

  /** Documents that the person dropped on a window: every main page learns of them. */
  async dropped(paths: readonly string[]): Promise<void> {
    const documents = await this.documents.add(paths.filter((path) => /\.pdf$/i.test(path)));
    for (const session of this.#sessions) {
      if (session.kind === 'main') session.tell({ type: 'documents', documents });
    }
  }

  onSettings(listener: (settings: WindowSettings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call<M extends HostMethodName>(
    method: M,
    params: HostParams<M>,
    window: WindowHandle,
    signal: AbortSignal,
  ): Promise<HostResult<M>> {
    return this.#calls[method](params, window, signal);
  }

  /** Ends all sessions and closes the PIN windows. The host closes its own windows and stops the agent. */
  close(): void {
    this.#closePinWindows();
    for (const session of this.#sessions) session.close();
    this.#sessions.clear();
  }

  readonly #calls: HostCalls = {
    'host.documents.choose': async (_, window, signal) => {
      const paths = await this.#host.chooseDocuments(window, signal);
      return { documents: await this.documents.add(paths) };
    },
    'host.documents.read': async ({ id, offset, length }) => {
      const { data, size } = await this.documents.read(id, offset, length);
      return { data: data.toString('base64'), size };
    },
    'host.documents.sign': (params, _, signal) => this.#sign(params, signal),
    'host.documents.show': async ({ id }) => {
      await this.#host.showInFolder(this.documents.signed(id));
      return {};
    },
    'host.save': async ({ name, kind, content }, window, signal) => {
      const target = { name: fileName(name, kind), extension: kind };
      const path = await this.#host.chooseTarget(window, target, signal);
      if (path === null || signal.aborted) return { saved: false };
      await writeWholeFile(path, content);
      return { saved: true, name: basename(path) };
    },
    'host.report.save': async ({ bundle }, window, signal) => {
      const target = { name: fileName('Buletin report', 'json'), extension: 'json' } as const;
      const path = await this.#host.chooseTarget(window, target, signal);
      if (path === null || signal.aborted) return { saved: false };
      await writeWholeFile(path, bundleText(bundle));
      return { saved: true, name: basename(path) };
    },
    'host.doctor.fix': async ({ id, cause, lines }, window, signal) => {
      const question = await fixQuestion(this.settings.language, lines);
      const agreed = await this.#host.confirm(window, question, signal);
      if (agreed === null) throw new Failure('doctor-fix-none');
      if (!agreed || signal.aborted) throw new Failure('cancelled');
      return this.agent.request('doctor.fix', { id, cause, lines }, { signal });
    },
    'host.log.show': async (_params, _window, signal) => {
      const { file } = await this.agent.request('log.place', {}, { signal });
      await this.#host.showInFolder(file);
      return {};
    },
    'host.print': async ({ to }, window, signal) => {
      if (to === 'printer') return { done: await this.#host.print(window) };
      const target = { name: fileName('Buletin', 'pdf'), extension: 'pdf' } as const;
      const path = await this.#host.chooseTarget(window, target, signal);
      if (path === null || signal.aborted) return { done: false };
      await writeWholeFile(path, await this.#host.pdfOf(window));
      return { done: true, name: basename(path) };
    },
    'host.settings.set': async (change) => {
      const written = this.#settings.change(definedOnly(change));
      // The person sees the change at once, also where it cannot be kept.
      for (const listener of this.#listeners) listener(this.settings);
      return { settings: await written };
    },
  };

  async #sign(
    { ids, reason, location }: HostParams<'host.documents.sign'>,
    signal: AbortSignal,
  ): Promise<HostResult<'host.documents.sign'>> {
    const unique = [...new Set(ids)];
    const { reader } = this.settings;
    const { results } = await this.agent.request(
      'sign.documents',
      {
        documents: unique.map((id) => ({ input: this.documents.path(id) })),
        ...(reader === null ? {} : { reader }),
        ...(reason === undefined ? {} : { reason }),
        ...(location === undefined ? {} : { location }),
      },
      { signal },
    );
    return {
      results: results.map((result, index) => {
        const id = unique[index];
        if (id === undefined || result.input !== this.documents.path(id))
          throw new Failure('contract-violation', { detail: 'answers in another order' });
        if ('failure' in result) return { id, failure: withoutFolders(result.failure) };
        this.documents.setSigned(id, result.output);
        return {
          id,
          output: basename(result.output),
          signer: result.signer,
          digest: result.digest,
        };
      }),
    };
  }

  #event(event: AgentEvent): void {
    if (event.kind === 'prompt-open') this.#openPinWindow(event.prompt);
    else if (event.kind === 'prompt-close') this.#closePinWindow(event.promptId);
  }

  #up({ prompts }: AgentSnapshot): void {
    for (const prompt of prompts) this.#openPinWindow(prompt);
  }

  #openPinWindow(prompt: PinPrompt): void {
    const { promptId } = prompt;
    if (this.#pinWindows.has(promptId)) return;
    this.#pinWindows.set(
      promptId,
      this.#host.openPinWindow(prompt, () => this.#pinWindowClosed(promptId), this.settings.textSize),
    );
  }

  /** The person closed the window: that is a no to the question, unless it was answered already. */
  #pinWindowClosed(promptId: string): void {
    if (!this.#pinWindows.delete(promptId)) return;
    this.agent.request('pin.cancel', { promptId }).catch(() => undefined);
  }

  #closePinWindow(promptId: string): void {
    const window = this.#pinWindows.get(promptId);
    this.#pinWindows.delete(promptId);
    window?.close();
  }

  #closePinWindows(): void {
    for (const promptId of [...this.#pinWindows.keys()]) this.#closePinWindow(promptId);
  }
}

/** Leaves out what is there but undefined. */
function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

/** A failure for a page: file names instead of paths. */
function withoutFolders(failure: FailureWire): FailureWire {
  return {
    ...failure,
    parameters: Object.fromEntries(
      Object.entries(failure.parameters).map(([name, value]) => [
        name,
        typeof value === 'string' && isAbsolute(value) ? basename(value) : value,
      ]),
    ),
  };
}
