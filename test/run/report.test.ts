import { describe, expect, it } from 'vitest';
import { digestReport, type VitestReport } from './report.ts';

const file = (over: Partial<VitestReport['testResults'][number]>): VitestReport['testResults'][number] => ({
  name: '/project/test/a.test.ts',
  status: 'passed',
  message: '',
  assertionResults: [],
  ...over,
});
const test = (title: string, status: 'passed' | 'failed' | 'skipped' | 'pending' | 'todo') => ({
  ancestorTitles: ['suite'],
  title,
  status,
  failureMessages: [],
});

describe('the report of a run', () => {
  it('counts each test by its full name; pending and to-do are skips', () => {
    const assertionResults = [
      test('a', 'passed'),
      test('b', 'failed'),
      test('c', 'skipped'),
      test('d', 'pending'),
      test('e', 'todo'),
    ];
    const report = digestReport(
      { success: false, testResults: [file({ status: 'failed', assertionResults })] },
      '/project',
    );
    expect(report).toEqual({
      tests: [
        { name: 'test/a.test.ts > suite > a', outcome: 'passed' },
        { name: 'test/a.test.ts > suite > b', outcome: 'failed' },
        { name: 'test/a.test.ts > suite > c', outcome: 'skipped' },
        { name: 'test/a.test.ts > suite > d', outcome: 'skipped' },
        { name: 'test/a.test.ts > suite > e', outcome: 'skipped' },
      ],
      files: ['test/a.test.ts'],
      broken: [],
    });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const message = 'Cannot find module\n at line 3';
    const report = digestReport(
      { success: false, testResults: [file({ status: 'failed', message })] },
      '/project',
    );
    expect(report.broken).toEqual(['test/a.test.ts: Cannot find module']);
  });

  it('sees a failed hook beside tests that passed', () => {
    const assertionResults = [test('a', 'passed')];
    const report = digestReport(
      { success: false, testResults: [file({ status: 'failed', message: 'afterAll', assertionResults })] },
      '/project',
    );
    expect(report.broken).toEqual(['test/a.test.ts: afterAll']);
  });

  it('sees an error outside any test', () => {
    const assertionResults = [test('a', 'passed')];
    const report = digestReport({ success: false, testResults: [file({ assertionResults })] }, '/project');
    expect(report.broken).toEqual(['an error outside any test']);
  });
});
