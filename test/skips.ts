import type { PermittedSkip } from './run/skip-rules.ts';

/**
 * The one list of tests that may be skipped, and why. A skip that is not listed fails the run, and so does a
 * listed one on a machine that has what the test needs. An entry names a test or a suite in full:
 * `test/file.test.ts > suite > test`.
 */
export const permittedSkips: readonly PermittedSkip[] = [];
