import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findBrowser } from '../electron/shell/chromium/browser-binary.ts';
import { buildRig } from '../test/rig/build-ifd.ts';
import { dssReady, installDss } from '../test/rig/judges/dss.ts';
import { installPkcs11js, pkcs11jsReady } from '../test/rig/judges/pkcs11js.ts';
import {
  canMakePythonEnvironment,
  installPythonJudges,
  pythonJudgesReady,
} from '../test/rig/judges/python.ts';

/**
 * Prepares a machine for the tests; `npm test` calls it, and `npm run prepare:system` by hand. Installs what is
 * missing where it may (Debian's or Ubuntu's apt-get, as root or by sudo without a password), names what stays
 * missing and what will be skipped for it, and compiles the test rig. Does next to nothing when all is there.
 */

/** Something the tests use that does not come with `npm ci`. */
interface Tool {
  readonly name: string;
  readonly present: () => boolean;
  /** Debian package; absent when apt cannot help. */
  readonly package?: string;
  /** How to get it by hand, where apt cannot help. */
  readonly byHand?: string;
  /** What is skipped without it. */
  readonly without: string;
  /** Cannot be had on macOS and Windows. */
  readonly linuxOnly?: true;
}

const rig = 'everything over a real PC/SC service';
const opensc = "OpenSC's judgement of the cards";
const dss = "the judgement of signed PDFs by the EU's DSS";
const pythonJudges = 'the judges written in Python: pysaml2, schemathesis, pyHanko';

