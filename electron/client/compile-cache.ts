/**
 * Node strips the types of our sources and compiles them at each start, which takes longer than most commands.
 * Its compile cache keeps both. The cache lies inside the installation, never in a shared temporary folder, where
 * another user could plant code that handles PINs; where the installation cannot be written, there is no cache.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../node_modules/.cache/compile', import.meta.url));

/** Turns the cache on for this process. */
export function useCompileCache(): void {
  enableCompileCache(folder);
}

/** What a child process needs in its environment to use the same cache. */
export const compileCacheEnvironment = { NODE_COMPILE_CACHE: folder } as const;
