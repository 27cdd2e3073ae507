import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** A process by its number and command line. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Process[] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The command's name, in parentheses, may itself hold anything.
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z' || state === 'X') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [
          { pid: Number(name), parent: Number(parent), command: command || stat.split(' ', 2).join(' ') },
        ];
      } catch {
        // Gone while we looked.
        return [];
      }
    });
}

/**
 * What still runs after the tests, apart from this process and those it came from, given two seconds to end.
 * Undefined where the tests share their view of processes with the rest of the machine: nobody could tell.
 */
export async function processesLeftBehind(): Promise<string[] | undefined> {
  if (process.env.TEST_OWN_PROCESSES !== '1') return undefined;
  let left: Process[] = [];
  for (let attempt = 0; attempt < 20; attempt++) {
    const all = listProcesses();
    const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
    const mine = new Set<number>();
    for (let pid: number | undefined = process.pid; pid !== undefined; pid = parents.get(pid)) mine.add(pid);
    left = all.filter(({ pid }) => !mine.has(pid));
    if (left.length === 0) break;
    await wait(100);
  }
  return left.map(({ command }) => command.slice(0, 200));
}

/** Kept in the temporary folder on purpose, by Node and its tools. */
const caches = new Set(['node-compile-cache']);

/**
 * Files and folders that the tests left in the temporary folder. Undefined where that folder is not this run's
 * own.
 */
export function filesLeftBehind(): string[] | undefined {
  const scratch = process.env.TEST_SCRATCH;
  if (scratch === undefined || !os.tmpdir().startsWith(scratch)) return undefined;
  return readdirSync(os.tmpdir()).filter((name) => !caches.has(name));
}
