/** Installed packages and how this distribution installs others. */
import type { SystemView } from './system-view.ts';

export type PackageFamily = 'debian' | 'fedora' | 'arch' | 'suse' | 'other';

const maxStatusBytes = 24 * 1024 * 1024;

/** By /etc/os-release (`ID`, `ID_LIKE`). */
export async function packageFamily(system: SystemView): Promise<PackageFamily> {
  const release = (await system.text('/etc/os-release', 16_384)) ?? '';
  const words = [...release.matchAll(/^(?:ID|ID_LIKE)=["']?([^"'\n]*)/gm)].flatMap(([, text]) =>
    (text ?? '').split(' '),
  );
  if (words.some((word) => ['debian', 'ubuntu'].includes(word))) return 'debian';
  if (words.some((word) => ['fedora', 'rhel', 'centos'].includes(word))) return 'fedora';
  if (words.includes('arch')) return 'arch';
  return words.some((word) => ['suse', 'opensuse'].includes(word)) ? 'suse' : 'other';
}

const names = {
  service: { debian: 'pcscd', fedora: 'pcsc-lite', arch: 'pcsclite', suse: 'pcsc-lite', other: 'pcscd' },
  driver: { debian: 'libccid', fedora: 'pcsc-lite-ccid', arch: 'ccid', suse: 'pcsc-ccid', other: 'libccid' },
} as const;

/** What the service's or the driver's package is called. */
export function packageName(what: keyof typeof names, family: PackageFamily): string {
  return names[what][family];
}

const installers: Readonly<Record<PackageFamily, string>> = {
  debian: 'apt install',
  fedora: 'dnf install',
  arch: 'pacman -S',
  suse: 'zypper install',
  other: 'apt install',
};

export function installCommand(family: PackageFamily, ...packages: readonly string[]): string {
  return `sudo ${installers[family]} ${packages.join(' ')}`;
}

/** Version of an installed package, or undefined when it is not installed or nobody can tell. */
export async function packageVersion(
  system: SystemView,
  family: PackageFamily,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (family === 'debian') {
    const status = await system.text('/var/lib/dpkg/status', maxStatusBytes);
    return status === undefined ? undefined : debianVersion(status, name);
  }
  if (family === 'arch') {
    const entry = (await system.list('/var/lib/pacman/local')).find((one) =>
      new RegExp(`^${name}-\\d`).test(one),
    );
    return entry?.slice(name.length + 1);
  }
  const answer = await system.run('rpm', ['-q', '--qf', '%{VERSION}-%{RELEASE}', name], signal);
  return answer?.code === 0 && /^\d/.test(answer.stdout) ? answer.stdout.trim().slice(0, 60) : undefined;
}

function debianVersion(status: string, name: string): string | undefined {
  const start = status.startsWith(`Package: ${name}\n`) ? 0 : status.indexOf(`\nPackage: ${name}\n`);
  if (start < 0) return undefined;
  const end = status.indexOf('\n\n', start + 1);
  const entry = status.slice(start, end < 0 ? undefined : end);
  if (!/^Status: .* installed$/m.test(entry)) return undefined;
  return /^Version: (\S{1,60})$/m.exec(entry)?.[1];
}

/** Numbers of a version, epoch and revision left out: `1:1.9.9-2` is [1, 9, 9]. */
export function versionNumbers(version: string): readonly number[] {
  const upstream = version.replace(/^\d+:/, '').split(/[-+~]/)[0] ?? '';
  return upstream
    .split('.')
    .map(Number)
    .filter((part) => !Number.isNaN(part));
}

/** Whether a version is lower than another, by its numbers. */
export function isOlder(version: string, than: string): boolean {
  const one = versionNumbers(version);
  const other = versionNumbers(than);
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
