import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** How often `text` occurs in `source`. */
export function occurrences(source: string, text: string): number {
  return source.split(text).length - 1;
}

/**
 * The source with the guard switched off.
 * @throws Error when the guard's text is not there exactly once
 */
export function switchOff(guard: Guard, source: string): string {
  const found = occurrences(source, guard.find);
  if (found !== 1) throw new Error(`guard ${guard.id}: its text occurs ${found} times in ${guard.file}`);
  return source.replace(guard.find, () => guard.replace);
}

/** The guard that this process runs without (`SABOTAGE=id`), if any. */
export function guardOff(): Guard | undefined {
  const id = process.env.SABOTAGE;
  if (id === undefined || id === '') return undefined;
  const guard = guards.find((one) => one.id === id);
  if (guard === undefined) throw new Error(`no guard is called ${id}`);
  return guard;
}

/**
 * Switches the guard off in `source` when the module is the guarded one; undefined when it is another.
 * `SABOTAGE_PROOF` names a file that gets a line each time, so that the runner knows that it happened.
 * @param moduleId file path or file URL, perhaps with a query
 */
export function sabotaged(guard: Guard, moduleId: string, source: string): string | undefined {
  const plain = moduleId.startsWith('file:') ? fileURLToPath(new URL(moduleId)) : moduleId.split('?')[0];
  if (plain === undefined || path.resolve(plain) !== path.join(root, guard.file)) return undefined;
  const result = switchOff(guard, source);
  const proof = process.env.SABOTAGE_PROOF;
  if (proof !== undefined) appendFileSync(proof, `${guard.id}\n`);
  return result;
}
