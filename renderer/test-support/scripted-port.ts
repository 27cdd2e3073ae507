import type { PinPrompt } from '../../electron/contract/model/status.ts';
import type { WindowSettings } from '../../electron/contract/pages/host-methods.ts';
import type {
  HostMessage,
  PageMessage,
  PageMethodName,
  PagePort,
} from '../../electron/contract/pages/page-messages.ts';
import type { DataService } from '../../electron/contract/portal/services.ts';
import type { AgentEvent } from '../../electron/contract/protocol/messages.ts';
import type { Answer } from './answer.ts';
import { documentAnswer } from './documents.ts';
import { reader } from './people.ts';
import type { Scenario } from './scenarios.ts';

export interface ScriptedPortOptions {
  readonly settings?: Partial<WindowSettings>;
  /** For a PIN page. */
  readonly prompt?: PinPrompt;
  /** Goes before what the scenario answers. */
  readonly answer?: (method: PageMethodName, params: Record<string, unknown>) => Answer;
}

/** A host that plays a scenario: for the gallery and the component tests. */
export class ScriptedPort implements PagePort {
  /** Everything the page has said. */
  readonly said: PageMessage[] = [];
  readonly #scenario: Scenario;
  readonly #options: ScriptedPortOptions;
  #settings: WindowSettings;
  #listener: (text: string) => void = () => {};

  constructor(scenario: Scenario, options: ScriptedPortOptions = {}) {
    this.#scenario = scenario;
    this.#options = options;
    this.#settings = {
      language: 'ro',
      theme: 'light',
      textSize: 100,
      reader: null,
      shuffledDigits: false,
      ...options.settings,
    };
  }

  onMessage(listener: (text: string) => void): void {
    this.#listener = listener;
  }

  send(text: string): void {
    const message = JSON.parse(text) as PageMessage;
    this.said.push(message);
    queueMicrotask(() => this.#react(message));
  }

  /** Says something to the page, as the host would. */
  say(message: HostMessage): void {
    this.#listener(JSON.stringify(message));
  }

  event(event: AgentEvent): void {
    this.say({ type: 'event', event });
  }

  /** The card leaves the reader: the events in the agent's order. */
  removeCard(): void {
    const away = reader('empty');
    this.event({ kind: 'readers', service: { state: 'running' }, readers: [away] });
    this.event({ kind: 'token', reader: null, token: null });
    this.event({ kind: 'session', session: { state: 'wiped', wipedBecause: 'removed' } });
  }

  #react(message: PageMessage): void {
    if (message.type === 'hello') this.#welcome();
    else if (message.type === 'cancel')
      this.say({ type: 'failure', id: message.id, failure: { code: 'cancelled', parameters: {} } });
    else {
      const answer =
        this.#options.answer?.(message.method, message.params) ??
        this.#answer(message.method, message.params);
      if (answer === undefined) return;
      if ('result' in answer) {
        this.say({ type: 'result', id: message.id, result: answer.result });
        for (const event of answer.events ?? []) this.event(event);
      } else
        this.#listener(
          JSON.stringify({
            type: 'failure',
            id: message.id,
            failure: { code: answer.failure, parameters: { host: 'servicii.exemplu.md' } },
          }),
        );
    }
  }

  #welcome(): void {
    const { prompt } = this.#options;
    this.say({
      type: 'welcome',
      page: prompt === undefined ? 'main' : 'pin',
      host: { kind: 'chromium', hostVersion: '150', platform: 'linux', version: '0.1.0' },
      settings: this.#settings,
      snapshot: prompt === undefined ? this.#scenario.snapshot : null,
      ...(prompt === undefined ? {} : { prompt }),
    });
    const { after } = this.#scenario;
    if (after === 'card-removed') setTimeout(() => this.removeCard(), 50);
    else if (after !== undefined)
      setTimeout(() => this.say({ type: 'agent-down', final: after === 'agent-lost' }), 50);
  }

  #answer(method: PageMethodName, params: Record<string, unknown>): Answer {
    const { data, dataFails, loginFails, answers } = this.#scenario;
    const scripted = answers?.[method];
    if (scripted !== undefined) return scripted(params);
    switch (method) {
      case 'host.settings.set':
        this.#settings = { ...this.#settings, ...(params as Partial<WindowSettings>) };
        queueMicrotask(() => this.say({ type: 'settings', settings: this.#settings }));
        return { result: { settings: this.#settings } };
      case 'data.read': {
        if (dataFails !== undefined) return { failure: dataFails };
        const answer = data?.[params.service as DataService];
        return answer === undefined ? undefined : { result: answer };
      }
      case 'session.login':
        return loginFails === undefined ? undefined : { failure: loginFails };
      case 'host.print':
        return { result: { done: true } };
      case 'host.save':
        return { result: { saved: true } };
      case 'pin.cancel':
      case 'pin.submit':
      case 'pin.agree':
        return { result: {} };
      default:
        return documentAnswer(method, params, this.#scenario.documents);
    }
  }
}
