import type { Guard } from '../guard.ts';

/** What keeps the test run itself honest. */
export const projectGuards: readonly Guard[] = [
  {
    id: 'skips-listed',
    protects: 'No test is skipped that the list of permitted skips does not name.',
    file: 'test/run/skip-rules.ts',
    find: 'else if (entries.length === 0) ',
    replace: 'else if (entries.length < 0) ',
    tests: ['test/run/skip-rules.test.ts'],
  },
  {
    id: 'skips-needed',
    protects: 'A test is not skipped on a machine that has what it needs.',
    file: 'test/run/skip-rules.ts',
    find: '.find((one) => one.lacking.some((need) => !has(need)))',
    replace: '.find(() => true)',
    tests: ['test/run/skip-rules.test.ts'],
  },
  {
    id: 'no-network',
    protects: 'Tests reach nothing but this machine.',
    file: 'test/run/no-network.ts',
    find: 'if (host === undefined || thisMachine.test(',
    replace: "if (host !== '' || thisMachine.test(",
    tests: ['test/run/no-network.test.ts'],
  },
  {
    id: 'report-broken-files',
    protects: 'A test file that cannot be loaded is a failure, not an absence.',
    file: 'test/run/report.ts',
    find: "if (file.status === 'failed' && !failedInside) ",
    replace: 'if (false) ',
    tests: ['test/run/report.test.ts'],
  },
];
