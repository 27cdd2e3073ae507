import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import type { TrainingState } from '../../electron/contract/diagnostics/training.ts';
import type { Failure } from '../../electron/contract/failures/failure.ts';
import type { ReaderJson, TokenJson } from '../../electron/contract/model/card.ts';
import type { PinPrompt, SessionJson, StatusJson } from '../../electron/contract/model/status.ts';
import type { ChosenDocument, WindowSettings } from '../../electron/contract/pages/host-methods.ts';
import type { HostMessage } from '../../electron/contract/pages/page-messages.ts';
import type { DataService, ServiceAnswers } from '../../electron/contract/portal/services.ts';

/** What the window knows of one data service. */
export type DataState<S extends DataService = DataService> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly answer: ServiceAnswers[S] }
  | { readonly state: 'failed'; readonly failure: Failure };

/** Everything that is about a person. It is dropped as a whole, in the same turn in which its card goes. */
export interface Personal {
  readonly token: TokenJson;
  /** The reader on which the card lies. */
  readonly reader: string | null;
  /** When the card was read, by this machine's clock; milliseconds. */
  readonly readAt: number;
  readonly data: { readonly [S in DataService]?: DataState<S> };
}

export type Host = Extract<HostMessage, { type: 'welcome' }>['host'];

export interface WindowState {
  /** `connecting` until the first welcome; `down`: the agent comes back; `lost`: it does not. */
  readonly connection: 'connecting' | 'up' | 'down' | 'lost';
  /** How often the agent has come back since this window opened. */
  readonly restarts: number;
  readonly host: Host | null;
  readonly settings: WindowSettings;
  readonly service: StatusJson['service']['state'];
  readonly readers: readonly ReaderJson[];
  readonly session: SessionJson;
  /** Why there is no token although a card lies on a reader. */
  readonly problem: Failure | null;
  readonly personal: Personal | null;
  /** The question that the PIN window shows. */
  readonly prompt: PinPrompt | null;
  /** Documents dropped on the window, until the page for signing takes them. */
  readonly dropped: readonly ChosenDocument[];
  /** Training mode. */
  readonly sandbox: boolean;
  /** The exercise under way. */
  readonly training: TrainingState | null;
  /** Grows whenever personal data have gone: what a page keeps for itself goes with it (`PersonalScope`). */
  readonly epoch: number;
}

export const initialState: WindowState = {
  connection: 'connecting',
  restarts: 0,
  host: null,
  settings: { language: 'ro', theme: 'system', textSize: 100, reader: null, shuffledDigits: false },
  service: 'running',
  readers: [],
  session: { state: 'none' },
  problem: null,
  personal: null,
  prompt: null,
  dropped: [],
  sandbox: false,
  training: null,
  epoch: 0,
};

/** The window's one store. Listeners run in the turn of the change. */
export class WindowStore {
  #state: WindowState;
  readonly #listeners = new Set<() => void>();

  constructor(state: WindowState = initialState) {
    this.#state = state;
  }

  readonly get = (): WindowState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Changes the state. Whoever drops or replaces a person, or leaves a session, also starts a new epoch. */
  update(change: (state: WindowState) => Partial<WindowState>): void {
    const before = this.#state;
    const after = { ...before, ...change(before) };
    const left = before.personal !== null && before.personal.token.serial !== after.personal?.token.serial;
    const signedOut = before.session.state === 'signed-in' && after.session.state !== 'signed-in';
    this.#state = left || signedOut ? { ...after, epoch: before.epoch + 1 } : after;
    for (const listener of [...this.#listeners]) listener();
  }
}

export const StoreContext = createContext<WindowStore | null>(null);

export function useStore(): WindowStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('outside of a window');
  return store;
}

/**
 * A part of the window's state. React renders a change of an external store at once and never as a transition, so
 * what has gone from the store is gone from the next frame.
 * @param select must be pure; a new object each time is fine, it is compared with the last one field by field
 */
export function useWindow<T>(select: (state: WindowState) => T): T {
  const store = useStore();
  const last = useRef<{ value: T } | null>(null);
  return useSyncExternalStore(store.subscribe, () => {
    const value = select(store.get());
    if (last.current !== null && sameFields(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

function sameFields(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.is(Reflect.get(one, name), Reflect.get(other, name)));
}

/** Whether anything on screen is simulated. */
export const isSimulated = (state: WindowState): boolean =>
  state.sandbox ||
  state.personal?.token.simulated === true ||
  state.session.portal?.simulated === true ||
  state.prompt?.simulated === true;
