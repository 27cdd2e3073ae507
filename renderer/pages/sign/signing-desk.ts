import { useEffect, useSyncExternalStore } from 'react';
import { asFailure, Failure } from '../../../electron/contract/failures/failure.ts';
import { maxDocuments } from '../../../electron/contract/model/signing.ts';
import type { ChosenDocument } from '../../../electron/contract/pages/host-methods.ts';
import type { PageResult } from '../../../electron/contract/pages/page-messages.ts';
import { type HostLink, useLink } from '../../app/host-link.ts';
import { useStore, type WindowState, type WindowStore } from '../../app/window-store.ts';

export type SignedResult = PageResult<'host.documents.sign'>['results'][number];

/** What lies on the desk. */
export interface DeskState {
  readonly documents: readonly ChosenDocument[];
  /** The document being read, by its id. */
  readonly open: string | null;
  readonly reason: string;
  readonly location: string;
  /** The system's dialog for files is open. */
  readonly choosing: boolean;
  readonly signing: 'no' | 'running' | 'cancelling';
  /** Once something has been signed, or tried to. */
  readonly results: readonly SignedResult[] | null;
  /** Why nothing was signed, or nothing could be chosen. */
  readonly failure: Failure | null;
  /** More were chosen than one act can sign. */
  readonly tooMany: boolean;
  /** The card was taken and the desk cleared for it. */
  readonly cleared: boolean;
}

/** How long an agent that came back may take to say what lies on the reader, in milliseconds. */
const recoveryMs = 10_000;

const emptyDesk: DeskState = {
  documents: [],
  open: null,
  reason: '',
  location: '',
  choosing: false,
  signing: 'no',
  results: null,
  failure: null,
  tooMany: false,
  cleared: false,
};

/**
 * The documents of one signing. They stay while somebody looks at another page, to unblock a PIN, say, and go in the
 * same turn as the card: what someone signs is about them.
 */
