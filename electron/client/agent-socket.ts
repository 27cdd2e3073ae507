/**
 * Where a running agent of the same user listens (`buletin agent`), and how to reach it. The folder is 0700, the
 * socket and the connection key beside it 0600; a client checks that they are its own user's before it speaks.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Failure } from '../contract/failures/failure.ts';

/** Paths of the agent's socket and key file; `BULETIN_AGENT_SOCKET` names another socket. */
export function agentSocketPaths(environment: NodeJS.ProcessEnv = process.env): {
  socket: string;
  key: string;
  folder: string;
} {
  const chosen = environment.BULETIN_AGENT_SOCKET;
  if (process.platform === 'win32') {
    const folder = join(environment.LOCALAPPDATA ?? homedir(), 'Buletin');
    return {
      socket: chosen ?? `\\\\.\\pipe\\buletin-${userInfo().username}`,
      key: join(folder, 'agent.key'),
      folder,
    };
  }
  const runtime = environment.XDG_RUNTIME_DIR;
  const base = runtime ? join(runtime, 'buletin') : join(tmpdir(), `buletin-${userInfo().uid}`);
  const socket = chosen ?? join(base, 'agent.sock');
  return { socket, key: `${socket}.key`, folder: dirname(socket) };
}

/**
 * Connects to the running agent.
 * @returns the stream and the connection key, or null when no agent runs
 * @throws Failure `agent-foreign` when socket or key belong to another user or are open to others
 */
export async function connectToRunningAgent(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ stream: Duplex; connectionKey: string } | null> {
  const paths = agentSocketPaths(environment);
  let connectionKey: string;
  try {
    if (process.platform !== 'win32') {
      for (const path of [paths.folder, paths.socket, paths.key]) requireOwn(path);
    }
    connectionKey = readFileSync(paths.key, 'utf8');
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    return null;
  }
  return new Promise((resolve) => {
    const stream = connect(paths.socket);
    stream.once('connect', () => resolve({ stream, connectionKey }));
    // A socket file that a killed agent left behind: as if there were none.
    stream.once('error', () => resolve(null));
  });
}

/** A foreign program in the agent's place could ask for PINs: it is not spoken to. */
function requireOwn(path: string): void {
  const { uid, mode } = lstatSync(path);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0)
    throw new Failure('agent-foreign', { parameters: { path } });
}
