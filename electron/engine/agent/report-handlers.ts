/** What the agent puts into a support bundle. */
import type { BundleCheck, SupportBundle } from '../../contract/diagnostics/bundle.ts';
import type { MethodParams } from '../../contract/protocol/methods.ts';
import type { FailureHistory } from '../diagnostics/report/failure-history.ts';
import { makeBundle, type ReaderIdentity } from '../diagnostics/report/make-bundle.ts';
import { readVersions } from '../diagnostics/report/versions.ts';
import type { ReaderInfo, ReaderService } from '../readers/reader-service.ts';
import type { CardHolder } from './held-card.ts';
import type { OperationContext } from './operations.ts';
import type { SessionMachine } from './session.ts';

/** What the doctor found, as a bundle tells it. */
export interface BundleExamination {
  readonly checks: readonly BundleCheck[];
  readonly shortCode: string;
}

export interface ReportSources {
  readonly simulated: boolean;
  readonly readers: ReaderService;
  readonly holder: CardHolder;
  readonly session: SessionMachine;
  readonly failures: FailureHistory;
  readonly identify?: (reader: ReaderInfo) => ReaderIdentity;
  /** Runs the checks. */
  readonly examine?: (context: OperationContext) => Promise<BundleExamination>;
  /** What was recorded last. */
  readonly traces?: () => SupportBundle['traces'];
}

/** The handler of `report.make`. A doctor that fails leaves its part empty: a bundle is wanted most when things fail. */
export function reportHandlers(sources: ReportSources) {
  return {
    'report.make': async (
      { language }: MethodParams<'report.make'>,
      context: OperationContext,
    ): Promise<SupportBundle> => {
      const { holder, session, failures } = sources;
      const [versions, examination] = await Promise.all([
        readVersions(context.signal),
        sources.examine?.(context).catch(() => undefined),
        // Reads a card that has not been read yet; why it cannot be read stands in `cardProblem`.
        holder.card().catch(() => undefined),
      ]);
      return makeBundle({
        now: new Date(),
        versions,
        language: language ?? null,
        simulated: sources.simulated,
        readers: sources.readers.snapshot,
        identify: sources.identify ?? identifyByKind,
        card: holder.held,
        cardProblem: holder.problem,
        session: session.current.state,
        checks: examination?.checks ?? [],
        shortCode: examination?.shortCode ?? null,
        failures: failures.entries,
        traces: sources.traces?.() ?? [],
      });
    },
  };
}

/** A reader's name may hold anything; all that is told without looking further is whether it is simulated. */
function identifyByKind({ simulated }: ReaderInfo): ReaderIdentity {
  return { kind: simulated ? 'simulated' : 'unknown', usb: null, pinPad: 'unknown' };
}
