import { generateKeyPairSync } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inspectedModuleSchema } from '../../../../electron/contract/diagnostics/inspect.ts';
import { inspectModules } from '../../../../electron/engine/diagnostics/inspect/inspect-modules.ts';
import { NodeSystem } from '../../../../electron/engine/diagnostics/system/node-system.ts';
import { hostEnvironment } from '../../../../electron/engine/modules/host-process.ts';
import { ana } from '../../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../../electron/sandbox/pki/authority.ts';
import { EvilModules } from '../../../rig/evil-module.ts';
import { makeScratchFolder, removeScratchFolder } from '../../../rig/scratch-folder.ts';
import { SoftHsm } from '../../../rig/softhsm.ts';
import { needs } from '../../../run/needs.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(!needs('module-host') || !needs('softhsm') || !needs('linux') || !needs('cc'))(
  'PKCS#11 modules inspected',
  () => {
    const scratch = makeScratchFolder();
    /** A system where nothing is registered. */
    const system = new NodeSystem({ root: scratch, home: '/home/ana' });
    let hsm: SoftHsm;
    let evil: EvilModules;

    beforeAll(async () => {
      const authority = await SandboxAuthority.create();
      hsm = new SoftHsm();
      await hsm.addToken('Buletin de test', { pin: '824193', puk: '51739264' }, [], authority);
      const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      evil = new EvilModules(await authority.issueHolder({ person: ana, publicKey, role: 'authentication' }));
    });
    afterAll(() => {
      evil?.dispose();
      removeScratchFolder(scratch);
    });

    async function inspect(...paths: string[]) {
      const environment = { ...hostEnvironment(), ...hsm.environment };
      const modules = await inspectModules({ system, modules: paths.map((path) => ({ path })), environment });
      return modules
        .filter(({ from }) => from.includes('settings'))
        .map((module) => inspectedModuleSchema.parse(JSON.parse(JSON.stringify(module))));
    }

    it('SoftHSM says who made it and what lies in its slots', async () => {
      const [module] = await inspect(hsm.module);
      expect(module).toMatchObject({
        name: 'libsofthsm2.so',
        path: hsm.module,
        architectures: [process.arch],
        library: { manufacturer: 'SoftHSM', cryptoki: expect.stringMatching(/^2\.\d+$/) },
      });
      expect(module?.slots).toContainEqual(
        expect.objectContaining({
          token: { label: 'Buletin de test', manufacturer: 'SoftHSM project', model: 'SoftHSM v2' },
        }),
      );
      expect(module?.failure).toBeUndefined();
    });

    it.each([
      ['hang-C_GetInfo', 'module-timeout'],
      ['hang-C_Initialize', 'module-timeout'],
      ['segv-C_GetSlotList', 'module-crashed'],
    ])('%s: the failure by name, and the next module is asked all the same', async (fault, code) => {
      const [bad, good] = await inspect(evil.with(fault), hsm.module);
      expect(bad?.failure?.code).toBe(code);
      expect(good?.library?.manufacturer).toBe('SoftHSM');
    });

    it('what is no module, or not there', async () => {
      const [text, missing] = await inspect(import.meta.filename, '/no/such/module.so');
      expect(text?.failure?.code).toBe('module-invalid');
      expect(missing?.failure?.code).toBe('module-missing');
    });

    it('one file is one module, by whatever name', async () => {
      const link = join(scratch, 'link.so');
      symlinkSync(hsm.module, link);
      expect(await inspect(hsm.module, link)).toHaveLength(1);
    });
  },
);
