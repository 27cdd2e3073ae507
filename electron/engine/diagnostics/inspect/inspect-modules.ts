/** The PKCS#11 modules of this system, each loaded in a process of its own for as long as it takes to ask it. */
import { realpathSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { InspectedModule } from '../../../contract/diagnostics/inspect.ts';
import { asFailure } from '../../../contract/failures/failure.ts';
import { failureToWire } from '../../../contract/model/failure.ts';
import { HostProcess, hostEnvironment } from '../../modules/host-process.ts';
import { moduleHostProgram } from '../../modules/host-program.ts';
import { findKnownModule, knownModules } from '../../modules/known-modules.ts';
import { listingSchema } from '../../modules/messages.ts';
import { callFailure } from '../../modules/module-failures.ts';
import { inspectModule, type ModuleChoice, moduleName } from '../../modules/module-file.ts';
import type { SystemView } from '../system/system-view.ts';

/** Each step of a module, in ms. */
const stepMs = 2_000;
const maxModules = 32;

export interface ModulesOptions {
  readonly system: SystemView;
  /** Modules that the settings name. */
  readonly modules: readonly ModuleChoice[];
  readonly environment?: NodeJS.ProcessEnv;
  /** The program for module hosts, in place of the one that was built. */
  readonly program?: string;
}

interface Candidate {
  readonly name: string;
  readonly choice: ModuleChoice;
  readonly from: InspectedModule['from'];
}

export async function inspectModules(options: ModulesOptions): Promise<InspectedModule[]> {
  const found = (await candidates(options)).slice(0, maxModules);
  const modules: InspectedModule[] = [];
  // Modules of one card would get in each other's way.
  for (const candidate of found) modules.push(await inspectOne(candidate, options));
  return modules;
}

async function inspectOne(
  { name, choice, from }: Candidate,
  { environment, program }: ModulesOptions,
): Promise<InspectedModule> {
  const start = performance.now();
  const module: InspectedModule = { name, path: choice.path, from, ms: 0 };
  let host: HostProcess | undefined;
  try {
    const architectures = await inspectModule(choice);
    module.architectures = [...architectures];
    const preferred = architectures.includes(process.arch) ? process.arch : architectures[0];
    host = await HostProcess.start(program ?? moduleHostProgram(preferred as string), choice.path, {
      deadlineMs: stepMs,
      environment: environment ?? hostEnvironment(),
      onSlots: () => undefined,
    });
    if (host.library) module.library = host.library;
    const { result } = await host.request({ call: 'list' }, [], stepMs);
    module.slots = listingSchema.parse(result).slots.map(({ description, token }) => ({
      description,
      token: token && { label: token.label, manufacturer: token.manufacturer, model: token.model },
    }));
  } catch (thrown) {
    module.failure = failureToWire(asFailure(callFailure(thrown, { kind: 'read' }, moduleName(choice))));
  } finally {
    await host?.close();
  }
  return { ...module, ms: Math.round(performance.now() - start) };
}

/** Modules by where they are registered; one file is one module, however many name it. */
async function candidates({ system, modules }: ModulesOptions): Promise<Candidate[]> {
  const found = new Map<string, { name: string; choice: ModuleChoice; from: InspectedModule['from'] }>();
  const add = (name: string, choice: ModuleChoice, from: InspectedModule['from'][number]): void => {
    const key = realPath(choice.path);
    const known = found.get(key);
    if (known) {
      if (!known.from.includes(from)) known.from.push(from);
    } else found.set(key, { name, choice, from: [from] });
  };
  for (const choice of modules) add(moduleName(choice), choice, 'settings');
  for (const name of Object.keys(knownModules)) {
    const path = findKnownModule(name);
    if (path !== undefined) add(name, { path }, 'known');
  }
  for (const { name, path } of await registered(system)) add(name, { path }, 'p11-kit');
  return [...found.values()];
}

/** Files of p11-kit (pkcs11.conf(5)): `NAME.module` with a line `module: FILE`. */
async function registered(system: SystemView): Promise<{ name: string; path: string }[]> {
  if (system.platform !== 'linux') return [];
  const found: { name: string; path: string }[] = [];
  const folders = [
    '/usr/share/p11-kit/modules',
    '/etc/pkcs11/modules',
    join(system.home, '.config/pkcs11/modules'),
  ];
  for (const folder of folders) {
    for (const name of await system.list(folder).catch(() => [])) {
      if (!name.endsWith('.module')) continue;
      const text = await system.text(join(folder, name), 65_536).catch(() => undefined);
      const file = /^\s*module:\s*(\S+)\s*$/m.exec(text ?? '')?.[1];
      const path = file === undefined ? undefined : await located(system, file);
      if (path !== undefined) found.push({ name: name.slice(0, -'.module'.length), path });
    }
  }
  return found;
}

/** A name without folders is looked for where p11-kit would. */
async function located(system: SystemView, file: string): Promise<string | undefined> {
  if (isAbsolute(file)) return file;
  const triple = system.architecture === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  for (const folder of [
    `/usr/lib/${triple}/pkcs11`,
    '/usr/lib64/pkcs11',
    '/usr/lib/pkcs11',
    `/usr/lib/${triple}`,
  ]) {
    if (await system.exists(join(folder, file))) return join(folder, file);
  }
  return undefined;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