export class SigningDesk {
  readonly #link: HostLink;
  readonly #store: WindowStore;
  readonly #listeners = new Set<() => void>();
  #state = emptyDesk;
  /** Serial of the card that lay there; null until one did. */
  #card: string | null = null;
  /** The agent has gone: whether the card is still there is not known yet. */
  #unsure = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(link: HostLink, store: WindowStore) {
    this.#link = link;
    this.#store = store;
    this.#watch(store.get());
    store.subscribe(() => {
      this.#watch(store.get());
      this.takeDropped();
    });
  }

  readonly get = (): DeskState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens the system's dialog and puts what was chosen on the desk. */
  async choose(): Promise<void> {
    if (this.#state.choosing || this.#state.signing !== 'no') return;
    this.#put({ choosing: true, failure: null });
    const card = this.#card;
    try {
      const { documents } = await this.#link.request('host.documents.choose', {});
      // Chosen for a card that has gone meanwhile.
      if (this.#card !== card && card !== null) this.#put({ choosing: false });
      else this.#add(documents);
    } catch (thrown) {
      this.#put({ choosing: false, failure: asFailure(thrown) });
    }
  }

  /** Lays down what was dropped on the window; not while something is being signed. */
  takeDropped(): void {
    const { dropped } = this.#store.get();
    if (dropped.length === 0 || this.#state.signing !== 'no') return;
    this.#store.update(() => ({ dropped: [] }));
    this.#add(dropped);
  }

  #add(documents: readonly ChosenDocument[]): void {
    if (documents.length === 0) {
      this.#put({ choosing: false });
      return;
    }
    // After a signing the next choice begins a new one.
    const before = this.#state.results === null ? this.#state.documents : [];
    const known = new Set(before.map(({ id }) => id));
    const all = [...before, ...documents.filter(({ id }) => !known.has(id))];
    this.#put({
      choosing: false,
      failure: null,
      documents: all.slice(0, maxDocuments),
      open: documents[0]?.id ?? this.#state.open,
      results: null,
      tooMany: all.length > maxDocuments,
      cleared: false,
    });
  }

  remove(id: string): void {
    const { documents, open, signing } = this.#state;
    if (signing !== 'no') return;
    const at = documents.findIndex((one) => one.id === id);
    const rest = documents.filter((one) => one.id !== id);
    this.#put({
      documents: rest,
      open: open === id ? (rest[Math.min(at, rest.length - 1)]?.id ?? null) : open,
      tooMany: false,
      failure: null,
    });
  }

  read(id: string): void {
    this.#put({ open: id });
  }

  write(part: Pick<Partial<DeskState>, 'reason' | 'location'>): void {
    this.#put(part);
  }

  /** Signs what lies there: one act, one entry of the PIN in its own window. */
  async sign(): Promise<void> {
    const { documents, signing, reason, location } = this.#state;
    if (signing !== 'no' || documents.length === 0) return;
    const controller = new AbortController();
    this.#abort = controller;
    this.#put({ signing: 'running', failure: null, results: null });
    try {
      const { results } = await this.#link.request(
        'host.documents.sign',
        {
          ids: documents.map(({ id }) => id),
          ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
          ...(location.trim() === '' ? {} : { location: location.trim() }),
        },
        { signal: controller.signal },
      );
      if (this.#abort === controller) this.#put({ signing: 'no', results });
    } catch (thrown) {
      if (this.#abort === controller) this.#put({ signing: 'no', failure: asFailure(thrown) });
    }
    this.takeDropped();
  }

  cancel(): void {
    if (this.#state.signing !== 'running') return;
    this.#put({ signing: 'cancelling' });
    this.#abort?.abort();
  }

  /** What was not signed is left on the desk. */
  again(): void {
    const failed = new Set(
      this.#state.results?.filter(({ failure }) => failure !== undefined).map(({ id }) => id),
    );
    const documents = this.#state.documents.filter(({ id }) => failed.has(id));
    this.#put({ documents, open: documents[0]?.id ?? null, results: null, failure: null });
  }

  clear(): void {
    if (this.#state.signing === 'no') this.#put({ ...emptyDesk });
  }

  #watch(state: WindowState): void {
    const lies = state.personal?.token.serial ?? null;
    if (state.connection !== 'up') {
      this.#unsure = true;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    if (lies !== null && (this.#card === null || this.#card === lies)) {
      this.#card = lies;
      this.#unsure = false;
      return;
    }
    if (this.#card === null) return;
    // The agent has come back, looks for its readers and reads the card again: wait for what it says.
    if (lies === null && this.#unsure && !isEmpty(state)) {
      this.#timer ??= setTimeout(() => {
        this.#unsure = false;
        this.#watch(this.#store.get());
      }, recoveryMs);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#card = lies;
    this.#unsure = false;
    this.#abort?.abort();
    this.#abort = null;
    const { documents, results, signing, cleared, failure } = this.#state;
    const had = documents.length > 0 || results !== null;
    this.#put({
      ...emptyDesk,
      failure:
        signing === 'no' ? (failure?.code === 'agent-lost' ? failure : null) : new Failure('card-removed'),
      cleared: had || cleared,
    });
  }

  #put(part: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The readers are known, and nothing lies on any. */
const isEmpty = ({ readers }: WindowState): boolean =>
  readers.length > 0 && readers.every((reader) => reader.state === 'empty');

const desks = new WeakMap<WindowStore, SigningDesk>();

/** The window's desk, and what lies on it. */
export function useDesk(): [DeskState, SigningDesk] {
  const link = useLink();
  const store = useStore();
  let desk = desks.get(store);
  if (desk === undefined) {
    desk = new SigningDesk(link, store);
    desks.set(store, desk);
  }
  const here = desk;
  useEffect(() => here.takeDropped(), [here]);
  return [useSyncExternalStore(desk.subscribe, desk.get), desk];
}
