/** What runs here, by version numbers alone. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import {
  bundlePackages,
  packageVersionSchema,
  plainVersionSchema,
  type SupportBundle,
} from '../../../contract/diagnostics/bundle.ts';

export type BundleVersions = SupportBundle['versions'];

/** How long the package manager may take, in milliseconds. */
const packagesTimeoutMs = 1_500;

/** The numbers at the beginning of a version: what follows may be any text, also a name. */
export function plainVersion(text: string): string | null {
  const numbers = /^v?(\d{1,6}(?:\.\d{1,6}){0,3})/.exec(text)?.[1];
  return numbers !== undefined && plainVersionSchema.safeParse(numbers).success ? numbers : null;
}

/** Versions of this program, of what runs it, and of the packages between it and the card. Never fails. */
export async function readVersions(signal?: AbortSignal): Promise<BundleVersions> {
  const known = <T extends string>(value: string, values: readonly T[]): T | 'other' =>
    values.find((one) => one === value) ?? 'other';
  return {
    buletin: ownVersion(),
    node: plainVersion(process.version) ?? '0',
    platform: known(process.platform, ['linux', 'win32', 'darwin'] as const),
    architecture: known(process.arch, ['x64', 'arm64', 'ia32'] as const),
    system: plainVersion(release()),
    packages: process.platform === 'linux' ? packageVersions(await askPackageManager(signal)) : {},
  };
}

/** @param answer lines `name version`, as dpkg-query writes them; what is not as it must be is left out */
export function packageVersions(answer: string): BundleVersions['packages'] {
  const versions: BundleVersions['packages'] = {};
  for (const line of answer.split('\n').slice(0, 2 * bundlePackages.length)) {
    const [written, version] = line.split(' ');
    const name = bundlePackages.find((one) => one === written);
    const parsed = packageVersionSchema.safeParse(version);
    if (name && parsed.success) versions[name] = parsed.data;
  }
  return versions;
}

function askPackageManager(signal: AbortSignal | undefined): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      'dpkg-query',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own format
      ['-W', '-f', '${Package} ${Version}\n', ...bundlePackages],
      { timeout: packagesTimeoutMs, maxBuffer: 64 * 1024, encoding: 'utf8', ...(signal ? { signal } : {}) },
      // Packages that are not installed make it fail, and the others are told all the same.
      (_error, stdout) => resolve(stdout),
    ).on('error', () => resolve(''));
  });
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
  );
  return plainVersion(String((manifest as { version?: unknown }).version)) ?? '0';
}
