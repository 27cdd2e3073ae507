import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The import rules of build/layers.cjs, tried on trees that break each of them. */

const root = path.resolve(import.meta.dirname, '..', '..');
const cruiser = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');

interface Cruise {
  readonly summary: {
    readonly violations: readonly { from: string; to: string; rule: { name: string } }[];
  };
}

/** Import statement in file → module, and the rule it breaks. */
const breaches: readonly [rule: string, from: string, specifier: string][] = [
  ['contract', 'electron/contract/a.ts', '../engine/card/leaf.ts'],
  ['contract', 'electron/contract/b.ts', '../../renderer/leaf.ts'],
  ['engine-guide', 'electron/engine/guide/a.ts', '../card/leaf.ts'],
  ['engine-card', 'electron/engine/card/a.ts', '../token/leaf.ts'],
  ['engine-card', 'electron/engine/card/b.ts', '../readers/leaf.ts'],
  ['engine-token', 'electron/engine/token/a.ts', '../readers/leaf.ts'],
  ['engine-token', 'electron/engine/token/b.ts', '../portal/leaf.ts'],
  ['engine-readers', 'electron/engine/readers/a.ts', '../card/leaf.ts'],
  ['engine-readers', 'electron/engine/readers/b.ts', '../token/leaf.ts'],
  ['engine-signing', 'electron/engine/signing/a.ts', '../card/leaf.ts'],
  ['engine-modules', 'electron/engine/modules/a.ts', '../card/leaf.ts'],
  ['engine-modules', 'electron/engine/modules/b.ts', '../readers/leaf.ts'],
  ['engine-portal', 'electron/engine/portal/a.ts', '../readers/leaf.ts'],
  ['engine-portal', 'electron/engine/portal/b.ts', '../agent/leaf.ts'],
  ['engine-diagnostics', 'electron/engine/diagnostics/a.ts', '../agent/leaf.ts'],
  ['engine-agent', 'electron/engine/agent/a.ts', '../../shell/leaf.ts'],
  ['engine-agent', 'electron/engine/agent/b.ts', '../../cli/leaf.ts'],
  ['sandbox-only-when-asked', 'electron/engine/agent/c.ts', '../../sandbox/leaf.ts'],
  ['sandbox-only-when-asked', 'electron/cli/a.ts', '../sandbox/leaf.ts'],
  ['sandbox', 'electron/sandbox/a.ts', '../engine/readers/leaf.ts'],
  ['client', 'electron/client/a.ts', '../engine/agent/leaf.ts'],
  ['cli', 'electron/cli/b.ts', '../engine/agent/leaf.ts'],
  ['shell', 'electron/shell/chromium/a.ts', '../../engine/token/leaf.ts'],
  ['shell', 'electron/main.ts', './engine/agent/leaf.ts'],
  ['renderer', 'renderer/a.ts', '../electron/engine/token/leaf.ts'],
  ['window-without-node', 'renderer/d.ts', 'node:fs'],
  ['scripted-host-for-tests-only', 'renderer/pages/a.ts', '../test-support/leaf.ts'],
  ['electron-in-its-host-only', 'electron/engine/agent/d.ts', 'electron'],
  ['electron-in-its-host-only', 'electron/shell/chromium/b.ts', 'electron'],
  ['electron-in-its-host-only', 'renderer/b.ts', 'electron'],
  ['no-test-code', 'electron/engine/card/c.ts', '../../../test/leaf.ts'],
  ['no-test-code', 'renderer/c.ts', '../build/leaf.ts'],
  ['no-development-packages', 'electron/engine/card/d.ts', 'only-for-development'],
  ['declared-packages', 'electron/engine/card/e.ts', 'never-declared'],
  ['resolvable', 'electron/engine/card/f.ts', './missing.ts'],
  ['no-cycles', 'electron/engine/card/g.ts', './h.ts'],
];

