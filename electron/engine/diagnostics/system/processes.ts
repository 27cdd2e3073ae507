/**
 * Which programs use the card service or a reader's device, on Linux: `ss` tells which sockets are at the other end of
 * the service's (it asks the kernel by sock_diag), /proc tells whose they are. Without `ss`, programs that have loaded
 * the PC/SC library are named.
 */
import { NotPermitted, type SystemView } from './system-view.ts';

export interface UsingProgram {
  readonly pid: number;
  /** What people know it by. */
  readonly name: string;
  /** GnuPG's card daemon, which wants readers for itself. */
  readonly gnupg: boolean;
}

const maxProcesses = 4_096;
const maxDescriptors = 4_096;

/** Names of processes that say little to people. */
const programNames: Readonly<Record<string, string>> = {
  scdaemon: 'GnuPG (scdaemon)',
  'firefox-bin': 'Firefox',
  firefox: 'Firefox',
  'firefox-esr': 'Firefox',
  chrome: 'Google Chrome',
  chromium: 'Chromium',
  thunderbird: 'Thunderbird',
  pcsc_scan: 'pcsc_scan',
  qdigidoc4: 'DigiDoc4',
  AusweisApp: 'AusweisApp',
  'web-eid': 'Web eID',
  'gsd-smartcard': 'GNOME (gsd-smartcard)',
  p11_child: 'SSSD (p11_child)',
  'buletin-agent': 'Buletin',
};

/**
 * Programs at the other end of the service's socket, other than those in `ours` and their module hosts.
 * @param ours process ids of this program
 */
export async function programsAtService(
  system: SystemView,
  ours: ReadonlySet<number>,
  signal: AbortSignal,
): Promise<readonly UsingProgram[]> {
  const processes = await allProcesses(system);
  const family = withDescendants(ours, processes);
  const answer = await system.run('ss', ['-x', '-n', '-H'], signal).catch((error: unknown) => {
    if (error instanceof NotPermitted) return undefined;
    throw error;
  });
  const pairs = answer?.code === 0 ? servicePairs(answer.stdout) : undefined;
  if (pairs === undefined) return programsWithLibrary(system, processes, family);
  const owners = await socketOwners(system, processes);
  const ownServer = pairs.find(({ client }) => family.has(owners.get(client) ?? -1))?.server;
  const server = ownServer === undefined ? undefined : owners.get(ownServer);
  const pids = pairs
    // Where we may see which service it is: the one that we talk to and no other.
    .filter((pair) => server === undefined || owners.get(pair.server) === server)
    .flatMap(({ client }) => owners.get(client) ?? []);
  return nameAll(system, pids, family);
}

/** Programs that have the reader's device open, the card service left out. */
export async function programsAtDevice(
  system: SystemView,
  node: string,
  ours: ReadonlySet<number>,
): Promise<readonly UsingProgram[]> {
  const processes = await allProcesses(system);
  const pids: number[] = [];
  for (const { pid } of processes) {
    const links = await descriptorLinks(system, pid);
    if (links.includes(node)) pids.push(pid);
  }
  const named = await nameAll(system, pids, withDescendants(ours, processes));
  return named.filter(({ name }) => name !== 'pcscd');
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** By its name: a module host. */
  readonly isOurs: boolean;
}

async function allProcesses(system: SystemView): Promise<readonly Process[]> {
  const pids = (await system.list('/proc')).filter((name) => /^\d+$/.test(name)).slice(0, maxProcesses);
  return Promise.all(
    pids.map(async (pid) => {
      const stat = (await system.text(`/proc/${pid}/stat`, 4096).catch(() => undefined)) ?? '';
      // The name in brackets may hold anything: what follows its last bracket counts.
      const parent = Number(
        stat
          .slice(stat.lastIndexOf(')') + 1)
          .trim()
          .split(' ')[1] ?? 0,
      );
      const isOurs = / \(buletin/.test(stat.slice(0, 40));
      return { pid: Number(pid), parent: Number.isInteger(parent) ? parent : 0, isOurs };
    }),
  );
}

function withDescendants(ours: ReadonlySet<number>, processes: readonly Process[]): ReadonlySet<number> {
  const family = new Set(ours);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent, isOurs } of processes) {
      if (isOurs && family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
    }
  }
  return family;
}

interface SocketPair {
  /** Inode of the service's end. */
  readonly server: string;
  readonly client: string;
}

/** Lines as `u_str ESTAB 0 0 /run/pcscd/pcscd.comm 40571 * 40570`. */
function servicePairs(output: string): readonly SocketPair[] {
  return output.split('\n').flatMap((line) => {
    const match = /^u_str\s+ESTAB\s+\d+\s+\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)/.exec(line);
    const [, path = '', server = '', client = ''] = match ?? [];
    return /(?:^|\/)pcscd\.comm$/.test(path) ? [{ server, client }] : [];
  });
}

async function socketOwners(
  system: SystemView,
  processes: readonly Process[],
): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>();
  for (const { pid } of processes) {
    for (const link of await descriptorLinks(system, pid)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
      if (inode !== undefined) owners.set(inode, pid);
    }
  }
  return owners;
}

/** What a process has open; nothing of processes that are not ours to look into. */
async function descriptorLinks(system: SystemView, pid: number): Promise<readonly string[]> {
  try {
    const names = (await system.list(`/proc/${pid}/fd`)).slice(0, maxDescriptors);
    const links = await Promise.all(names.map((name) => system.link(`/proc/${pid}/fd/${name}`)));
    return links.filter((link) => link !== undefined);
  } catch (error) {
    if (error instanceof NotPermitted) return [];
    throw error;
  }
}

async function programsWithLibrary(
  system: SystemView,
  processes: readonly Process[],
  family: ReadonlySet<number>,
): Promise<readonly UsingProgram[]> {
  const pids: number[] = [];
  for (const { pid } of processes) {
    const maps = await system.text(`/proc/${pid}/maps`, 4 * 1024 * 1024).catch(() => undefined);
    if (maps !== undefined && /\/libpcsclite(?:_real)?\.so/.test(maps)) pids.push(pid);
  }
  return nameAll(system, pids, family);
}

async function nameAll(
  system: SystemView,
  pids: readonly number[],
  family: ReadonlySet<number>,
): Promise<readonly UsingProgram[]> {
  const others = [...new Set(pids)].filter((pid) => !family.has(pid));
  const named = await Promise.all(others.map((pid) => nameOf(system, pid)));
  // Who is known for wanting readers alone comes first.
  return named.sort((one, other) => Number(other.gnupg) - Number(one.gnupg) || one.pid - other.pid);
}

async function nameOf(system: SystemView, pid: number): Promise<UsingProgram> {
  const comm = ((await system.text(`/proc/${pid}/comm`, 64).catch(() => undefined)) ?? '').trim();
  const name =
    programNames[comm] ??
    (/^(?:java|python[\d.]*|node)$/.test(comm) ? await scriptName(system, pid, comm) : comm);
  return { pid, name: name === '' ? `PID ${pid}` : name, gnupg: comm === 'scdaemon' };
}

/** `java (MoldSign.jar)`: an interpreter with what it runs, without its folders. */
async function scriptName(system: SystemView, pid: number, comm: string): Promise<string> {
  const line = (await system.text(`/proc/${pid}/cmdline`, 8192).catch(() => undefined)) ?? '';
  const words = line.split('\0');
  const script = words.slice(1).find((word) => /\.(?:jar|py|m?js|ts)$/.test(word));
  return script === undefined ? comm : `${comm} (${script.split('/').at(-1)})`;
}
