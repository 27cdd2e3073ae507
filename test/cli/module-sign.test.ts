import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demoDocument } from '../../electron/cli/demo-document.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { askJudge } from '../rig/judges/judge.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { type KeyShape, SoftHsm } from '../rig/softhsm.ts';
import { needs } from '../run/needs.ts';
import { runCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.skipIf(!needs('module-host') || !needs('softhsm') || !needs('opensc') || !needs('pdfsig'))(
  'documents signed through a PKCS#11 module',
  () => {
    const pin = '824193';
    let authority: SandboxAuthority;
    let folder: string;
    beforeAll(async () => {
      authority = await SandboxAuthority.create();
      folder = makeScratchFolder();
    });
    afterAll(() => removeScratchFolder(folder));

    it.each<[KeyShape, string]>([
      ['RSA-2048', 'SHA-256'],
      ['RSA-4096', 'SHA-256'],
      ['P-256', 'SHA-256'],
      ['P-384', 'SHA-384'],
    ])('with %s are accepted by pdfsig', async (shape, hash) => {
      const hsm = new SoftHsm();
      try {
        const keys = [{ id: '02', shape, role: 'signature' }] as const;
        await hsm.addToken('Signature', { pin, puk: '51739264' }, keys, authority);
        const input = path.join(folder, `${shape}.pdf`);
        writeFileSync(input, demoDocument());
        const run = await runCli(['sign', input, `--module=${hsm.module}`, '--pin-stdin', '--json'], {
          env: hsm.environment,
          pins: [pin],
        });
        expect(run.stderr).toBe('');
        const { results } = run.json<{ results: { output: string; digest: { algorithm: string } }[] }>();
        expect(results[0]?.digest.algorithm).toBe(hash);
        const verdict = await askJudge('pdfsig', ['-nocert', results[0]?.output ?? '']);
        expect(verdict.text).toContain('Signature Validation: Signature is Valid.');
        expect(verdict.text).toContain('Total document signed');
      } finally {
        hsm.dispose();
      }
    });
  },
);
