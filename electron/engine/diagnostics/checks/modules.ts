/** D23 and D24: PKCS#11 modules load in a process of their own, and do not fight over the card. */

import type { CauseCode } from '../../../contract/diagnostics/causes.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';
import { asFailure, type Failure } from '../../../contract/failures/failure.ts';
import { HostProcess, hostEnvironment } from '../../modules/host-process.ts';
import { moduleHostProgram } from '../../modules/host-program.ts';
import { callFailure } from '../../modules/module-failures.ts';
import { inspectModule, type ModuleChoice, moduleName } from '../../modules/module-file.ts';
import type { Check, CheckContext, Observation } from '../doctor/check.ts';
import type { SystemView } from '../system/system-view.ts';

/** Longest time for loading, C_Initialize and C_GetInfo, in ms. */
const loadMs = 1_800;

const causeOf: { readonly [Code in FailureCode]?: CauseCode } = {
  'module-host-missing': 'module-host-missing',
  'module-missing': 'module-missing',
  'module-changed': 'module-changed',
  'module-invalid': 'module-not-a-library',
  'module-refused': 'module-refuses',
  'module-crashed': 'module-crashes',
  'module-timeout': 'module-hangs',
  'module-answer-invalid': 'module-answers-wrong',
};

async function tryModule(
  { world, system }: CheckContext,
  choice: ModuleChoice,
): Promise<Observation | undefined> {
  const file = moduleName(choice);
  const told = (cause: CauseCode): Observation => ({ cause, parameters: { file } });
  try {
    const architectures = await inspectModule(choice);
    const usable = architectures.includes(system.architecture)
      ? system.architecture
      : // Windows runs 32-bit hosts beside 64-bit ones.
        system.platform === 'win32' && architectures.includes('ia32')
        ? 'ia32'
        : undefined;
    if (usable === undefined) return told('module-wrong-architecture');
    const program = world.moduleHost ?? moduleHostProgram(usable as Parameters<typeof moduleHostProgram>[0]);
    const host = await HostProcess.start(program, choice.path, {
      deadlineMs: loadMs,
      environment: world.moduleEnvironment ?? hostEnvironment(),
      onSlots: () => undefined,
    });
    await host.close();
    return undefined;
  } catch (thrown) {
    const failure: Failure = asFailure(callFailure(thrown, { kind: 'read' }, file));
    const cause = causeOf[failure.code];
    if (cause === undefined) throw failure;
    return cause === 'module-host-missing'
      ? { cause, parameters: { file: String(failure.parameters.file ?? '') } }
      : told(cause);
  }
}

/** Modules that want identity cards, by their file names. Those of the operating system's own key stores are none. */
const cardModules =
  /(?:opensc|onepin|bit4xpki|idplug|etoken|idprime|castle|eps2003|gclib|beidpkcs11|eidpkcs11|mcard|coolkey|cackey|akdeid|eopproxy|ykcs11|aetpkss|acos5|cmp11|p11-?sc)/i;

export interface Registration {
  /** Who loads them together: `p11-kit`, or a profile of Firefox. */
  readonly by: string;
  readonly files: readonly string[];
}

/** Where modules are registered for this user, on Linux. */
export async function registeredModules(system: SystemView): Promise<readonly Registration[]> {
  const p11kit: string[] = [];
  const folders = [
    '/usr/share/p11-kit/modules',
    '/etc/pkcs11/modules',
    `${system.home}/.config/pkcs11/modules`,
  ];
  for (const folder of folders) {
    for (const name of await system.list(folder)) {
      if (!name.endsWith('.module')) continue;
      const text = (await system.text(`${folder}/${name}`, 65_536)) ?? '';
      const file = /^\s*module:\s*(\S+)\s*$/m.exec(text)?.[1];
      const off = /^\s*(?:enable-in|disable-in):/m.test(text);
      if (file !== undefined && !off) p11kit.push(file.split('/').at(-1) ?? file);
    }
  }
  const profiles: Registration[] = [];
  for (const place of [
    '.mozilla/firefox',
    'snap/firefox/common/.mozilla/firefox',
    '.config/mozilla/firefox',
  ]) {
    for (const profile of await system.list(`${system.home}/${place}`)) {
      const text = await system.text(`${system.home}/${place}/${profile}/pkcs11.txt`, 262_144);
      const files = [...(text ?? '').matchAll(/^library=(\S+)\s*$/gm)].map(
        ([, path]) => path?.split('/').at(-1) ?? '',
      );
      if (files.length > 0) profiles.push({ by: 'Firefox', files });
    }
  }
  return [{ by: 'p11-kit', files: p11kit }, ...profiles];
}

export const moduleChecks: readonly Check[] = [
  {
    id: 'D23',
    budgetMs: 2_600,
    run: async (context) => {
      const { modules } = context.world;
      if (modules.length === 0) return 'not-applicable';
      const found = await Promise.all(modules.slice(0, 8).map((choice) => tryModule(context, choice)));
      return found.filter((one) => one !== undefined);
    },
  },
  {
    id: 'D24',
    budgetMs: 1_000,
    platforms: ['linux'],
    real: true,
    run: async ({ system }) => {
      for (const { files } of await registeredModules(system)) {
        // p11-kit's own proxy stands for what is registered there.
        const fighting = [...new Set(files.filter((file) => cardModules.test(file)))];
        if (fighting.length > 1) {
          return [
            { cause: 'modules-compete', parameters: { files: fighting.sort().slice(0, 4).join(', ') } },
          ];
        }
      }
      return [];
    },
  },
];
