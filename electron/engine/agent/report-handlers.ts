/** What the agent puts into a support bundle. */
import type { BundleCheck, SupportBundle } from '../../contract/diagnostics/bundle.ts';
import type { Trace } from '../../contract/diagnostics/trace.ts';
import type { MethodParams } from '../../contract/protocol/methods.ts';
import type { FailureHistory } from '../diagnostics/report/failure-history.ts';
import { makeBundle } from '../diagnostics/report/make-bundle.ts';
import { identifyReader, onlyUsbReader } from '../diagnostics/report/reader-identity.ts';
import { readVersions } from '../diagnostics/report/versions.ts';
import type { ReaderService } from '../readers/reader-service.ts';
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
  /** Runs the checks. */
  readonly examine?: (context: OperationContext) => Promise<BundleExamination>;
  /** What was recorded last, redacted. */
  readonly trace?: () => Trace | undefined;
}

/** How long the doctor may take, in milliseconds: a bundle without it is better than none. */
const examinationMs = 10_000;

/** The doctor's part, or undefined when it fails or does not end. */
async function examined(
  { examine }: ReportSources,
  context: OperationContext,
): Promise<BundleExamination | undefined> {
  if (!examine) return undefined;
  const late = AbortSignal.timeout(examinationMs);
  const signal = AbortSignal.any([context.signal, late]);
  const given = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return Promise.race([examine({ ...context, signal }).catch(() => undefined), given]);
}

/** The handler of `report.make`. A doctor that fails leaves its part empty: a bundle is wanted most when things fail. */
export function reportHandlers(sources: ReportSources) {
  return {
    'report.make': async (
      { language }: MethodParams<'report.make'>,
      context: OperationContext,
    ): Promise<SupportBundle> => {
      const { holder, session, failures } = sources;
      const [versions, device, examination] = await Promise.all([
        readVersions(context.signal),
        onlyUsbReader(),
        examined(sources, context),
        // Reads a card that has not been read yet; why it cannot be read stands in `cardProblem`.
        holder.card().catch(() => undefined),
      ]);
      const trace = sources.trace?.();
      return makeBundle({
        now: new Date(),
        versions,
        language: language ?? null,
        simulated: sources.simulated,
        readers: sources.readers.snapshot,
        identify: (reader) => identifyReader(reader, device),
        card: holder.held,
        cardProblem: holder.problem,
        session: session.current.state,
        checks: examination?.checks ?? [],
        shortCode: examination?.shortCode ?? null,
        failures: failures.entries,
        traces: trace ? [trace] : [],
      });
    },
  };
}
