/** `npm run e2e [-- FILE…]`: the tests of the whole window, which belong to the long run, by themselves. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..', '..');
const only = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--configLoader=native', ...(only.length > 0 ? only : ['test/e2e'])],
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, LONG: '1' } },
);
process.exitCode = status ?? 1;
