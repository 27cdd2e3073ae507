import { describe, expect, it } from 'vitest';
import { missingTools } from '../../../build/prepare.ts';
import { needs } from '../../run/needs.ts';
import { askPythonProgram, askPythonScript } from './python.ts';

describe.skipIf(!needs('python-judges'))('judges written in Python', () => {
  it.each([
    ['schemathesis', '4.32.5'],
    ['pyhanko', '0.38.0'],
  ] as const)('%s starts, in the version asked for', async (program, version) => {
    const { exitCode, text } = await askPythonProgram(program, ['--version'], { timeoutMs: 60_000 });
    expect(text).toContain(version);
    expect(exitCode).toBe(0);
  });

  it('pysaml2 can be used by a script, away from the packages of whoever runs it', async () => {
    const script = [
      'import sys, importlib.metadata, saml2.client, saml2.server',
      'print(importlib.metadata.version("pysaml2"), sys.argv[1:], sys.flags.isolated)',
    ].join('\n');
    const { text, exitCode } = await askPythonScript('script.py', ['ț'], {
      files: { 'script.py': script },
      timeoutMs: 60_000,
    });
    expect(exitCode).toBe(0);
    expect(text).toBe("7.5.5 ['ț'] 1\n");
  });

  it('are not called missing by the preparation', () => {
    expect(missingTools()).not.toContain("the system's Python 3.11 with venv");
  });
});
