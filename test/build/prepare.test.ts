import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { missingTools } from '../../build/prepare.ts';
import { machineHas } from '../run/needs.ts';

const script = fileURLToPath(new URL('../../build/prepare.ts', import.meta.url));

describe('preparing the machine', () => {
  it.runIf(process.platform === 'linux')(
    'names what is missing, and what it is for, where it may not install',
    () => {
      // No command can be found, apt-get neither: nothing is installed.
      const run = spawnSync(process.execPath, [script], { env: { PATH: '/nonexistent' }, encoding: 'utf8' });
      expect(run.status).toBe(0);
      const lines = run.stdout.trim().split('\n');
      expect(lines[0]).toMatch(/^no apt-get here to install: .*\bopensc\b.*\bqpdf\b/);
      expect(lines).toContain(
        "missing: opensc-tool (package opensc); without it: OpenSC's judgement of the cards",
      );
      expect(lines).toContain("missing: xmlsec1 (package xmlsec1); without it: xmlsec1's judgement of SAML");
    },
  );

  it('agrees with what the tests ask of the machine', () => {
    const lacking = missingTools();
    expect(lacking.includes('openssl')).toBe(!machineHas('openssl'));
    expect(lacking.includes('softhsm2-util')).toBe(!machineHas('softhsm'));
    expect(lacking.includes('user namespaces')).toBe(!machineHas('namespaces'));
  });
});
