import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileCacheFolder } from '../../electron/client/compile-cache.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { needs } from '../run/needs.ts';

const folders: string[] = [];
function folder(): string {
  const made = makeScratchFolder();
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const one of folders) removeScratchFolder(one);
});

/** A project, or a package without its lock file. */
function root(kind: 'project' | 'package'): string {
  const made = folder();
  mkdirSync(join(made, 'node_modules'));
  if (kind === 'project') writeFileSync(join(made, 'package-lock.json'), '{}');
  return made;
}

const foreign = '/nowhere';

describe.skipIf(process.platform === 'win32')('the compile cache', () => {
  it('lies in a project that is ours', () => {
    const project = root('project');
    expect(compileCacheFolder(project, {})).toBe(join(project, 'node_modules', '.cache', 'compile'));
  });

  it('does not lie in a package, even if it can be written', () => {
    const cache = folder();
    expect(compileCacheFolder(root('package'), { XDG_CACHE_HOME: cache })).toBe(
      join(cache, 'buletin', 'compile'),
    );
  });

  it.skipIf(!needs('unprivileged'))('does not lie in a project that is not ours', () => {
    const project = root('project');
    const cache = folder();
    chmodSync(join(project, 'node_modules'), 0o555);
    expect(compileCacheFolder(project, { XDG_CACHE_HOME: cache })).toBe(join(cache, 'buletin', 'compile'));
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
