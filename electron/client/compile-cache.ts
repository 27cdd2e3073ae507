/**
 * Node strips the types of our sources and compiles them at each start, which takes longer than most commands.
 * Its compile cache keeps both. The cache lies where nobody but the user can plant code that handles PINs: inside the
 * installation, or, where that cannot be written, in the user's own cache folder; never in a shared temporary folder.
 */
import { accessSync, constants, lstatSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir, userInfo } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const installation = fileURLToPath(new URL('../../node_modules', import.meta.url));

/**
 * The cache's folder for this user, or null when there is no place that is theirs alone.
 * @param packages the installation's `node_modules`
 */
export function compileCacheFolder(
  packages = installation,
  environment: NodeJS.ProcessEnv = process.env,
): string | null {
  const ownUser = process.platform === 'win32' ? null : userInfo().uid;
  try {
    accessSync(packages, constants.W_OK);
    return join(packages, '.cache', 'compile');
  } catch {
    // An installed package, which only the system's administrator writes.
  }
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

const folder = compileCacheFolder();

/** Turns the cache on for this process. */
export function useCompileCache(): void {
  if (folder !== null) enableCompileCache(folder);
}

/** What a child process needs in its environment to use the same cache. */
export const compileCacheEnvironment: Readonly<Record<string, string>> =
  folder === null ? {} : { NODE_COMPILE_CACHE: folder };
