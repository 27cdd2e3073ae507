import type { Need } from './needs.ts';
import type { RunReport, TestResult } from './report.ts';

/** A test, or a suite with all its tests, that may be skipped. */
export interface PermittedSkip {
  /** Full name: `test/file.test.ts > suite > test`, or that of a suite or a file. */
  readonly name: string;
  /** What a machine must lack for the skip to be allowed; any one of them is enough. */
  readonly lacking: readonly [Need, ...Need[]];
  /** Why that is acceptable: what remains untested there. */
  readonly reason: string;
}

/** What the rules say about the skips of a run. */
export interface SkipVerdict {
  /** Skipped tests by full name, each with the reason the list gives. */
  readonly permitted: readonly { readonly name: string; readonly reason: string }[];
  /** Breaches of the rules, one sentence each. Every one is a failure. */
  readonly breaches: readonly string[];
}

const covers = (entry: PermittedSkip, test: TestResult) =>
  test.name === entry.name || test.name.startsWith(`${entry.name} > `);

const fileOf = (entry: PermittedSkip) => entry.name.split(' > ')[0] as string;

/**
 * Judges the skips of a run: a skip that the list does not name is a breach; so is one whose condition does not
 * hold here (the machine has what the test needs), and an entry that names no test of the file it points to.
 * @param whole the run had all files; entries for files it did not have are judged only then
 */
export function judgeSkips(
  run: RunReport,
  list: readonly PermittedSkip[],
  has: (need: Need) => boolean,
  whole: boolean,
): SkipVerdict {
  const permitted: { name: string; reason: string }[] = [];
  const breaches: string[] = [];
  for (const test of run.tests) {
    if (test.outcome !== 'skipped') continue;
    const entries = list.filter((entry) => covers(entry, test));
    const entry = entries.find((one) => one.lacking.some((need) => !has(need)));
    if (entry !== undefined) permitted.push({ name: test.name, reason: entry.reason });
    else if (entries.length === 0) breaches.push(`skipped without permission: ${test.name}`);
    else breaches.push(`skipped although the machine has what it needs: ${test.name}`);
  }
  for (const entry of list) {
    if (!whole && !run.files.includes(fileOf(entry))) continue;
    if (!run.tests.some((test) => covers(entry, test))) {
      breaches.push(`the list of permitted skips names no test: ${entry.name}`);
    }
  }
  return { permitted, breaches };
}
