/** What the agent does for the helpdesk: recordings, the monitor, the log. */
import type { LogLevel, LogState } from '../../contract/diagnostics/log.ts';
import type { MonitorLine } from '../../contract/diagnostics/monitor.ts';
import type { Trace } from '../../contract/diagnostics/trace.ts';
import type { PortalSettings } from '../../contract/portal/settings.ts';
import { LogWriter } from '../diagnostics/log/log-writer.ts';
import { type HostClass, watchPortalHops } from '../diagnostics/log/portal-hops.ts';
import type { ProgramLog } from '../diagnostics/log/program-log.ts';
import { CardMonitor } from '../diagnostics/monitor/card-monitor.ts';
import { ObservedReaders } from '../diagnostics/observing/observed-readers.ts';
import { programVersion } from '../diagnostics/program-version.ts';
import { TraceRecorder } from '../diagnostics/trace/trace-recorder.ts';
import type { ModuleCall } from '../modules/module-calls.ts';
import type { ReaderService } from '../readers/reader-service.ts';

export interface DiagnosticsDeskOptions {
  readonly readers: ReaderService;
  /** Absent: nothing is logged. */
  readonly log?: ProgramLog | undefined;
  /** Tells of functions of a PKCS#11 module, where one is used, from now on; returns how to end it. */
  readonly watchModule?: ((listener: (module: string, call: ModuleCall) => void) => () => void) | undefined;
  /** Lets the card go and reads it again. Does not fail: what is in the way is part of what is watched. */
  readonly reread: () => Promise<void>;
  /** Tells one client of lines. */
  readonly tell: (client: string, lines: MonitorLine[]) => void;
}

export class DiagnosticsDesk {
  /** The readers, with everybody who looks on. */
  readonly readers: ObservedReaders;
  readonly writer: LogWriter;
  readonly #options: DiagnosticsDeskOptions;
  /** By client. */
  readonly #recordings = new Map<string, { recorder: TraceRecorder; stop: () => void }>();
  readonly #monitors = new Map<string, () => void>();
  readonly #stopHops: () => void;
  #lastTrace: Trace | undefined;
  #stopCommands: (() => void) | undefined;
  #hosts = new Map<string, HostClass>();

  constructor(options: DiagnosticsDeskOptions) {
    this.#options = options;
    this.readers = new ObservedReaders(options.readers);
    this.writer = new LogWriter(options.log ?? { write: () => undefined });
    options.readers.onChange((snapshot) => this.writer.readersChanged(snapshot));
    this.#stopHops = options.log
      ? watchPortalHops(
          (origin) => this.#hosts.get(origin) ?? 'other',
          (host, status, ms) => this.writer.portalHop(host, status, ms),
        )
      : () => undefined;
    this.#followLevel();
  }

  async startTrace(client: string): Promise<void> {
    this.#recordings.get(client)?.stop();
    const recorder = new TraceRecorder();
    this.#recordings.set(client, { recorder, stop: this.readers.observe(recorder) });
    await this.#options.reread();
  }

  stopTrace(client: string): Trace {
    const recording = this.#recordings.get(client);
    recording?.stop();
    this.#recordings.delete(client);
    const trace = (recording?.recorder ?? new TraceRecorder()).finish(programVersion());
    if (trace.cards.length > 0) this.#lastTrace = trace;
    return trace;
  }

  /** What was recorded last, redacted as it is; a support bundle takes it along. */
  get lastTrace(): Trace | undefined {
    return this.#lastTrace;
  }

  startMonitor(client: string): void {
    this.stopMonitor(client);
    const monitor = new CardMonitor((lines) => this.#options.tell(client, [...lines]));
    const stopCards = this.readers.observe(monitor);
    const stopModule = this.#options.watchModule?.((module, call) => monitor.called(module, call));
    this.#monitors.set(client, () => {
      stopCards();
      stopModule?.();
      monitor.close();
    });
  }

  stopMonitor(client: string): void {
    this.#monitors.get(client)?.();
    this.#monitors.delete(client);
  }

  /** The level of the log, and with `level` a new one from now on. */
  logLevel(level: LogLevel | undefined): LogState {
    if (level !== undefined) this.#options.log?.setLevel(level);
    this.#followLevel();
    return this.#options.log?.state ?? { level: 'off', writing: true };
  }

  logPlace() {
    const { log } = this.#options;
    return { folder: log?.folder ?? '', file: log?.path ?? '', ...this.logLevel(undefined) };
  }

  /** Which portal is used: its requests can be told from others. */
  usesPortal({ servicesUrl, providerUrl }: PortalSettings): void {
    this.#hosts = new Map([
      [new URL(providerUrl).origin, 'mpass'],
      [new URL(servicesUrl).origin, 'portal'],
    ]);
  }

  /** The client is gone for good: nothing is recorded or told for it any more. */
  abandon(client: string): void {
    this.#recordings.get(client)?.stop();
    this.#recordings.delete(client);
    this.stopMonitor(client);
  }

  close(): void {
    for (const client of [...this.#monitors.keys(), ...this.#recordings.keys()]) this.abandon(client);
    this.#stopHops();
    this.#options.log?.write({ event: 'agent-stopped' });
    this.#options.log?.close();
  }

  /** Commands are looked at only while they are logged. */
  #followLevel(): void {
    if (this.#options.log?.state.level === 'details')
      this.#stopCommands ??= this.readers.observe(this.writer);
    else {
      this.#stopCommands?.();
      this.#stopCommands = undefined;
    }
  }
}
