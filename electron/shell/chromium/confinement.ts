/**
 * What the browser runs in: an ordinary user, a network namespace of its own. Its own sandbox comes on top, and is
 * never switched off.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Confinement {
  /** What goes before the browser's command. */
  readonly prefix: readonly string[];
  /** Who it runs as, when not as ourselves. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** It has a network namespace of its own, without any way out. */
  readonly ownNetwork: boolean;
  /** Why it cannot run here at all. */
  readonly impossible?: 'root' | 'sandbox';
}

const succeeds = (command: readonly string[]): boolean =>
  spawnSync(command[0] as string, command.slice(1), { stdio: 'ignore', timeout: 10_000 }).status === 0;

/** An ordinary user for a browser that root starts: who called sudo, who owns the program, or `nobody`. */
function ordinaryUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
  const wanted = [Number(process.env.SUDO_UID), statSync(fileURLToPath(import.meta.url)).uid];
  const user = users.find(({ uid }) => wanted.includes(uid)) ?? users.find(({ name }) => name === 'nobody');
  return { uid: user?.uid ?? 65_534, gid: user?.gid ?? 65_534 };
}

/**
 * Finds out what this machine allows. Rights are given up before namespaces are made: a user namespace that root
 * makes is still root towards files.
 * @param ownNetwork false leaves the network as it is, for tests that have none anyway
 */
export function findConfinement(ownNetwork = true): Confinement {
  const root = process.getuid?.() === 0;
  const user = root ? ordinaryUser() : undefined;
  const drop =
    user === undefined
      ? []
      : [
          ...['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs'],
          ...['--bounding-set=-all', '--'],
        ];
  const who = user === undefined ? {} : { user };
  if (root && !succeeds([...drop, 'true'])) return { prefix: [], ownNetwork: false, impossible: 'root' };
  const network = [...drop, 'unshare', '--user', '--map-current-user', '--net', '--'];
  // The browser's sandbox makes a user namespace itself: where it would be the second one, that must work too.
  const sandboxProbe = ['unshare', '--user', '--pid', '--net', '--fork', 'true'];
  if (ownNetwork && succeeds([...network, ...sandboxProbe])) {
    return { prefix: network, ownNetwork: true, ...who };
  }
  if (succeeds([...drop, ...sandboxProbe])) return { prefix: drop, ownNetwork: false, ...who };
  return { prefix: drop, ownNetwork: false, ...who, impossible: 'sandbox' };
}
