/**
 * Which npm packages the product needs when it runs: those that its sources name, and what these depend on, as
 * package-lock.json resolved it. Packages that only the window's bundle or the tests use are not among them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';

/** The part of a package-lock.json (version 3) that is read here. */
export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

export interface Target {
  readonly platform: NodeJS.Platform;
  readonly arch: NodeJS.Architecture;
}

/** A statement that loads a module at run time; `import type` and `export type` load nothing. */
const loading =
  /(?:^|[\s;])(?:import|export)\s+(?!type\s)(?:[^'"();]*?\sfrom\s+)?['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]|\brequire\(\s*['"]([^'"\n]+)['"]/g;

/** Names of the packages that a source text loads. */
export function packagesLoadedBy(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const names = [...code.matchAll(loading)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((specifier) => /^(@[^/]+\/)?[a-z0-9]/i.test(specifier) && !isBuiltin(specifier));
  return [...new Set(names.map(packageOf))].sort();
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Names of the packages that the TypeScript files under a folder load. */
export function packagesLoadedUnder(folder: string): string[] {
  const names = new Set<string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?[jt]s$/.test(entry.name) || entry.name.endsWith('.d.ts')) continue;
    for (const name of packagesLoadedBy(readFileSync(path.join(entry.parentPath, entry.name), 'utf8')))
      names.add(name);
  }
  return [...names].sort();
}

/**
 * Folders (from the project's root, `node_modules/…`) of the named packages and of all that they need on the target.
 * @throws Error when a package is for development only, or the lock does not know it
 */
export function packageClosure(lock: LockFile, names: readonly string[], target: Target): string[] {
  const found = new Set<string>();
  const visit = (from: string, name: string, mayLack: boolean): void => {
    const place = resolveIn(lock, from, name);
    const entry = place === undefined ? undefined : lock.packages[place];
    if (place === undefined || entry === undefined || !fits(entry, target)) {
      if (mayLack) return;
      throw new Error(
        `${name}, which ${from === '' ? 'the product' : from} needs, is not in package-lock.json`,
      );
    }
    if (found.has(place)) return;
    if (entry.dev) {
      if (mayLack) return;
      throw new Error(`${name} is for development only, but ${from === '' ? 'the product' : from} needs it`);
    }
    found.add(place);
    for (const one of Object.keys(entry.dependencies ?? {}))
      visit(place, one, one in (entry.optionalDependencies ?? {}));
    for (const one of Object.keys(entry.optionalDependencies ?? {})) visit(place, one, true);
    for (const one of Object.keys(entry.peerDependencies ?? {}))
      visit(place, one, entry.peerDependenciesMeta?.[one]?.optional === true);
  };
  for (const name of names) visit('', name, false);
  return [...found].sort();
}

/** Node's own rule: the nearest `node_modules` on the way up. */
function resolveIn(lock: LockFile, from: string, name: string): string | undefined {
  for (let folder = from; ; ) {
    const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in lock.packages) return place;
    if (folder === '') return undefined;
    const up = folder.lastIndexOf('/node_modules/');
    folder = up < 0 ? '' : folder.slice(0, up);
  }
}

function fits(entry: LockedPackage, target: Target): boolean {
  const allowed = (list: readonly string[] | undefined, value: string) =>
    list === undefined ||
    (!list.includes(`!${value}`) && (list.some((one) => one.startsWith('!')) || list.includes(value)));
  return allowed(entry.os, target.platform) && allowed(entry.cpu, target.arch);
}
