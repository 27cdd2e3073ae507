/**
 * The listening socket of an agent that other programs of the same user attach to. Folder 0700, socket and key
 * file 0600; what is there already must be this user's own.
 */
import { chmodSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { Failure } from '../../contract/failures/failure.ts';
import { newConnectionKey } from './connection-key.ts';

export interface AgentSocket {
  readonly connectionKey: string;
  close(): Promise<void>;
}

/**
 * Prepares folder and key, and listens.
 * @param path the socket's path (a pipe name on Windows); the key lies in `<path>.key`, on Windows in `keyPath`
 * @throws Failure `agent-foreign` when the folder is another user's or open to others
 */
export async function listenForClients(
  path: string,
  accept: (stream: Duplex) => void,
  keyPath = `${path}.key`,
): Promise<AgentSocket> {
  const folder = dirname(keyPath);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') {
    requireOwnFolder(folder);
    // Whoever starts an agent has made sure that none answers here: what is left is a dead one's.
    rmSync(path, { force: true });
  }
  rmSync(keyPath, { force: true });
  const connectionKey = newConnectionKey();
  writeFileSync(keyPath, connectionKey, { mode: 0o600, flag: 'wx' });
  const previous = process.platform === 'win32' ? undefined : process.umask(0o177);
  let server: Server;
  try {
    server = await listen(path, accept);
  } finally {
    if (previous !== undefined) process.umask(previous);
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return {
    connectionKey,
    close: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(keyPath, { force: true });
    },
  };
}

function listen(path: string, accept: (stream: Duplex) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept);
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function requireOwnFolder(folder: string): void {
  const { uid, mode } = lstatSync(folder);
  if (uid !== userInfo().uid || (mode & 0o077) !== 0) {
    throw new Failure('agent-foreign', { parameters: { path: folder } });
  }
}
