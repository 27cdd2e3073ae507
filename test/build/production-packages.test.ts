import { describe, expect, it } from 'vitest';
import {
  type LockFile,
  packageClosure,
  packagesLoadedBy,
} from '../../build/packaging/production-packages.ts';

const linux = { platform: 'linux', arch: 'x64' } as const;

describe('the packages that a source loads', () => {
  it('are those of its imports, exports, dynamic imports and requires', () => {
    const source = `
      import zod from 'zod';
      import { a,
        b } from "@scope/name/deep/file.js";
      import './local.ts';
      import fs from 'node:fs';
      import path from 'path';
      export { c } from 'exported';
      import 'for-its-effect';
      const lazy = await import('lazy');
      const old = require('old/inner');
    `;
    expect(packagesLoadedBy(source)).toEqual([
      '@scope/name',
      'exported',
      'for-its-effect',
      'lazy',
      'old',
      'zod',
    ]);
  });

  it('are not those of types and comments', () => {
    const source = `
      import type { T } from 'types-only';
      export type { U } from 'types-too';
      // import x from 'commented';
      /** import('documented') */
    `;
    expect(packagesLoadedBy(source)).toEqual([]);
  });
});

describe('what packages need', () => {
  const lock: LockFile = {
    packages: {
      '': {},
      'node_modules/a': { dependencies: { b: '1', shared: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1', shared: '1' } },
      'node_modules/b': {},
      'node_modules/c': {
        peerDependencies: { absent: '1' },
        peerDependenciesMeta: { absent: { optional: true } },
      },
      'node_modules/shared': {
        optionalDependencies: { 'for-mac': '1', 'for-linux': '1', 'not-for-arm': '1' },
      },
      'node_modules/for-mac': { os: ['darwin'] },
      'node_modules/for-linux': { os: ['linux'], cpu: ['x64'] },
      'node_modules/not-for-arm': { cpu: ['!arm64'] },
      'node_modules/tool': { dev: true },
      'node_modules/uses-tool': { dependencies: { tool: '1' } },
      'node_modules/lost': { dependencies: { nowhere: '1' } },
    },
  };

  it('is found as Node finds it, for the system it is for', () => {
    expect(packageClosure(lock, ['a'], linux)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/c',
      'node_modules/for-linux',
      'node_modules/not-for-arm',
      'node_modules/shared',
    ]);
    const arm = { platform: 'darwin', arch: 'arm64' } as const;
    expect(packageClosure(lock, ['shared'], arm)).toEqual(['node_modules/for-mac', 'node_modules/shared']);
  });

  it('is never a package for development, and never one that is unknown', () => {
    expect(() => packageClosure(lock, ['tool'], linux)).toThrow('for development only');
    expect(() => packageClosure(lock, ['uses-tool'], linux)).toThrow('for development only');
    expect(() => packageClosure(lock, ['lost'], linux)).toThrow('nowhere, which node_modules/lost needs');
    expect(() => packageClosure(lock, ['unheard-of'], linux)).toThrow('unheard-of');
  });
});
