/** Puts findings in the order of fixing, and leaves out what another finding explains. */
import { type CauseCode, type CauseEntry, causeRank, causes } from '../../../contract/diagnostics/causes.ts';
import type { Finding } from '../../../contract/diagnostics/finding.ts';

/** What a cause explains beyond its own track. */
const alsoExplains: { readonly [Code in CauseCode]?: readonly CauseCode[] } = {
  // With a wrong clock everything that has dates seems to be wrong.
  'clock-wrong': [
    'tls-inspected',
    'tls-untrusted',
    'certificate-expired',
    'certificate-not-yet-valid',
    'certificate-expires-soon',
    'ocsp-answers-wrong',
    'crl-answers-wrong',
    'tsa-answers-wrong',
  ],
  'module-host-missing': ['module-missing', 'module-crashes', 'module-hangs'],
  'disk-full': ['disk-low'],
};

const entryOf = (code: CauseCode): CauseEntry => causes[code];

/** The finding, told as explained by another. */
function explainedBy(finding: Finding, because: CauseCode): Finding {
  const { id, durationMs } = finding;
  return {
    id,
    state: 'not-applicable',
    cause: null,
    severity: null,
    owner: null,
    parameters: {},
    fix: null,
    rank: null,
    because,
    durationMs,
  };
}

/** The cause among the problems that explains this one, if any. */
function explanation(finding: Finding, problems: readonly CauseCode[]): CauseCode | undefined {
  const { cause } = finding;
  if (cause === null) return undefined;
  const { track, stage } = entryOf(cause);
  return problems.find((other) => {
    if (other === cause) return false;
    if (alsoExplains[other]?.includes(cause)) return true;
    const entry = entryOf(other);
    return track !== 'other' && entry.track === track && entry.stage < stage;
  });
}

const groups: Readonly<Record<Finding['state'], number>> = {
  problem: 0,
  notice: 0,
  unknown: 1,
  'not-applicable': 2,
  ok: 2,
};

/** What is to be fixed first comes first, then what could not be looked at, then the rest by number. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const problems = findings
    .flatMap(({ state, cause }) => (state === 'problem' && cause !== null ? [cause] : []))
    .sort((one, other) => causeRank(one) - causeRank(other));
  const told = findings.map((finding) => {
    const because = explanation(finding, problems);
    return because === undefined ? finding : explainedBy(finding, because);
  });
  const seen = new Set<string>();
  return told
    .sort(
      (one, other) =>
        groups[one.state] - groups[other.state] ||
        (one.rank ?? 0) - (other.rank ?? 0) ||
        one.id.localeCompare(other.id),
    )
    .filter(({ id, state, because }) => {
      // Two causes of one check that are both explained say nothing twice.
      if (state !== 'not-applicable') return true;
      const key = `${id} ${because ?? ''}`;
      return !seen.has(key) && seen.add(key);
    });
}

/** Causes for the short code: problems before notices, each in the order of fixing. */
export function toldCauses(findings: readonly Finding[]): readonly CauseCode[] {
  return [...new Set(findings.flatMap(({ cause }) => (cause === null ? [] : [cause])))];
}
