import { useSyncExternalStore } from 'react';
import type { MonitorLine } from '../../../electron/contract/diagnostics/monitor.ts';
import type { Trace } from '../../../electron/contract/diagnostics/trace.ts';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { type HostLink, useLink } from '../../app/host-link.ts';
import { useStore, type WindowStore } from '../../app/window-store.ts';

/** Lines that are kept; older ones go. */
const maxLines = 5_000;

export interface MonitorState {
  readonly on: boolean;
  readonly lines: readonly MonitorLine[];
  /** Lines that the agent had and this window never got. */
  readonly dropped: number;
  readonly tracing: boolean;
  readonly busy: boolean;
  readonly failure: Failure | null;
}

const nothing: MonitorState = {
  on: false,
  lines: [],
  dropped: 0,
  tracing: false,
  busy: false,
  failure: null,
};

/** The monitor goes on while other pages are open: it is started here, and the work to watch is done there. */
export class MonitorDesk {
  readonly #link: HostLink;
  readonly #listeners = new Set<() => void>();
  #state = nothing;

  constructor(link: HostLink, store: WindowStore) {
    this.#link = link;
    link.onEvent((event) => {
      if (event.kind === 'monitor') this.#add(event.lines);
    });
    store.subscribe(() => {
      const { on, tracing } = this.#state;
      // A new agent watches for nobody.
      if (store.get().connection !== 'up' && (on || tracing)) this.#put({ on: false, tracing: false });
    });
  }

  readonly get = (): MonitorState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly start = (): Promise<void> =>
    this.#do(async () => {
      await this.#link.request('monitor.start', {});
      this.#put({ on: true });
    });

  readonly stop = (): Promise<void> =>
    this.#do(async () => {
      await this.#link.request('monitor.stop', {});
      this.#put({ on: false });
    });

  readonly clear = (): void => this.#put({ lines: [], dropped: 0 });

  readonly startTrace = (): Promise<void> =>
    this.#do(async () => {
      await this.#link.request('trace.start', {});
      this.#put({ tracing: true });
    });

  /** Ends the recording and gives it out; undefined when that failed. */
  readonly stopTrace = async (): Promise<Trace | undefined> => {
    let recorded: Trace | undefined;
    await this.#do(async () => {
      const { trace } = await this.#link.request('trace.stop', {});
      this.#put({ tracing: false });
      recorded = trace;
    });
    return recorded;
  };

  async #do(work: () => Promise<void>): Promise<void> {
    if (this.#state.busy) return;
    this.#put({ busy: true, failure: null });
    try {
      await work();
    } catch (thrown) {
      this.#put({ failure: asFailure(thrown) });
    } finally {
      this.#put({ busy: false });
    }
  }

  #add(lines: readonly MonitorLine[]): void {
    const { lines: known, dropped } = this.#state;
    let last = known.at(-1)?.number ?? (lines[0]?.number ?? 1) - 1;
    let missing = 0;
    for (const { number } of lines) {
      missing += Math.max(0, number - last - 1);
      last = number;
    }
    this.#put({ lines: [...known, ...lines].slice(-maxLines), dropped: dropped + missing });
  }

  #put(change: Partial<MonitorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const desks = new WeakMap<HostLink, MonitorDesk>();

/** The window's one desk. */
export function useMonitorDesk(): readonly [MonitorState, MonitorDesk] {
  const link = useLink();
  const store = useStore();
  let desk = desks.get(link);
  if (desk === undefined) {
    desk = new MonitorDesk(link, store);
    desks.set(link, desk);
  }
  return [useSyncExternalStore(desk.subscribe, desk.get), desk];
}
