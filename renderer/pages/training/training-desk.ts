import { useEffect, useSyncExternalStore } from 'react';
import type {
  ExerciseId,
  TrainingCause,
  TrainingState,
} from '../../../electron/contract/diagnostics/training.ts';
import { type HostLink, useLink } from '../../app/host-link.ts';
import { useWindow } from '../../app/window-store.ts';

/** What is remembered while the window is open, in memory alone: nobody is graded. */
interface Remembered {
  /** Exercises that were done; cases that were solved. */
  readonly done: ReadonlySet<ExerciseId>;
  /** The true causes of cases that were answered: they come with the answer and not again. */
  readonly truths: Readonly<Partial<Record<ExerciseId, TrainingCause>>>;
}

class TrainingRecord {
  readonly #listeners = new Set<() => void>();
  #state: Remembered = { done: new Set(), truths: {} };

  readonly get = (): Remembered => this.#state;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A case counts as solved when the answer was right. */
  readonly note = ({ exercise, finished, diagnosis }: TrainingState): void => {
    const { done } = this.#state;
    if (!finished || diagnosis?.right === false || done.has(exercise)) return;
    this.#put({ done: new Set([...done, exercise]) });
  };

  readonly tell = (exercise: ExerciseId, cause: TrainingCause): void =>
    this.#put({ truths: { ...this.#state.truths, [exercise]: cause } });

  #put(change: Partial<Remembered>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener();
  }
}

const records = new WeakMap<HostLink, TrainingRecord>();

/** The exercise under way, and those that are done. */
export function useTraining(): Remembered & {
  readonly training: TrainingState | null;
  /** What the true cause of a case is. */
  readonly tell: TrainingRecord['tell'];
} {
  const link = useLink();
  const training = useWindow((state) => state.training);
  let record = records.get(link);
  if (record === undefined) {
    const made = new TrainingRecord();
    // Also while another page is open, where the steps are done.
    link.onEvent((event) => {
      if (event.kind === 'training' && event.training !== null) made.note(event.training);
    });
    records.set(link, made);
    record = made;
  }
  const { note, tell } = record;
  useEffect(() => {
    if (training !== null) note(training);
  }, [training, note]);
  return { ...useSyncExternalStore(record.subscribe, record.get), training, tell };
}
