import { describe, expect, it } from 'vitest';
import type { RunReport } from './report.ts';
import { judgeSkips, type PermittedSkip } from './skip-rules.ts';

const run = (...skipped: string[]): RunReport => ({
  tests: [
    { name: 'test/a.test.ts > card > reads', outcome: 'passed' },
    ...skipped.map((name) => ({ name, outcome: 'skipped' as const })),
  ],
  files: ['test/a.test.ts'],
  broken: [],
});
const entry = (name: string): PermittedSkip => ({ name, lacking: ['pcscd'], reason: 'no daemon here' });
const lacksAll = () => false;
const hasAll = () => true;

describe('skips', () => {
  it('pass when a permitted test lacks what it needs, and are given with the reason', () => {
    const verdict = judgeSkips(
      run('test/a.test.ts > pcscd > sees a card'),
      [entry('test/a.test.ts > pcscd > sees a card')],
      lacksAll,
      false,
    );
    expect(verdict).toEqual({
      permitted: [{ name: 'test/a.test.ts > pcscd > sees a card', reason: 'no daemon here' }],
      breaches: [],
    });
  });

  it('may be permitted for a suite as a whole', () => {
    const names = ['test/a.test.ts > pcscd > one', 'test/a.test.ts > pcscd > deeper > two'];
    const verdict = judgeSkips(run(...names), [entry('test/a.test.ts > pcscd')], lacksAll, false);
    expect(verdict.permitted.map(({ name }) => name)).toEqual(names);
    expect(verdict.breaches).toEqual([]);
  });

  it('do not reach from one suite to another whose name begins alike', () => {
    const verdict = judgeSkips(
      run('test/a.test.ts > pcscd > one', 'test/a.test.ts > pcscd restarts > two'),
      [entry('test/a.test.ts > pcscd')],
      lacksAll,
      false,
    );
    expect(verdict.breaches).toEqual(['skipped without permission: test/a.test.ts > pcscd restarts > two']);
  });

  it('fail when nothing permits them', () => {
    expect(judgeSkips(run('test/a.test.ts > later'), [], lacksAll, false).breaches).toEqual([
      'skipped without permission: test/a.test.ts > later',
    ]);
  });

  it('fail on a machine that has what the test needs', () => {
    const verdict = judgeSkips(run('test/a.test.ts > x'), [entry('test/a.test.ts > x')], hasAll, false);
    expect(verdict.permitted).toEqual([]);
    expect(verdict.breaches).toEqual(['skipped although the machine has what it needs: test/a.test.ts > x']);
  });

  it('need only one thing to be lacking', () => {
    const either: PermittedSkip = { name: 'test/a.test.ts > x', lacking: ['openssl', 'pcscd'], reason: 'r' };
    const verdict = judgeSkips(run('test/a.test.ts > x'), [either], (need) => need !== 'pcscd', false);
    expect(verdict.breaches).toEqual([]);
  });

  it('fail when the list names a test that does not exist', () => {
    const list = [entry('test/a.test.ts > card > gone')];
    expect(judgeSkips(run(), list, lacksAll, false).breaches).toEqual([
      'the list of permitted skips names no test: test/a.test.ts > card > gone',
    ]);
  });

  it('leave entries for files that were not run alone, unless the run was whole', () => {
    const list = [entry('test/other.test.ts > x')];
    expect(judgeSkips(run(), list, lacksAll, false).breaches).toEqual([]);
    expect(judgeSkips(run(), list, lacksAll, true).breaches).toHaveLength(1);
  });
});
