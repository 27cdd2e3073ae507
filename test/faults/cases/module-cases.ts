/** PKCS#11 modules that cannot be used: really loaded, each in a process of its own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CauseCode } from '../../../electron/contract/diagnostics/causes.ts';
import { NodeSystem } from '../../../electron/engine/diagnostics/system/node-system.ts';
import type { ModuleChoice } from '../../../electron/engine/modules/module-file.ts';
import { EvilModules } from '../../rig/evil-module.ts';
import { type FaultCase, StillReaders } from '../examination.ts';

function withModule(
  fault: string,
  expected: CauseCode | null,
  choose: (evil: EvilModules) => ModuleChoice,
  world: { readonly moduleHost?: string; readonly architecture?: string } = {},
): FaultCase {
  return {
    fault,
    expected,
    by: 'real',
    inject: async (after) => {
      const evil = new EvilModules(Buffer.alloc(0));
      after(() => evil.dispose());
      const { moduleHost, architecture } = world;
      return {
        system: new NodeSystem({
          environment: { LANG: 'ro_RO.UTF-8' },
          ...(architecture === undefined ? {} : { architecture }),
        }),
        simulated: true,
        readers: new StillReaders({ service: 'running', readers: [] }),
        modules: [choose(evil)],
        serviceSocket: undefined,
        ...(moduleHost === undefined ? {} : { moduleHost }),
      };
    },
  };
}

const file = (evil: EvilModules, name: string, content: Uint8Array | string): ModuleChoice => {
  const path = join(evil.folder, name);
  writeFileSync(path, content);
  return { path };
};

/** The head of an ELF shared library for another processor (e_machine 243, RISC-V). */
function foreignLibrary(): Buffer {
  const head = Buffer.alloc(64);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(3, 16);
  head.writeUInt16LE(243, 18);
  return head;
}

export const moduleCases: readonly FaultCase[] = [
  withModule('module that works', null, (evil) => ({ path: evil.with('good') })),
  withModule('module not there', 'module-missing', (evil) => ({ path: join(evil.folder, 'nothing.so') })),
  withModule('module is no library', 'module-not-a-library', (evil) => file(evil, 'text.so', 'hello')),
  withModule('module for another processor', 'module-wrong-architecture', (evil) =>
    file(evil, 'riscv.so', foreignLibrary()),
  ),
  withModule('module replaced since it was trusted', 'module-changed', (evil) => ({
    path: evil.with('good'),
    sha256: '0'.repeat(64),
  })),
  withModule('evil module: reads nowhere', 'module-crashes', (evil) => ({
    path: evil.with('segv-C_Initialize'),
  })),
  withModule('evil module: aborts', 'module-crashes', (evil) => ({ path: evil.with('abort-C_Initialize') })),
  withModule('evil module: ends the process', 'module-crashes', (evil) => ({
    path: evil.with('exit-C_Initialize'),
  })),
  withModule('evil module: hangs', 'module-hangs', (evil) => ({ path: evil.with('hang-C_Initialize') })),
  withModule('evil module: refuses to start', 'module-refuses', (evil) => ({
    path: evil.with('error-C_Initialize'),
  })),
  withModule('evil module: no functions', 'module-not-a-library', (evil) => ({
    path: evil.with('null_list'),
  })),
  withModule('answers that are none', 'module-answers-wrong', (evil) => ({ path: evil.with('good') }), {
    moduleHost: '/bin/echo',
  }),
  withModule('our module host is missing', 'module-host-missing', (evil) => ({ path: evil.with('good') }), {
    moduleHost: '/nowhere/buletin-module-host',
  }),
];
