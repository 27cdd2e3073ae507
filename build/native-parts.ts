import { spawn } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const workspace = path.join(root, 'native');
const target = path.join(workspace, 'target');

/** One thing that the Cargo workspace `native/` makes. */
export interface NativePart {
  readonly crate: string;
  /** A library that Node loads, or a program. */
  readonly kind: 'addon' | 'program';
  /** Where it goes, from the project's root. */
  readonly output: string;
  /** Rust's name of the system it is for, where that is another than the one it is built on. */
  readonly target?: string;
  /** Nobody misses it but those with modules of another kind: lacking it is told, and no failure. */
  readonly optional?: true;
  /** What the system must have to build it, beside Rust; undefined when it has that. */
  readonly missing: () => Promise<string | undefined>;
}

/** Everything that is built, for the system this runs on. */
export function nativeParts(platform = process.platform, arch = process.arch): readonly NativePart[] {
  return [
    {
      crate: 'buletin-pcsc',
      kind: 'addon',
      output: `native/pcsc/buletin-pcsc.${platform}-${arch}.node`,
      missing: () => missingPcscLibrary(platform),
    },
    moduleHost(platform, arch),
    // A process loads libraries of its own kind only. The modules of state cards are 32-bit on Windows, and made
    // for Intel processors on macOS.
    ...(platform === 'win32' && arch === 'x64' ? [moduleHost(platform, 'ia32', 'i686-pc-windows-msvc')] : []),
    ...(platform === 'darwin' && arch === 'arm64'
      ? [moduleHost(platform, 'x64', 'x86_64-apple-darwin')]
      : []),
  ];
}

function moduleHost(platform: NodeJS.Platform, arch: string, target?: string): NativePart {
  const crate = 'buletin-module-host';
  const suffix = platform === 'win32' ? '.exe' : '';
  return {
    crate,
    kind: 'program',
    output: `native/module-host/${crate}.${platform}-${arch}${suffix}`,
    missing: async () => (target === undefined ? undefined : missingTarget(target)),
    ...(target === undefined ? {} : { target, optional: true as const }),
  };
}

/** Something the person who builds has to do. */
export class BuildProblem extends Error {
  override readonly name = 'BuildProblem';
}

/** What cargo calls the program of a crate. */
export function programFile(crate: string, platform = process.platform): string {
  return platform === 'win32' ? `${crate}.exe` : crate;
}

/** What cargo calls the dynamic library of a crate. */
export function libraryFile(crate: string, platform = process.platform): string {
  const name = crate.replaceAll('-', '_');
  if (platform === 'win32') return `${name}.dll`;
  return platform === 'darwin' ? `lib${name}.dylib` : `lib${name}.so`;
}

/**
 * Builds one part and puts it in its place.
 * @throws BuildProblem with what to do, when Rust, a system library or the crates are missing, or cargo fails.
 */
export async function buildPart(part: NativePart, options: { readonly test: boolean }): Promise<void> {
  const cargo = cargoCommand();
  if (cargo === undefined) throw new BuildProblem(rustMissing);
  const missing = await part.missing();
  if (missing !== undefined) throw new BuildProblem(missing);
  const foreign = part.target === undefined ? [] : ['--target', part.target];
  const common = ['--release', '--locked', '--package', part.crate, '--target-dir', target, ...foreign];
  await runCargo(cargo, ['build', ...common]);
  if (options.test) await runCargo(cargo, ['test', ...common]);
  const output = path.join(root, part.output);
  // Renamed into place: a process that has the old one loaded keeps it.
  const fresh = `${output}.${process.pid}.new`;
  const made = part.kind === 'addon' ? libraryFile(part.crate) : programFile(part.crate);
  copyFileSync(path.join(target, part.target ?? '', 'release', made), fresh);
  renameSync(fresh, output);
}

const rustMissing = [
  'Rust is not installed (no cargo in PATH or ~/.cargo/bin).',
  "Install it from https://rustup.rs or with the system's packages (Rust 1.88 or newer), then run this again.",
  'Without the native parts the simulated cards work (--sandbox); real readers and PKCS#11 modules do not.',
].join('\n');

const libraryMissing = [
  'The PC/SC library to build against is missing. Install it and run this again:',
  '  Debian, Ubuntu:  apt-get install pkgconf libpcsclite-dev',
  '  Fedora:          dnf install pkgconf pcsc-lite-devel',
  '  Arch:            pacman -S pkgconf pcsclite',
].join('\n');

/** Rust's standard library for another system, as rustup keeps it. */
async function missingTarget(target: string): Promise<string | undefined> {
  const added = await new Promise<string>((resolve) => {
    const probe = spawn('rustup', ['target', 'list', '--installed'], { stdio: ['ignore', 'pipe', 'ignore'] });
    let listed = '';
    probe.stdout.on('data', (text: Buffer) => {
      listed += text.toString();
    });
    probe.once('error', () => resolve(''));
    probe.once('close', () => resolve(listed));
  });
  return added.split(/\s+/).includes(target)
    ? undefined
    : `Rust's library for ${target} is missing. Add it and run this again:\n  rustup target add ${target}`;
}

/** Windows and macOS bring PC/SC along. */
async function missingPcscLibrary(platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform === 'win32' || platform === 'darwin' || process.env.PCSC_LIB_DIR) return undefined;
  const found = await new Promise<boolean>((resolve) => {
    const probe = spawn('pkg-config', ['--exists', 'libpcsclite'], { stdio: 'ignore' });
    probe.once('error', () => resolve(false));
    probe.once('exit', (code) => resolve(code === 0));
  });
  return found ? undefined : libraryMissing;
}

/** Cargo, also where rustup put it without touching PATH. */
function cargoCommand(): string | undefined {
  const name = process.platform === 'win32' ? 'cargo.exe' : 'cargo';
  const cargoHome = process.env.CARGO_HOME ?? path.join(homedir(), '.cargo');
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), path.join(cargoHome, 'bin')];
  return folders
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return existsSync(file);
      } catch {
        return false;
      }
    });
}

/** Cargo's output passes through; its reason for failing is put into words. */
async function runCargo(cargo: string, args: readonly string[]): Promise<void> {
  const child = spawn(cargo, args, { cwd: workspace, stdio: ['ignore', 'inherit', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    process.stderr.write(text);
    complaint = (complaint + text.toString()).slice(-16_384);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new BuildProblem(cargoProblem(complaint));
}

/** What to do about a failed cargo, by what it printed. */
export function cargoProblem(printed: string): string {
  if (
    /requires rustc|is not supported by the following package|edition .* is not stabilized/i.test(printed)
  ) {
    return 'This Rust is too old: 1.88 or newer is needed (`rustup update`, or https://rustup.rs).';
  }
  if (/--locked was passed|needs to be updated but/i.test(printed)) {
    return 'native/Cargo.lock does not fit native/**/Cargo.toml. Run `cargo check` in native/ and commit the lock file.';
  }
  if (
    /could(n't| not) resolve host|failed to (download|fetch|get)|unable to update|offline|network/i.test(
      printed,
    )
  ) {
    return [
      'The Rust crates could not be fetched. They are needed once; later builds work without a network:',
      '  cargo fetch --locked --manifest-path native/Cargo.toml',
    ].join('\n');
  }
  if (/linker .* not found|error: linking with/i.test(printed)) {
    return 'Rust found no linker. Install a C compiler (Debian: apt-get install gcc libc6-dev) and run this again.';
  }
  if (/no space left on device/i.test(printed)) return 'The disk is full: native/target needs about 200 MB.';
  return 'cargo failed; its own message is above.';
}
