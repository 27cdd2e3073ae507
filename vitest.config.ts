import './build/node-version.cjs';
import { defineConfig } from 'vitest/config';
import { sabotagePlugin } from './test/sabotage/plugin.ts';

/** Long tests (soak, long fuzz) run when asked only: `npm run test:long`. */
const long = process.env.LONG === '1';
/** Where `test/run.ts` wants the machine-readable report; absent when vitest is called by hand. */
const report = process.env.TEST_REPORT;

export default defineConfig({
  // The source tree may be read-only (the tests run as an unprivileged user), so caches can be put elsewhere.
  ...(process.env.TEST_CACHE === undefined ? {} : { cacheDir: process.env.TEST_CACHE }),
  plugins: [sabotagePlugin()],
  test: {
    // Its key does not know what a plugin does: a module without its guard must never be found there again.
    fsModuleCache: false,
    include: ['test/**/*.test.ts'],
    exclude: ['node_modules/**', 'out/**', 'native/**', ...(long ? [] : ['test/**/*.long.test.ts'])],
    setupFiles: ['test/run/no-network.ts'],
    // Own processes: native addons, signals and open handles of one file stay away from the others.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: long ? 30 * 60_000 : 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 10_000,
    // `it.only` left behind would silently skip the rest.
    allowOnly: false,
    passWithNoTests: false,
    // A test without an assertion cannot fail.
    expect: { requireAssertions: true },
    slowTestThreshold: 2_000,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
