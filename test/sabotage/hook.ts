import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { guardOff, sabotaged } from './apply.ts';

/**
 * `node --import test/sabotage/hook.ts`: switches one guard off in processes that tests start (the agent, the
 * command line). Does nothing without `SABOTAGE`.
 */
const guard = guardOff();
if (guard !== undefined) {
  const file = guard.file.split('/').at(-1) as string;
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith('file:') || !url.includes(file)) return nextLoad(url, context);
      const source = sabotaged(guard, url, readFileSync(fileURLToPath(new URL(url)), 'utf8'));
      if (source === undefined) return nextLoad(url, context);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
