import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { moduleHostProgram } from '../../electron/engine/modules/host-program.ts';
import { findBrowser } from '../../electron/shell/chromium/browser-binary.ts';
import { findConfinement } from '../../electron/shell/chromium/confinement.ts';
import { dssReady } from '../rig/judges/dss.ts';
import { pkcs11jsReady } from '../rig/judges/pkcs11js.ts';
import { pythonJudgesReady } from '../rig/judges/python.ts';

/** Something that tests may need. */
export type Need =
  | 'linux'
  | 'unprivileged'
  | 'namespaces'
  | 'cc'
  | 'native-build'
  | 'native-pcsc'
  | 'module-host'
  | 'pkcs11js'
  | 'rig'
  | 'pcscd'
  | 'opensc'
  | 'openssl'
  | 'softhsm'
  | 'curl'
  | 'python'
  | 'python-judges'
  | 'xmlsec1'
  | 'java'
  | 'dss'
  | 'qpdf'
  | 'pdfsig'
  | 'dpkg'
  | 'electron'
  | 'chromium'
  | 'window';

/**
 * What a test may need from the machine. A suite says so with
 * `describe.skipIf(!needs('pcscd'))('…', …)`, and stands in `test/skips.ts` for the machines that lack it.
 */
const checks: Readonly<Record<Need, () => boolean>> = {
  /** A Linux kernel: Unix sockets in namespaces, /proc. */
  linux: () => process.platform === 'linux',
  /** Not root, so that file permissions bite. */
  unprivileged: () => process.getuid?.() !== 0 && process.platform !== 'win32',
  /** User and mount namespaces for an ordinary user. */
  namespaces: () =>
    process.platform === 'linux' && succeeds('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'probe', '/run']),
  /** A C compiler. */
  cc: () => onPath('cc') || onPath('gcc'),
  /** Rust, and on Linux the PC/SC library to build against. */
  'native-build': () =>
    (onPath('cargo') || existsSync(path.join(os.homedir(), '.cargo', 'bin', 'cargo'))) &&
    (process.platform !== 'linux' || succeeds('pkg-config', ['--exists', 'libpcsclite'])),
  /** The PC/SC add-on, as `npm run build:native` leaves it. */
  'native-pcsc': () =>
    existsSync(path.join(root, 'native', 'pcsc', `buletin-pcsc.${process.platform}-${process.arch}.node`)),
  /** The program that PKCS#11 modules run in, as `npm run build:native` leaves it. */
  'module-host': () => existsSync(moduleHostProgram(process.arch)),
  /** pkcs11js, which the preparation compiles aside. */
  pkcs11js: () => pkcs11jsReady(),
  /** A private pcscd with our virtual reader: the daemon, namespaces, a compiler and headers for the driver. */
  rig: () =>
    onPath('pcscd') && existsSync('/usr/include/PCSC/ifdhandler.h') && needs('namespaces') && needs('cc'),
  /** The same, and our own client for it: the add-on. */
  pcscd: () => needs('rig') && needs('native-pcsc'),
  /** OpenSC's command line tools and its PKCS#11 module. */
  opensc: () => ['opensc-tool', 'pkcs15-tool', 'pkcs11-tool'].every(onPath),
  openssl: () => onPath('openssl'),
  softhsm: () => onPath('softhsm2-util'),
  curl: () => onPath('curl'),
  python: () => onPath('python3'),
  /** pysaml2, schemathesis and pyHanko, as `npm run prepare:system` installs them. */
  'python-judges': () => pythonJudgesReady(),
  /** XML signatures, judged by themselves and for pysaml2. */
  xmlsec1: () => onPath('xmlsec1'),
  java: () => onPath('java'),
  /** The EU's Digital Signature Service, as `npm run prepare:system` fetches and compiles it. */
  dss: () => onPath('java') && dssReady(),
  qpdf: () => onPath('qpdf'),
  /** pdfsig, and certutil for its trust store. */
  pdfsig: () => onPath('pdfsig') && onPath('certutil'),
  /** Electron's own binary, which its npm package fetches only when it can. */
  electron: () => electronBinary(),
  /** Debian's own tools for packages. */
  dpkg: () => process.platform === 'linux' && onPath('dpkg') && onPath('dpkg-deb'),
  /** Chromium, and a kernel that lets its sandbox be: it is never run without. */
  chromium: () => findBrowser() !== undefined && findConfinement().impossible === undefined,
  /** The same, and the built window. */
  window: () => needs('chromium') && existsSync(path.join(root, 'out', 'window', 'index.html')),
};

export const allNeeds = Object.keys(checks) as readonly Need[];

const root = path.resolve(import.meta.dirname, '..', '..');
const known = new Map<Need, boolean>();

/**
 * Whether the machine has it. Asked once per process. `TEST_WITHOUT=pcscd,openssl` plays a machine that lacks
 * those, to try what is skipped there.
 */
export function needs(need: Need): boolean {
  const answer = known.get(need);
  if (answer !== undefined) return answer;
  const denied = (process.env.TEST_WITHOUT ?? '').split(',').includes(need);
  const found = !denied && machineHas(need);
  known.set(need, found);
  return found;
}

/** Whether the machine has it, whatever `TEST_WITHOUT` says. */
export function machineHas(need: Need): boolean {
  return checks[need]();
}

/** Whether a command of this name is in PATH (or in the sbin folders, where daemons live). */
function onPath(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

function electronBinary(): boolean {
  const folder = path.join(root, 'node_modules', 'electron', 'dist');
  return ['electron', 'electron.exe', 'Electron.app'].some((name) => existsSync(path.join(folder, name)));
}
