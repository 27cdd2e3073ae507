/** Runs checks: all at once, each within its time; whatever a check does, a finding comes of it. */
import { type CauseEntry, causeRank, causes } from '../../../contract/diagnostics/causes.ts';
import {
  type CauseParameters,
  type Finding,
  findingSchema,
  fixSchema,
  type UnknownReason,
} from '../../../contract/diagnostics/finding.ts';
import { AnswerInvalid, NotPermitted } from '../system/system-view.ts';
import type { Check, CheckAnswer, CheckContext, Observation } from './check.ts';
import { Facts } from './facts.ts';
import { inOrder } from './order.ts';
import type { DoctorWorld } from './world.ts';

/** Longest value that a sentence names, in characters. */
const maxText = 120;
/** Most things that one check may find. */
const maxObservations = 8;

class TimeIsUp extends Error {}

/**
 * @param options.reader exact name of the reader that is meant
 * @returns findings in the order of fixing; at least one for each check
 */
export async function runChecks(
  checks: readonly Check[],
  world: DoctorWorld,
  options: { readonly reader?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly Finding[]> {
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal;
  const facts = new Facts(world, options.reader, signal);
  try {
    const found = await Promise.all(
      checks.map((check) => runOne(check, { world, system: world.system, facts, signal })),
    );
    return inOrder(found.flat());
  } finally {
    // Programs and connections that are still busy with what nobody waits for.
    over.abort(new TimeIsUp());
  }
}

async function runOne(check: Check, context: CheckContext): Promise<readonly Finding[]> {
  const started = performance.now();
  const findings = (answer: readonly Partial<Finding>[]): readonly Finding[] => {
    const durationMs = Math.round((performance.now() - started) * 10) / 10;
    return answer.map((part) => ({ ...nothing, ...part, id: check.id, durationMs }));
  };
  const { world, system } = context;
  const elsewhere = check.platforms !== undefined && !check.platforms.includes(system.platform);
  if (elsewhere || (check.real === true && world.simulated)) return findings([{ state: 'not-applicable' }]);
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(new TimeIsUp()), check.budgetMs);
  try {
    const signal = AbortSignal.any([context.signal, time.signal]);
    // An async function: one that throws before its first promise rejects all the same.
    const work = (async () => check.run({ ...context, signal }))();
    const answer = await Promise.race([work, whenAborted(signal)]);
    return findings(toFindings(check, answer));
  } catch (thrown) {
    return findings([{ state: 'unknown', reason: reasonOf(thrown, time.signal) }]);
  } finally {
    clearTimeout(timer);
  }
}

const nothing: Omit<Finding, 'id' | 'durationMs' | 'state'> & { state: Finding['state'] } = {
  state: 'ok',
  cause: null,
  severity: null,
  owner: null,
  parameters: {},
  fix: null,
  rank: null,
};

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function reasonOf(thrown: unknown, time: AbortSignal): UnknownReason {
  if (thrown instanceof TimeIsUp || time.aborted) return 'timeout';
  if (thrown instanceof NotPermitted) return 'not-permitted';
  return thrown instanceof AnswerInvalid ? 'answer-invalid' : 'internal';
}

/** What a check says, held to what it may say. @throws AnswerInvalid for anything else */
function toFindings(check: Check, answer: CheckAnswer): readonly Partial<Finding>[] {
  if (answer === 'not-applicable') return [{ state: 'not-applicable' }];
  if (!Array.isArray(answer) || answer.length > maxObservations) throw new AnswerInvalid(check.id);
  if (answer.length === 0) return [{ state: 'ok' }];
  return answer.map((observation) => toFinding(check, observation as Observation));
}

function toFinding(check: Check, { cause, parameters, fix }: Observation): Partial<Finding> {
  const entry: CauseEntry | undefined = Object.hasOwn(causes, cause) ? causes[cause] : undefined;
  if (entry === undefined || entry.check !== check.id) throw new AnswerInvalid(`${check.id}: ${cause}`);
  const finding = {
    state: entry.severity === 'notice' ? 'notice' : 'problem',
    cause,
    severity: entry.severity,
    owner: entry.owner,
    parameters: cleaned(parameters ?? {}, entry),
    fix: fix === undefined ? null : fixSchema.parse(fix),
    rank: causeRank(cause),
  } as const;
  findingSchema.parse({ ...finding, id: check.id, durationMs: 0 });
  return finding;
}

/** Only what the cause declares, short, and without anything that acts on a terminal. */
function cleaned(parameters: CauseParameters, { parameters: declared }: CauseEntry): CauseParameters {
  const kept: CauseParameters = {};
  for (const name of declared) {
    const value = parameters[name];
    if (typeof value === 'number' && Number.isFinite(value)) kept[name] = value;
    if (typeof value === 'string') kept[name] = shortened(value);
  }
  return kept;
}

function shortened(value: string): string {
  const text = value.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');
  return text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text;
}
