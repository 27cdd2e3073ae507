/** A world whose cards a PKCS#11 module shows. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../../contract/failures/failure.ts';
import type { Settings } from '../../../contract/settings.ts';
import { findKnownModule, isKnownModule } from '../../modules/known-modules.ts';
import type { ModuleChoice } from '../../modules/module-file.ts';
import { ModuleHost } from '../../modules/module-host.ts';
import { ModuleReaders } from './module-readers.ts';
import type { World } from './world.ts';

/**
 * @param module path of a module, or a name of the list of known ones
 * @throws Failure `module-missing` for a name whose files are not there
 */
export function createModuleWorld(module: string, settings: Settings, portal: World['portal']): World {
  const host = new ModuleHost(chooseModule(module, settings));
  const readers = new ModuleReaders(host);
  return {
    readers,
    portal,
    openCard: (reader) => readers.openCard(reader),
    watchModule: (listener) => host.watchCalls((call) => listener(host.name, call)),
  };
}

/**
 * The file, and what the settings say of it: one that they name must have the SHA-256 that stands there, by
 * whatever path it is reached.
 */
export function chooseModule(module: string, { modules = [] }: Settings): ModuleChoice {
  const file = isKnownModule(module) ? findKnownModule(module) : path.resolve(module);
  if (file === undefined) throw new Failure('module-missing', { parameters: { file: module } });
  const trusted = modules.find((entry) => realPath(entry.path) === realPath(file));
  return { path: file, sha256: trusted?.sha256, puk: trusted?.puk };
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // Not there, or not ours to see: what follows says so.
    return path.resolve(file);
  }
}
