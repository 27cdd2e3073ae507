import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { needs } from './needs.ts';
import { runStep } from './step.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'step-'));
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const node = (script: string, timeoutMs = 20_000) =>
  runStep({ name: 'x', command: process.execPath, args: ['-e', script], timeoutMs });

/** Alive and not merely unreaped. */
function alive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a step', () => {
  it('is fine when its program ends with 0', async () => {
    const result = await node('console.log("said"); console.error("and so")');
    expect(result).toMatchObject({ ok: true, exitCode: 0, timedOut: false });
    expect(result.output.split('\n').sort()).toEqual(['', 'and so', 'said']);
  });

  it('fails with the exit code, and shows what was printed', async () => {
    const result = await node('console.log("why"); process.exit(3)');
    expect(result).toMatchObject({ ok: false, exitCode: 3 });
    expect(vi.mocked(console.log).mock.calls.flat().join('\n')).toMatch(/FAIL {2}x \(.* s\)\n +why/);
  });

  it('fails when there is no such program', async () => {
    const result = await runStep({
      name: 'x',
      command: path.join(folder, 'none'),
      args: [],
      timeoutMs: 1000,
    });
    expect(result).toMatchObject({ ok: false, exitCode: null });
    expect(result.output).toContain('ENOENT');
  });

  it('has no standard input', async () => {
    expect(await node('process.stdin.on("end", () => process.exit(0)).resume()')).toMatchObject({ ok: true });
  });

  it.skipIf(!needs('linux'))('takes its grandchildren along when it is killed for being late', async () => {
    const note = path.join(folder, 'pid');
    const grandchild = 'setInterval(() => {}, 1000)';
    const result = await node(
      `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' });
       require('fs').writeFileSync(${JSON.stringify(note)}, String(c.pid)); setInterval(() => {}, 1000)`,
      1_500,
    );
    expect(result).toMatchObject({ ok: false, timedOut: true });
    await wait(200);
    expect(alive(Number(readFileSync(note, 'utf8')))).toBe(false);
  });

  it.skipIf(!needs('linux'))('takes along what it left running', async () => {
    const note = path.join(folder, 'pid');
    const result = await node(
      `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
       require('fs').writeFileSync(${JSON.stringify(note)}, String(c.pid)); c.unref()`,
    );
    expect(result).toMatchObject({ ok: true });
    await wait(200);
    expect(alive(Number(readFileSync(note, 'utf8')))).toBe(false);
  });
});