const tools: readonly Tool[] = [
  { name: 'pcscd', present: () => onPath('pcscd'), package: 'pcscd', without: rig, linuxOnly: true },
  {
    name: 'PC/SC headers',
    present: () => existsSync('/usr/include/PCSC/ifdhandler.h') && sharedLibrary('libpcsclite.so'),
    package: 'libpcsclite-dev',
    without: rig,
    linuxOnly: true,
  },
  { name: 'cc', present: () => onPath('cc'), package: 'gcc', without: rig, linuxOnly: true },
  {
    name: 'C headers',
    present: () => existsSync('/usr/include/stdio.h'),
    package: 'libc6-dev',
    without: rig,
    linuxOnly: true,
  },
  ...['unshare', 'setpriv'].map(
    (name): Tool => ({
      name,
      present: () => onPath(name),
      package: 'util-linux',
      without: rig,
      linuxOnly: true,
    }),
  ),
  {
    name: 'user namespaces',
    present: () => succeeds('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'probe', '/run']),
    byHand: 'the kernel or a security policy forbids them to ordinary users',
    without: `${rig}, and the network namespace of the test run`,
    linuxOnly: true,
  },
  {
    name: 'ip',
    present: () => onPath('ip'),
    package: 'iproute2',
    without: 'the network namespace of the test run',
    linuxOnly: true,
  },
  {
    name: 'pkg-config',
    present: () => onPath('pkg-config'),
    package: 'pkg-config',
    without: 'the PC/SC add-on',
  },
  {
    name: 'cargo',
    present: () => onPath('cargo') || existsSync(join(homedir(), '.cargo', 'bin', 'cargo')),
    byHand: 'from https://rustup.rs (Debian has an older one)',
    without: 'native parts: real readers',
  },
  ...['opensc-tool', 'pkcs15-tool', 'pkcs11-tool'].map(
    (name): Tool => ({ name, present: () => onPath(name), package: 'opensc', without: opensc }),
  ),
  {
    name: 'opensc-pkcs11',
    present: () => sharedLibrary('opensc-pkcs11.so'),
    package: 'opensc-pkcs11',
    without: opensc,
    linuxOnly: true,
  },
  {
    name: 'openssl',
    present: () => onPath('openssl'),
    package: 'openssl',
    without: "openssl's judgement of signatures",
  },
  {
    name: 'chromium',
    present: () => findBrowser() !== undefined,
    package: 'chromium',
    without: 'the window: it is shown by Chromium in the tests',
    linuxOnly: true,
  },
  {
    name: 'softhsm2-util',
    present: () => onPath('softhsm2-util'),
    package: 'softhsm2',
    without: 'PKCS#11 against SoftHSM',
  },
  { name: 'qpdf', present: () => onPath('qpdf'), package: 'qpdf', without: "qpdf's judgement of PDF files" },
  {
    name: 'pdfsig',
    present: () => onPath('pdfsig'),
    package: 'poppler-utils',
    without: "pdfsig's judgement of PDF files",
  },
  {
    name: 'xmlsec1',
    present: () => onPath('xmlsec1'),
    package: 'xmlsec1',
    without: "xmlsec1's judgement of SAML",
  },
  {
    name: 'curl',
    present: () => onPath('curl'),
    package: 'curl',
    without: "curl's way through the sandbox portal",
  },
  {
    name: 'certutil',
    present: () => onPath('certutil'),
    package: 'libnss3-tools',
    without: "pdfsig's judgement of PDF files",
  },
  ...[
    { name: 'mvn', package: 'maven' },
    { name: 'javac', package: 'default-jdk-headless' },
  ].map(
    (tool): Tool => ({
      ...tool,
      // Only to make it: what is made needs java alone.
      present: () => dssReady() || onPath(tool.name),
      without: dss,
    }),
  ),
  { name: 'java', present: () => onPath('java'), package: 'default-jre-headless', without: dss },
  {
    name: "the system's Python 3.11 with venv",
    present: canMakePythonEnvironment,
    package: 'python3-venv',
    without: pythonJudges,
  },
];

/** Names of what the tests use and this machine lacks. */
export function missingTools(): string[] {
  return missing().map((tool) => tool.name);
}

function missing(): Tool[] {
  return tools.filter((tool) => !tool.present());
}

/** Installs what can be installed, compiles the rig, and says what is left. */
function prepare(): void {
  let left = missing();
  const packages = [...new Set(left.flatMap((tool) => tool.package ?? []))];
  if (process.platform === 'linux' && packages.length > 0) {
    install(packages);
    left = missing();
  }
  const rigReady = process.platform === 'linux' && !left.some((tool) => tool.without.startsWith(rig));
  if (rigReady) buildRig();
  const pythonFault = left.some((tool) => tool.without === pythonJudges) ? undefined : preparePythonJudges();
  const dssFault = left.some((tool) => tool.without === dss) ? undefined : prepareDss();
  const pkcs11jsFault = preparePkcs11js();
  if (pkcs11jsFault !== undefined) {
    console.log(`missing: pkcs11js (${pkcs11jsFault}); without it: a second opinion about PKCS#11 modules`);
  }
  if (left.length === 0 && pythonFault === undefined && dssFault === undefined) {
    console.log('everything the tests need is here');
    return;
  }
  if (pythonFault !== undefined) {
    console.log(`missing: packages from PyPI (${pythonFault}); without it: ${pythonJudges}`);
  }
  if (dssFault !== undefined) console.log(`missing: packages from Maven (${dssFault}); without it: ${dss}`);
  const elsewhere = process.platform !== 'linux';
  for (const tool of left) {
    if (elsewhere && tool.linuxOnly) continue;
    console.log(`missing: ${tool.name}${hint(tool)}; without it: ${tool.without}`);
  }
  if (elsewhere) console.log(`cannot be had on ${process.platform}: the test rig; without it: ${rig}`);
}

/** Installs the judges written in Python, once; what went wrong, or undefined. */
function preparePythonJudges(): string | undefined {
  if (pythonJudgesReady()) return undefined;
  console.log('installing the judges written in Python');
  try {
    installPythonJudges();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Installs and compiles pkcs11js aside, once; what went wrong, or undefined. */
function preparePkcs11js(): string | undefined {
  if (pkcs11jsReady()) return undefined;
  if (!['cc', 'make', 'python3'].every(onPath)) return 'it is compiled, by cc, make and python3';
  console.log('installing pkcs11js');
  try {
    installPkcs11js();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Fetches and compiles the judge by DSS, once; what went wrong, or undefined. */
function prepareDss(): string | undefined {
  if (dssReady()) return undefined;
  console.log("fetching the EU's Digital Signature Service");
  try {
    installDss();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function hint(tool: Tool): string {
  if (tool.byHand) return ` (${tool.byHand})`;
  return tool.package && process.platform === 'linux' ? ` (package ${tool.package})` : '';
}

/** Installs Debian packages, if this user may; says so if not. */
function install(packages: readonly string[]): void {
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (!onPath('apt-get')) {
    console.log(`no apt-get here to install: ${packages.join(' ')}`);
    return;
  }
  if (prefix.length > 0 && !succeeds('sudo', ['-n', 'true'])) {
    console.log(`to install what is missing: sudo apt-get install ${packages.join(' ')}`);
    return;
  }
  const command = [
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    'DPkg::Lock::Timeout=120',
  ];
  const apt = (...options: string[]): boolean => {
    const [program = '', ...rest] = [...prefix, ...command, ...options];
    return (
      spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0
    );
  };
  const get = (...names: string[]): boolean => apt('install', '-y', '--no-install-recommends', ...names);
  console.log(`installing ${packages.join(' ')}`);
  if (get(...packages)) return;
  apt('update');
  // One that this distribution does not have must not keep the others away.
  if (!get(...packages)) for (const name of packages) get(name);
}

/** Whether a command of this name is in PATH (or in the sbin folders, where daemons live). */
function onPath(command: string): boolean {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) =>
    suffixes.some((suffix) => {
      try {
        accessSync(join(folder, command + suffix), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}

/** Whether a shared library lies in one of the system's library folders. */
function sharedLibrary(fileName: string): boolean {
  if (!existsSync('/usr/lib')) return false;
  const multiarch = readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu'));
  const folders = ['/usr/lib', '/usr/lib64', ...multiarch.map((name) => join('/usr/lib', name))];
  return folders.some((folder) => existsSync(join(folder, fileName)));
}

function succeeds(command: string, commandArguments: readonly string[]): boolean {
  return spawnSync(command, commandArguments, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

if (import.meta.main) prepare();
