/** What a check is, what it works with, and what it may say. */
import type { CauseCode, CheckId } from '../../../contract/diagnostics/causes.ts';
import type { CauseParameters, FindingFix } from '../../../contract/diagnostics/finding.ts';
import type { SystemPlatform, SystemView } from '../system/system-view.ts';
import type { Facts } from './facts.ts';
import type { DoctorWorld } from './world.ts';

/** One thing that a check found. */
export interface Observation {
  readonly cause: CauseCode;
  readonly parameters?: CauseParameters;
  readonly fix?: FindingFix;
}

/** Nothing found: an empty list. */
export type CheckAnswer = readonly Observation[] | 'not-applicable';

export interface CheckContext {
  readonly world: DoctorWorld;
  readonly system: SystemView;
  /** What several checks want to know, asked once. */
  readonly facts: Facts;
  /** Aborted when the check's time is over or nobody wants to know any more. */
  readonly signal: AbortSignal;
}

export interface Check {
  readonly id: CheckId;
  /** In ms, from the start of all checks. */
  readonly budgetMs: number;
  /** Where it applies; default everywhere. */
  readonly platforms?: readonly SystemPlatform[];
  /** It looks at this computer's card service and readers: nothing for a simulated world. */
  readonly real?: boolean;
  /** @throws NotPermitted, AnswerInvalid, or anything: a check that fails is a finding of its own. */
  run(context: CheckContext): Promise<CheckAnswer>;
}
