/** The window's pages are built from their sources when those have changed; an installed program has no sources. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../contract/failures/failure.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One thing that is built: what it is made of, what it leaves, and the script of package.json that does it. */
export interface Built {
  readonly script: string;
  readonly product: string;
  readonly sources: readonly string[];
}

export const builtWindow: Built = {
  script: 'build:window',
  product: 'out/window/index.html',
  sources: ['renderer', 'electron/contract', 'build/window.ts', 'package-lock.json'],
};

/** Newest change below a file or folder, in milliseconds; 0 when there is nothing. */
function newest(path: string): number {
  if (!existsSync(path)) return 0;
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether it has to be built (again). */
export function isStale(built: Built, folder = root): boolean {
  const product = newest(join(folder, built.product));
  // Installed: there is nothing to build it with, and nothing changes.
  if (!existsSync(join(folder, 'package-lock.json'))) return false;
  return product < Math.max(...built.sources.map((source) => newest(join(folder, source))));
}

/**
 * Builds it if need be.
 * @param telling called before a build
 * @throws Failure `window-not-built`
 */
export async function bringUpToDate(
  built: Built,
  telling: () => void | Promise<void>,
  folder = root,
): Promise<void> {
  if (isStale(built, folder)) {
    await telling();
    await runScript(built.script, folder);
  }
  if (!existsSync(join(folder, built.product))) throw new Failure('window-not-built');
}

function runScript(script: string, folder: string): Promise<void> {
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, 'run', '--silent', script], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    const failed = (detail: string) => reject(new Failure('window-not-built', { detail }));
    child.once('error', (error) => failed(error.message));
    child.once('exit', (code) => (code === 0 ? resolve() : failed(`${script} ended with ${code}`)));
  });
}
