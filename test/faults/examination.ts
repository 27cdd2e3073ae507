import type { CauseCode } from '../../electron/contract/diagnostics/causes.ts';
import { doctorReportSchema } from '../../electron/contract/diagnostics/doctor.ts';
import type { Finding } from '../../electron/contract/diagnostics/finding.ts';
import type { FailureCode } from '../../electron/contract/failures/catalogue.ts';
import { Failure } from '../../electron/contract/failures/failure.ts';
import { CardHolder } from '../../electron/engine/agent/held-card.ts';
import { Doctor } from '../../electron/engine/diagnostics/doctor/doctor.ts';
import type { DoctorWorld } from '../../electron/engine/diagnostics/doctor/world.ts';
import type {
  ReaderInfo,
  ReaderService,
  ReadersSnapshot,
} from '../../electron/engine/readers/reader-service.ts';

/** A service's answer as a test wants it: for faults of the system around a service, which no service shows. */
export class StillReaders implements ReaderService {
  snapshot: ReadersSnapshot;

  constructor(snapshot: ReadersSnapshot) {
    this.snapshot = snapshot;
  }

  static failing(code: FailureCode): StillReaders {
    return new StillReaders({
      service: 'absent',
      readers: [],
      failure: new Failure(code, { parameters: { file: 'x.node' } }),
    });
  }

  static showing(...names: readonly string[]): StillReaders {
    const readers = names.map(
      (name): ReaderInfo => ({ name, simulated: false, state: 'empty', atr: null, generation: 0 }),
    );
    return new StillReaders({ service: 'running', readers });
  }

  async start(): Promise<void> {}
  onChange(): () => void {
    return () => undefined;
  }
  connect(): Promise<never> {
    return Promise.reject(new Failure('card-absent'));
  }
  async close(): Promise<void> {}
}

/** Reads the card as the agent does. The caller closes the readers. */
export function readingCard(readers: ReaderService): NonNullable<DoctorWorld['readCard']> {
  const nothing = () => undefined;
  const holder = new CardHolder(readers, {
    reading: nothing,
    ready: nothing,
    failed: nothing,
    removed: nothing,
  });
  return async (reader) => {
    const { held, pins } = await holder.freshCard(reader);
    return { reader: held.reader, certificates: held.token.certificates, pins };
  };
}

/** What the doctor finds in a world, held to the contract. */
export async function examine(world: DoctorWorld): Promise<readonly Finding[]> {
  const report = await new Doctor(world, '0.1.0').run();
  return doctorReportSchema.parse(report).findings;
}

/** Everything that was told, in order. */
export function told(findings: readonly Finding[]): readonly CauseCode[] {
  return findings.flatMap(({ cause }) => (cause === null ? [] : [cause]));
}

/** One injected fault. */
export interface FaultCase {
  /** In words, for the table. */
  readonly fault: string;
  /** The cause that must come first; null when nothing may be found. */
  readonly expected: CauseCode | null;
  /** What the first finding must name. */
  readonly names?: Finding['parameters'];
  /** How it was injected: `real` parts, a `folder` in place of the root, or answers `recorded` by hand. */
  readonly by: 'real' | 'folder' | 'recorded';
  /** Puts the fault into a world; `after` clears it away. */
  inject(after: (clear: () => unknown) => void): Promise<DoctorWorld>;
}

/** Runs one case and clears up, whatever comes of it. */
export async function runCase({ inject }: FaultCase): Promise<readonly Finding[]> {
  const clearing: (() => unknown)[] = [];
  try {
    return await examine(await inject((clear) => clearing.push(clear)));
  } finally {
    for (const clear of clearing.reverse()) await clear();
  }
}
