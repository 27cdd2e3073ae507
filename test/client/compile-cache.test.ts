import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCacheFolder } from '../../electron/client/compile-cache.ts';
import { makeScratchFolder } from '../rig/scratch-folder.ts';
import { needs } from '../run/needs.ts';

const folder = makeScratchFolder;

/** An installation that the user cannot write; a folder that is not there does as well. */
const foreign = '/nowhere/node_modules';

describe.skipIf(process.platform === 'win32')('the compile cache', () => {
  it('lies in an installation that is ours', () => {
    const packages = folder();
    expect(compileCacheFolder(packages, {})).toBe(join(packages, '.cache', 'compile'));
  });

  it.skipIf(!needs('unprivileged'))('does not lie in an installation that is not', () => {
    const packages = folder();
    const cache = folder();
    chmodSync(packages, 0o555);
    expect(compileCacheFolder(packages, { XDG_CACHE_HOME: cache })).toBe(join(cache, 'buletin', 'compile'));
  });

  it("lies in the user's own cache folder, closed to others", () => {
    const cache = folder();
    const found = compileCacheFolder(foreign, { XDG_CACHE_HOME: cache });
    expect(found).toBe(join(cache, 'buletin', 'compile'));
    expect(statSync(join(cache, 'buletin')).mode & 0o777).toBe(0o700);
    expect(statSync(join(cache, 'buletin', 'compile')).mode & 0o777).toBe(0o700);
  });

  it('is given up where others could write, or a link leads elsewhere', () => {
    const open = folder();
    mkdirSync(join(open, 'buletin', 'compile'), { recursive: true });
    chmodSync(join(open, 'buletin', 'compile'), 0o777);
    expect(compileCacheFolder(foreign, { XDG_CACHE_HOME: open })).toBeNull();
    const linked = folder();
    symlinkSync(open, join(linked, 'buletin'));
    expect(compileCacheFolder(foreign, { XDG_CACHE_HOME: linked })).toBeNull();
  });
});
