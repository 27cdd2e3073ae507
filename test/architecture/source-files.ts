import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The project's root. */
export const root = path.resolve(import.meta.dirname, '..', '..');

const sourceName = /\.(ts|tsx|mts|cjs|mjs|js|rs|c|h)$/;
const notOurs = new Set(['node_modules', 'target', 'out', '.git']);

/** All source files below these folders, as paths from the project's root with `/`, sorted. */
export function sourceFiles(...folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && sourceName.test(entry.name))
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
        .map((file) => file.split(path.sep).join('/')),
    )
    .filter((file) => !file.split('/').some((part) => notOurs.has(part)))
    .sort();
}

export const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');
