import type { VitestReport } from '../run/report.ts';

/** Whether the tests noticed that a guard was off, and how that is known. */
export interface Verdict {
  readonly red: boolean;
  readonly because: string;
}

/**
 * Judges a run without a guard. Red counts only when a test's own assertion failed: code that no longer loads,
 * or throws for another reason, proves nothing.
 * @param applied the guard was really switched off in a module that was loaded
 */
export function judge(report: VitestReport, applied: boolean): Verdict {
  if (!applied) return { red: false, because: 'the guarded module was never loaded' };
  const unloadable = report.testResults.find(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  if (unloadable !== undefined) {
    return { red: false, because: `a test file could not be loaded: ${firstLine(unloadable.message)}` };
  }
  const failed = report.testResults.flatMap((file) =>
    file.assertionResults.filter((test) => test.status === 'failed'),
  );
  const asserted = failed.find((test) => test.failureMessages?.some(isAssertion));
  if (asserted !== undefined) return { red: true, because: asserted.title };
  if (failed.length === 0) return { red: false, because: 'no test noticed' };
  const [message] = failed[0]?.failureMessages ?? [];
  return { red: false, because: `failed, but by no assertion: ${firstLine(message)}` };
}

/**
 * Assertion errors, a counterexample of fast-check, `rejects` and `resolves` that met the other, and plain errors
 * that a test itself throws when what it waits for does not come.
 */
function isAssertion(message: string): boolean {
  if (/AssertionError|^Error: Property failed after|^Error: promise (resolved|rejected)/.test(message))
    return true;
  const thrownBy = message.split('\n').find((line) => /^\s+at /.test(line) && !line.includes('node_modules'));
  return message.startsWith('Error: ') && /[\\/]test[\\/]/.test(thrownBy ?? '');
}

const firstLine = (text: string | undefined): string => (text ?? '').split('\n')[0] ?? '';
