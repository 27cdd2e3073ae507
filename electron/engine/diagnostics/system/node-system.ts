/** The operating system this program runs on. */
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { access, appendFile, constants, mkdir, open, readdir, readlink, statfs } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import {
  NotPermitted,
  type ProgramAnswer,
  type SocketState,
  type SystemPlatform,
  type SystemView,
} from './system-view.ts';

export interface NodeSystemOptions {
  /** Folder in place of the root: files, programs and sockets are those below it. Default: the real root. */
  readonly root?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly home?: string;
  readonly platform?: SystemPlatform;
  readonly architecture?: string;
  readonly now?: () => number;
}

const defaultMaxBytes = 1024 * 1024;
/** Where system programs are; PATH may be anything. */
const programFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];

export class NodeSystem implements SystemView {
  readonly platform: SystemPlatform;
  readonly architecture: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  readonly #root: string;
  readonly #now: () => number;

  constructor(options: NodeSystemOptions = {}) {
    const known = (['linux', 'win32', 'darwin'] as const).find((name) => name === process.platform);
    this.#root = options.root ?? '';
    this.platform = options.platform ?? known ?? 'other';
    this.architecture = options.architecture ?? process.arch;
    this.environment = options.environment ?? process.env;
    this.home = options.home ?? this.environment.HOME ?? homedir();
    this.#now = options.now ?? Date.now;
  }

  now(): number {
    return this.#now();
  }

  async bytes(path: string, maxBytes = defaultMaxBytes): Promise<Buffer | undefined> {
    return absentAsUndefined(async () => {
      const file = await open(this.#place(path));
      try {
        // Files of /proc and /sys have no size: read until they end.
        const parts: Buffer[] = [];
        let length = 0;
        while (length < maxBytes) {
          const part = Buffer.alloc(Math.min(65_536, maxBytes - length));
          const { bytesRead } = await file.read(part, 0, part.length);
          if (bytesRead === 0) break;
          parts.push(part.subarray(0, bytesRead));
          length += bytesRead;
        }
        return Buffer.concat(parts, length);
      } finally {
        await file.close();
      }
    });
  }

  async text(path: string, maxBytes?: number): Promise<string | undefined> {
    return (await this.bytes(path, maxBytes))?.toString('utf8');
  }

  async list(path: string): Promise<readonly string[]> {
    return (await absentAsUndefined(() => readdir(this.#place(path)))) ?? [];
  }

  link(path: string): Promise<string | undefined> {
    return absentAsUndefined(() => readlink(this.#place(path)));
  }

  async exists(path: string): Promise<boolean> {
    return access(this.#place(path)).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'EACCES',
    );
  }

  async run(
    program: string,
    args: readonly string[],
    signal: AbortSignal,
  ): Promise<ProgramAnswer | undefined> {
    const file = await this.#program(program);
    if (file === undefined) return undefined;
    const { HOME, XDG_RUNTIME_DIR, DBUS_SESSION_BUS_ADDRESS, DISPLAY, WAYLAND_DISPLAY, SystemRoot } =
      this.environment;
    const environment = {
      HOME,
      XDG_RUNTIME_DIR,
      DBUS_SESSION_BUS_ADDRESS,
      DISPLAY,
      WAYLAND_DISPLAY,
      SystemRoot,
    };
    const PATH =
      this.#root === ''
        ? programFolders.join(':')
        : `${programFolders.map((one) => this.#root + one).join(':')}:/usr/bin:/bin`;
    return new Promise((resolve, reject) => {
      execFile(
        file,
        [...args],
        {
          env: { ...environment, PATH, LC_ALL: 'C' },
          maxBuffer: defaultMaxBytes,
          signal,
          killSignal: 'SIGKILL',
          windowsHide: true,
        },
        (error, stdout, stderr) => {
          if (signal.aborted) reject(signal.reason);
          else if (error?.code === 'EACCES' || error?.code === 'EPERM') reject(new NotPermitted(program));
          else if (error && typeof error.code !== 'number') resolve({ code: 255, stdout, stderr });
          else resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
        },
      );
    });
  }

  socket(path: string, signal: AbortSignal): Promise<SocketState> {
    return new Promise((resolve, reject) => {
      const connection = createConnection({ path: this.#place(path), signal });
      connection.once('connect', () => {
        connection.destroy();
        resolve('listening');
      });
      connection.once('error', (error: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(signal.reason);
        else if (error.code === 'ECONNREFUSED') resolve('dead');
        else if (error.code === 'EACCES' || error.code === 'EPERM') resolve('forbidden');
        // Its queue is full: there is somebody, who takes nobody in.
        else if (error.code === 'EAGAIN') resolve('listening');
        else resolve('absent');
      });
    });
  }

  async freeBytes(path: string): Promise<number> {
    const { bavail, bsize } = await statfs(this.#place(path));
    return bavail * bsize;
  }

  lookup(host: string): Promise<readonly { readonly address: string; readonly family: number }[]> {
    return lookup(host, { all: true });
  }

  async append(path: string, lines: readonly string[]): Promise<void> {
    const file = this.#place(path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await appendFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  }

  #place(path: string): string {
    return this.#root === '' ? path : join(this.#root, path);
  }

  async #program(name: string): Promise<string | undefined> {
    if (this.platform === 'win32')
      return isAbsolute(name) ? name : join(this.environment.SystemRoot ?? 'C:\\Windows', 'System32', name);
    for (const folder of programFolders) {
      const file = this.#place(join(folder, name));
      if (
        await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return file;
    }
    return undefined;
  }
}

async function absentAsUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw new NotPermitted(code);
    // ESRCH: a process of /proc that has ended meanwhile.
    if (['ENOENT', 'ENOTDIR', 'EINVAL', 'ESRCH', 'EISDIR', 'ENODEV', 'ENXIO', 'EIO'].includes(code ?? ''))
      return undefined;
    throw error;
  }
}
