import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VitestReport } from '../run/report.ts';
import { sabotaged, switchOff } from './apply.ts';
import type { Guard } from './guard.ts';
import { judge } from './verdict.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const guard: Guard = {
  id: 'fence',
  protects: 'what is inside',
  file: 'electron/fence.ts',
  find: 'if (outside) throw new Error();',
  replace: '',
  tests: [],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'sabotage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('switching a guard off', () => {
  it('replaces its text, literally', () => {
    const dollar = { ...guard, replace: "$&$'" };
    expect(switchOff(dollar, `a; ${guard.find} b;`)).toBe("a; $&$' b;");
  });

  it.each([
    ['is gone', 'a; b;', 0],
    ['is there twice', `${guard.find}${guard.find}`, 2],
  ])('is refused when the text %s', (_, source, times) => {
    expect(() => switchOff(guard, source)).toThrow(`occurs ${times} times in electron/fence.ts`);
  });

  it('touches the guarded file only, by path, URL or with a query', () => {
    const source = `a; ${guard.find}`;
    const file = path.join(root, 'electron', 'fence.ts');
    expect(sabotaged(guard, file, source)).toBe('a; ');
    expect(sabotaged(guard, `${file}?v=1`, source)).toBe('a; ');
    expect(sabotaged(guard, pathToFileURL(file).href, source)).toBe('a; ');
    expect(sabotaged(guard, path.join(root, 'test', 'fence.ts'), source)).toBeUndefined();
  });

  it('reaches processes that tests start', async () => {
    const secret = pathToFileURL(path.join(root, 'electron', 'contract', 'pin', 'secret-bytes.ts')).href;
    const script = `const { SecretBytes } = await import('${secret}');
      const bytes = new Uint8Array([1, 2]); new SecretBytes(bytes).destroy(); console.log(bytes.join());`;
    const hook = pathToFileURL(path.join(import.meta.dirname, 'hook.ts')).href;
    const proof = path.join(folder, 'proof');
    const start = (environment: NodeJS.ProcessEnv) =>
      promisify(execFile)(process.execPath, [`--import=${hook}`, '--input-type=module', '-e', script], {
        env: { ...process.env, ...environment },
      });
    expect((await start({ SABOTAGE: '' })).stdout).toBe('0,0\n');
    expect(existsSync(proof)).toBe(false);
    expect((await start({ SABOTAGE: 'secret-zeroing', SABOTAGE_PROOF: proof })).stdout).toBe('1,2\n');
    expect(readFileSync(proof, 'utf8')).toBe('secret-zeroing\n');
  });
});

describe('the verdict', () => {
  const report = (status: 'passed' | 'failed', ...failureMessages: string[]): VitestReport => ({
    success: status === 'passed',
    testResults: [
      {
        name: '/a.test.ts',
        status,
        message: 'broken file',
        assertionResults: [{ ancestorTitles: [], title: 'notices', status, failureMessages }],
      },
    ],
  });
  const unloadable: VitestReport = {
    success: false,
    testResults: [{ name: '/a.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }],
  };

  it.each([['AssertionError: expected 1 to be 2'], ['Error: Property failed after 3 tests\n{ seed: 1 }']])(
    'is red for %s',
    (message) => {
      expect(judge(report('failed', message), true)).toEqual({ red: true, because: 'notices' });
    },
  );

  it.each([
    ['nothing failed', report('passed'), true],
    ['a file could not be loaded', unloadable, true],
    ['a test failed by accident', report('failed', 'TypeError: x is not a function'), true],
    [
      'the code failed',
      report('failed', 'Error: no\n    at f (/p/electron/a.ts:1:1)\n    at /p/test/a.ts:2:2'),
      true,
    ],
    ['the guarded module was never loaded', report('failed', 'AssertionError: no'), false],
  ])('is not red when %s', (_, given, applied) => {
    expect(judge(given, applied).red).toBe(false);
  });
});
