import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * The tests run as an ordinary user, so that file permissions bite; without a network; and, where the kernel
 * lets them, as the only processes they can see, so that nothing outlives them unnoticed.
 *
 * Privileges are dropped before namespaces are made: a user namespace made by root is still the kernel's root
 * towards files.
 */
export interface Isolation {
  /** Where the tests find the project: the tree itself, or a copy where the user could not read it. */
  readonly root: string;
  /** A folder of this run's own that the user can write. */
  readonly scratch: string;
  /** What goes before the command and its arguments. */
  readonly prefix: readonly string[];
  /** The tests are the only processes they can see. */
  readonly ownProcesses: boolean;
  /** In a few words, for the run's output. */
  readonly summary: string;
}

interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * An ordinary user to become: who called sudo, who owns the project, or `daemon`. Not `nobody` if it can be
 * helped: in a user namespace all files of unknown owners seem to be nobody's, so would be the user's own.
 */
function ordinaryUser(root: string): User {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
  const wanted = [Number(process.env.SUDO_UID), statSync(root).uid];
  const user =
    users.find(({ uid }) => wanted.includes(uid)) ??
    users.find(({ name }) => name === 'daemon') ??
    users.find(({ name }) => name === 'nobody');
  return user ?? { name: '54321', uid: 54321, gid: 54321 };
}

const succeeds = (command: readonly string[], cwd?: string): boolean =>
  spawnSync(command[0] as string, command.slice(1), { stdio: 'ignore', timeout: 10_000, cwd }).status === 0;

const dropTo = (user: User): readonly string[] => [
  ...['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'],
  ...['--bounding-set=-all', '--'],
];

/** Loopback is brought up with capabilities that are given away again before anything else runs. */
const loopbackUp =
  'ip link set lo up && setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"';
/** The shell stays as process 1 and reaps: `exit` keeps it from turning into its last command. */
const inside = ['sh', '-c', `${loopbackUp}; exit $?`, 'sh'];
const namespaces = ['unshare', '--user', '--map-current-user', '--keep-caps', '--net'];
const processNamespace = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** Prepares the surroundings of a test run. Called before privileges are dropped. */
export function isolate(root: string): Isolation {
  if (process.platform !== 'linux') {
    const scratch = mkdtempSync(path.join(os.tmpdir(), 'buletin-'));
    return { root, scratch, prefix: [], ownProcesses: false, summary: 'no namespaces on this system' };
  }
  const user = process.getuid?.() === 0 ? ordinaryUser(root) : undefined;
  const drop = user === undefined ? [] : dropTo(user);
  // Root's own TMPDIR may be closed to others. Short, because the paths of Unix sockets have 107 bytes.
  const scratch = mkdtempSync(path.join(user === undefined ? os.tmpdir() : '/tmp', 'buletin-'));
  if (user !== undefined) chownSync(scratch, user.uid, user.gid);
  const notes: string[] = [];
  let prefix = drop;
  if (!succeeds([...drop, 'true'])) {
    notes.push('STILL ROOT: this machine does not let root become another user');
    prefix = [];
  } else if (user !== undefined) notes.push(`as ${user.name}`);
  const tree = user === undefined || prefix.length === 0 ? root : readableTree(root, scratch, user, prefix);
  if (tree !== root) notes.push('in a copy, because that user cannot read the project');

  const full = [...prefix, ...namespaces, ...processNamespace, '--', ...inside];
  const netOnly = [...prefix, ...namespaces, '--', ...inside];
  if (succeeds([...full, 'true'])) {
    notes.push('without network, in a process namespace');
    return { root: tree, scratch, prefix: full, ownProcesses: true, summary: notes.join(', ') };
  }
  if (succeeds([...netOnly, 'true'])) {
    notes.push('without network');
    return { root: tree, scratch, prefix: netOnly, ownProcesses: false, summary: notes.join(', ') };
  }
  notes.push('no user namespaces here');
  return { root: tree, scratch, prefix, ownProcesses: false, summary: notes.join(', ') };
}

/** The project as the user can read it: where it is, or copied. */
function readableTree(root: string, scratch: string, user: User, drop: readonly string[]): string {
  const probe = 'test -r package.json && test -x node_modules && test -r test/run.ts && exec "$1" --version';
  if (succeeds([...drop, 'sh', '-c', `cd "$0" && ${probe}`, root, process.execPath])) return root;
  const tree = path.join(scratch, 'project');
  const leftOut = new Set(['.git', path.join('native', 'target')]);
  cpSync(root, tree, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !leftOut.has(path.relative(root, source)),
  });
  lchownSync(tree, user.uid, user.gid);
  for (const entry of readdirSync(tree, { recursive: true }) as string[]) {
    lchownSync(path.join(tree, entry), user.uid, user.gid);
  }
  return tree;
}

/** The environment of the tests: their own home and temporary folder, nothing of the caller's but the needful. */
export function cleanEnvironment(isolation: Isolation): NodeJS.ProcessEnv {
  const { root, scratch } = isolation;
  const environment: NodeJS.ProcessEnv = {};
  const kept = ['TERM', 'CI', 'NO_COLOR', 'FORCE_COLOR', 'COLUMNS', 'JAVA_HOME', 'FUZZ_SCALE', 'FUZZ_SEED'];
  const windows = ['SystemRoot', 'ComSpec', 'PATHEXT', 'APPDATA', 'LOCALAPPDATA', 'windir'];
  for (const name of [...kept, ...windows, 'TEST_WITHOUT']) {
    if (process.env[name] !== undefined) environment[name] = process.env[name];
  }
  const folder = (name: string, mode: number): string => {
    const made = path.join(scratch, name);
    if (!existsSync(made)) mkdirSync(made, { mode });
    const owner = statSync(scratch);
    if (process.platform !== 'win32') chownSync(made, owner.uid, owner.gid);
    return made;
  };
  const temporary = folder('tmp', 0o700);
  const bin = path.join(root, 'node_modules', '.bin');
  return {
    ...environment,
    PATH: [bin, path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    HOME: folder('home', 0o700),
    TMPDIR: temporary,
    TEMP: temporary,
    TMP: temporary,
    XDG_RUNTIME_DIR: folder('run', 0o700),
    LC_ALL: 'C.UTF-8',
    TEST_SCRATCH: scratch,
    TEST_CACHE: path.join(scratch, 'cache'),
    ...(isolation.ownProcesses ? { TEST_OWN_PROCESSES: '1' } : {}),
  };
}
