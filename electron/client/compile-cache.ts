/**
 * Node strips the types of our sources and compiles them at each start, which takes longer than most commands.
 * Its compile cache keeps both. The cache lies where nobody but the user can plant code that handles PINs: inside the
 * project while it is developed, otherwise in the user's own cache folder; never in a shared temporary folder, and not
 * in an installed package, which would then not be gone when it is removed.
 */
import { accessSync, constants, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownRoot = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The cache's folder for this user, or null when there is no place that is theirs alone.
 * @param root the project, or the installed program
 */
export function compileCacheFolder(
  root = ownRoot,
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  const ownUser = process.platform === 'win32' ? null : userInfo().uid;
  const packages = join(root, 'node_modules');
  if (existsSync(join(root, 'package-lock.json')) && writable(packages))
    return join(packages, '.cache', 'compile');
  const chosen = process.platform === 'win32' ? environment.LOCALAPPDATA : (environment.XDG_CACHE_HOME ?? '');
  const base = chosen && isAbsolute(chosen) ? chosen : join(homedir(), '.cache');
  const folder = join(base, 'buletin', 'compile');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const one of [dirname(folder), folder]) {
      const { uid, mode } = lstatSync(one);
      if (ownUser !== null && (uid !== ownUser || (mode & 0o022) !== 0)) return null;
    }
    return folder;
  } catch {
    return null;
  }
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

const folder = compileCacheFolder();

/** Turns the cache on for this process. */
export function useCompileCache(): void {
  if (folder !== null) enableCompileCache(folder);
}

/** What a child process needs in its environment to use the same cache. */
export const compileCacheEnvironment: Readonly<Record<string, string>> =
  folder === null ? {} : { NODE_COMPILE_CACHE: folder };
