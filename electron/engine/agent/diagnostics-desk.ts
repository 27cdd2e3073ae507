/** What the agent does for the helpdesk: recordings of what passes between the program and cards. */
import type { Trace } from '../../contract/diagnostics/trace.ts';
import type { ObservedReaders } from '../diagnostics/observing/observed-readers.ts';
import { programVersion } from '../diagnostics/program-version.ts';
import { TraceRecorder } from '../diagnostics/trace/trace-recorder.ts';

export interface DiagnosticsDeskOptions {
  readonly readers: ObservedReaders;
  /** Lets the card go and reads it again. Does not fail: what is in the way is part of what is watched. */
  readonly reread: () => Promise<void>;
}

interface Watching<T> {
  readonly what: T;
  readonly stop: () => void;
}

export class DiagnosticsDesk {
  readonly #options: DiagnosticsDeskOptions;
  /** By client. */
  readonly #recordings = new Map<string, Watching<TraceRecorder>>();

  constructor(options: DiagnosticsDeskOptions) {
    this.#options = options;
  }

  async startTrace(client: string): Promise<void> {
    this.#recordings.get(client)?.stop();
    const recorder = new TraceRecorder();
    const stop = this.#options.readers.observe(recorder);
    this.#recordings.set(client, { what: recorder, stop });
    await this.#options.reread();
  }

  stopTrace(client: string): Trace {
    const recording = this.#recordings.get(client);
    recording?.stop();
    this.#recordings.delete(client);
    return (recording?.what ?? new TraceRecorder()).finish(programVersion());
  }

  /** The client is gone for good: nothing is recorded for it any more. */
  abandon(client: string): void {
    this.#recordings.get(client)?.stop();
    this.#recordings.delete(client);
  }
}
