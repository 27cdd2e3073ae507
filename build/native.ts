import path from 'node:path';
import { BuildProblem, buildPart, nativeParts } from './native-parts.ts';

/**
 * `npm run build:native [-- --test]`: builds the Rust parts in `native/` for this system; with `--test` runs
 * their unit tests too. Never part of `npm ci`.
 */

const test = process.argv.includes('--test');

for (const part of nativeParts()) {
  try {
    await buildPart(part, { test });
    console.log(`${part.crate}: ${path.normalize(part.output)}`);
  } catch (error) {
    if (!(error instanceof BuildProblem)) throw error;
    console.error(
      `\n${part.crate}${part.target ? ` for ${part.target}` : ''} was not built.\n${error.message}`,
    );
    if (!part.optional) process.exitCode = 1;
  }
}
