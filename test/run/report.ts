import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** One test of the run, by its full name: `file > suite > … > test`. */
export interface TestResult {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
}

/** What a test run came to. */
export interface RunReport {
  readonly tests: readonly TestResult[];
  /** Test files, from the project's root. */
  readonly files: readonly string[];
  /** Files that could not be loaded, and errors outside any test. Each counts as one failure. */
  readonly broken: readonly string[];
}

/** The part of vitest's JSON report that is used. */
const vitestReport = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['passed', 'failed', 'skipped', 'pending']),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          status: z.enum(['passed', 'failed', 'skipped', 'pending', 'todo', 'disabled']),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
export type VitestReport = z.infer<typeof vitestReport>;

/**
 * Reads vitest's JSON report.
 * @throws Error when there is none, or when it has another shape
 */
export function readVitestReport(file: string): VitestReport {
  return vitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * Counts a vitest report: every test by its full name. A run that vitest itself calls failed although no test
 * and no file did (an unhandled error, say) is broken, too.
 * @param root the project's root; file names are given relative to it
 */
export function digestReport(report: VitestReport, root: string): RunReport {
  const tests: TestResult[] = [];
  const broken: string[] = [];
  const files: string[] = [];
  for (const file of report.testResults) {
    const fileName = path.relative(root, file.name).split(path.sep).join('/');
    files.push(fileName);
    for (const test of file.assertionResults) {
      const name = [fileName, ...test.ancestorTitles, test.title].join(' > ');
      const { status } = test;
      tests.push({ name, outcome: status === 'passed' || status === 'failed' ? status : 'skipped' });
    }
    const failedInside = file.assertionResults.some((test) => test.status === 'failed');
    if (file.status === 'failed' && !failedInside) broken.push(`${fileName}: ${firstLine(file.message)}`);
  }
  const failed = broken.length > 0 || tests.some((test) => test.outcome === 'failed');
  if (!report.success && !failed) broken.push('an error outside any test');
  return { tests, files, broken };
}

const firstLine = (text: string | undefined) => text?.split('\n')[0] || 'could not be run';
