import { useSyncExternalStore } from 'react';
import type { DoctorReport } from '../../../electron/contract/diagnostics/doctor.ts';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { type HostLink, useLink } from '../../app/host-link.ts';

export interface DoctorState {
  readonly phase: 'idle' | 'running' | 'done' | 'stopped' | 'failed';
  /** When the present or last run began; milliseconds. */
  readonly startedAt: number;
  /** What the last run that ended has found; it stays while another one runs. */
  readonly report: DoctorReport | null;
  /** When it ended. */
  readonly reportedAt: string;
  readonly failure: Failure | null;
}

/** A report of the last moments. */
const freshMs = 3_000;

/** The doctor's last report, kept while the window is open: one may leave the page to do what it says. */
export class DoctorDesk {
  readonly #link: HostLink;
  readonly #listeners = new Set<() => void>();
  #state: DoctorState = { phase: 'idle', startedAt: 0, report: null, reportedAt: '', failure: null };
  #abort: AbortController | null = null;

  constructor(link: HostLink) {
    this.#link = link;
  }

  readonly get = (): DoctorState => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs all checks; one run at a time. */
  readonly run = async (): Promise<void> => {
    if (this.#abort !== null) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.#put({ phase: 'running', startedAt: Date.now(), failure: null });
    try {
      const report = await this.#link.request('doctor.run', {}, { signal: abort.signal });
      this.#put({ phase: 'done', report, reportedAt: new Date().toISOString() });
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.#put(failure.code === 'cancelled' ? { phase: 'stopped' } : { phase: 'failed', failure });
    } finally {
      this.#abort = null;
    }
  };

  /** Runs them, unless that was done in the last moments: a report says how things were. */
  readonly runUnlessFresh = async (): Promise<void> => {
    const { phase, reportedAt } = this.#state;
    if (phase === 'done' && Date.now() - Date.parse(reportedAt) < freshMs) return;
    await this.run();
  };

  readonly cancel = (): void => this.#abort?.abort();

  #put(change: Partial<DoctorState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const desks = new WeakMap<HostLink, DoctorDesk>();

/** The window's one desk. */
export function useDoctorDesk(): readonly [DoctorState, DoctorDesk] {
  const link = useLink();
  let desk = desks.get(link);
  if (desk === undefined) {
    desk = new DoctorDesk(link);
    desks.set(link, desk);
  }
  return [useSyncExternalStore(desk.subscribe, desk.get), desk];
}