/** What must stay allowed. */
const allowed: readonly [from: string, statement: string][] = [
  ['electron/engine/card/ok.ts', "import '../../contract/leaf.ts';"],
  ['electron/engine/token/ok.ts', "import '../card/leaf.ts';"],
  ['electron/engine/readers/ok.ts', "import type { Leaf } from '../card/channel.ts';\nexport type A = Leaf;"],
  ['electron/engine/portal/ok.ts', "import '../token/leaf.ts';"],
  ['electron/engine/modules/ok.ts', "import '../token/leaf.ts';\nimport '../../contract/leaf.ts';"],
  ['electron/engine/agent/ok.ts', "import '../portal/leaf.ts';\nimport '../card/leaf.ts';"],
  ['electron/engine/agent/composition/ok.ts', "import '../../../sandbox/leaf.ts';"],
  ['electron/sandbox/ok.ts', "import type { Leaf } from '../engine/readers/leaf.ts';\nexport type A = Leaf;"],
  ['electron/shell/electron/ok.ts', "import 'electron';"],
  ['electron/preload.ts', "import 'electron';"],
  ['electron/cli/ok.ts', "import '../client/leaf.ts';\nimport 'for-the-product';"],
  ['test/ok.ts', "import '../electron/engine/card/leaf.ts';\nimport 'only-for-development';"],
];

const leaves = [
  ...['contract', 'sandbox', 'client', 'cli', 'shell'],
  ...['guide', 'card', 'token', 'readers', 'modules', 'signing', 'portal', 'diagnostics', 'agent'].map(
    (f) => `engine/${f}`,
  ),
].map((folder) => `electron/${folder}/leaf.ts`);

let folder = '';

async function put(tree: string, file: string, text: string): Promise<void> {
  const target = path.join(folder, tree, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function plant(tree: string, files: ReadonlyMap<string, string>): Promise<Cruise> {
  const leaf = 'export type Leaf = string;\nexport const leaf = 1;\n';
  for (const file of [...leaves, 'electron/engine/card/channel.ts', 'test/leaf.ts', 'build/leaf.ts']) {
    await put(tree, file, leaf);
  }
  await put(tree, 'renderer/leaf.ts', leaf);
  await put(tree, 'renderer/test-support/leaf.ts', leaf);
  for (const name of ['electron', 'for-the-product', 'only-for-development', 'never-declared']) {
    await put(tree, `node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    await put(tree, `node_modules/${name}/index.js`, 'module.exports = 1;\n');
  }
  await put(
    tree,
    'package.json',
    JSON.stringify({
      type: 'module',
      dependencies: { 'for-the-product': '1.0.0' },
      devDependencies: { electron: '1.0.0', 'only-for-development': '1.0.0' },
    }),
  );
  await put(
    tree,
    'tsconfig.json',
    '{ "compilerOptions": { "module": "nodenext", "allowImportingTsExtensions": true } }',
  );
  for (const [file, text] of files) await put(tree, file, text);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      cruiser,
      '--config',
      path.join(root, 'build', 'layers.cjs'),
      '-T',
      'json',
      'electron',
      'renderer',
      'test',
      'build',
    ],
    { cwd: path.join(folder, tree), maxBuffer: 64 * 1024 * 1024 },
  ).catch((error: { stdout?: string }) => {
    // A cruise with violations ends with their number.
    if (typeof error.stdout === 'string' && error.stdout.startsWith('{')) return { stdout: error.stdout };
    throw error;
  });
  return JSON.parse(stdout) as Cruise;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'layers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('import rules', () => {
  it('let the architecture through', async () => {
    const cruise = await plant('allowed', new Map(allowed));
    expect(cruise.summary.violations).toEqual([]);
  });

  it('catch every breach, also as a type', async () => {
    const files = new Map(breaches.map(([, from, specifier]) => [from, `import '${specifier}';\n`]));
    files.set('electron/engine/card/h.ts', "import './g.ts';\n");
    files.set(
      'electron/engine/token/c.ts',
      "import type { Leaf } from '../readers/leaf.ts';\nexport type A = Leaf;\n",
    );
    files.set(
      'electron/sandbox/b.ts',
      "import type { Leaf } from '../engine/portal/leaf.ts';\nexport type A = Leaf;\n",
    );
    const cruise = await plant('breached', files);
    const found = new Set(cruise.summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    const expected = [
      ...breaches.map(([rule, from]) => `${rule}: ${from}`),
      'engine-token: electron/engine/token/c.ts',
      'sandbox-types: electron/sandbox/b.ts',
    ];
    expect(expected.filter((one) => !found.has(one))).toEqual([]);
  });

  it('has a fixture for every rule', () => {
    const rules = createRequire(import.meta.url)('../../build/layers.cjs') as {
      forbidden: readonly { name: string }[];
    };
    const tried = new Set([...breaches.map(([rule]) => rule), 'sandbox-types']);
    expect(rules.forbidden.map((rule) => rule.name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
