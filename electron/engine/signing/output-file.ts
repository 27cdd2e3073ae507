import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';
import type { ByteSink } from './byte-source.ts';

/** Where a signed file is to stand. */
export interface OutputPlace {
  /** The names it may have, best first; the first that is free is taken. Read only as far as needed. */
  readonly candidates: Iterable<string>;
  /** Replaces a file that has the name already. */
  readonly overwrite: boolean;
}

/** Names that are tried; more of them are no accident. */
const mostCandidates = 10_000;
/** Names that are kept ready from the first free one on. */
const spareNames = 16;

/**
 * A file that is written beside its place under a name of its own, readable to its owner only, and gets its name
 * when it is finished. Until then nothing stands in its place, and `discard` leaves nothing behind.
 */
export class OutputFile implements ByteSink {
  readonly file: FileHandle;
  readonly #temporary: string;
  readonly #candidates: readonly string[];
  readonly #overwrite: boolean;
  #length = 0;
  #state: 'open' | 'gone' = 'open';

  private constructor(
    file: FileHandle,
    temporary: string,
    candidates: readonly string[],
    overwrite: boolean,
  ) {
    this.file = file;
    this.#temporary = temporary;
    this.#candidates = candidates;
    this.#overwrite = overwrite;
  }

  /**
   * Makes the file.
   * @throws Failure `output-exists` when the name is taken, `output-not-writable`, `disk-full`.
   */
  static async create(place: OutputPlace): Promise<OutputFile> {
    const candidates = await freeCandidates(place);
    const wanted = candidates[0] as string;
    const folder = path.dirname(wanted);
    const temporary = path.join(folder, `.buletin-${randomBytes(8).toString('hex')}.tmp`);
    await sweepAbandoned(folder);
    try {
      const file = await open(temporary, 'wx+', 0o600);
      return new OutputFile(file, temporary, candidates, place.overwrite);
    } catch (error) {
      throw writingFailure(error, wanted);
    }
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const left = bytes.length - written;
        const { bytesWritten } = await this.file.write(bytes, written, left, this.#length);
        written += bytesWritten;
        this.#length += bytesWritten;
      }
    } catch (error) {
      throw writingFailure(error, this.#candidates[0] as string);
    }
  }

  /** Sets the file's permissions and waits until it is on the disk. */
  async settle(mode: number): Promise<void> {
    try {
      if (process.platform !== 'win32') await this.file.chmod(mode);
      await this.file.sync();
    } catch (error) {
      throw writingFailure(error, this.#candidates[0] as string);
    }
  }

  /**
   * Gives the file its name, which it returns.
   * @throws Failure `output-exists` when the name was taken meanwhile, `output-not-writable`.
   */
  async publish(): Promise<string> {
    const name = this.#candidates[0] as string;
    await this.file.close();
    this.#state = 'gone';
    try {
      const taken = this.#overwrite ? await replace(this.#temporary, name) : await this.#firstFree();
      await syncFolder(path.dirname(taken));
      return taken;
    } catch (error) {
      await unlink(this.#temporary).catch(() => {});
      throw writingFailure(error, name);
    }
  }

  /** Removes what was written. Idempotent; does nothing once the file is published. */
  async discard(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    await this.file.close().catch(() => {});
    await unlink(this.#temporary).catch(() => {});
  }

  async #firstFree(): Promise<string> {
    for (const name of this.#candidates) {
      try {
        await giveName(this.#temporary, name);
        return name;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    throw new Failure('output-exists', { parameters: { path: this.#candidates[0] as string } });
  }
}

/** The names of `create`. */
const temporaryName = /^\.buletin-[0-9a-f]{16}\.tmp$/;
/** A file that nobody has written to for so long is nobody's any more: a PIN may be waited for. Milliseconds. */
const abandonedAfterMs = 24 * 60 * 60_000;

/** Removes what a process that was killed in the middle of writing left in the folder. */
async function sweepAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!temporaryName.test(name)) continue;
    const file = path.join(folder, name);
    const found = await lstat(file).catch(() => undefined);
    if (!found?.isFile() || Date.now() - found.mtimeMs < abandonedAfterMs) continue;
    // Another user's file, or gone meanwhile: not ours to remove.
    await unlink(file).catch(() => {});
  }
}

async function replace(from: string, to: string): Promise<string> {
  await rename(from, to);
  return to;
}

/** Renames, but never over another file: a link fails where the name is taken. */
async function giveName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code ?? '')) throw error;
    // A file system without links: the name is taken first, then replaced.
    await (await open(to, 'wx', 0o600)).close();
    await rename(from, to);
    return;
  }
  await unlink(from);
}

/** The first name that is free, and some behind it in case it is taken at the last moment. */
async function freeCandidates({ candidates, overwrite }: OutputPlace): Promise<string[]> {
  const free: string[] = [];
  let tried = 0;
  let first: string | undefined;
  for (const candidate of candidates) {
    first ??= candidate;
    if (free.length > 0) free.push(candidate);
    else if (!(await exists(candidate)) || (overwrite && !(await isFolder(candidate)))) free.push(candidate);
    if (overwrite || free.length === spareNames || ++tried === mostCandidates) break;
  }
  if (free.length === 0) throw new Failure('output-exists', { parameters: { path: first ?? '' } });
  return free;
}

/** Whether the name is taken. What cannot become a file's name at all is told now, before the key is asked. */
async function exists(name: string): Promise<boolean> {
  try {
    await lstat(name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw writingFailure(error, name);
  }
}

async function isFolder(name: string): Promise<boolean> {
  const stats = await stat(name).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}

/** The permissions of a new file: those of the file it replaces, else those of the source; its owner may write. */
export async function permissionsFor(name: string, sourceMode: number): Promise<number> {
  const replaced = await stat(name).catch(() => undefined);
  return ((replaced?.mode ?? sourceMode) & 0o666) | 0o600;
}

/** So that the name survives a power cut; not every system can do that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows, and some network drives.
  }
}

function writingFailure(error: unknown, name: string): Failure {
  if (error instanceof Failure) return error;
  const { code } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const exists = code === 'EEXIST';
  return new Failure(full ? 'disk-full' : exists ? 'output-exists' : 'output-not-writable', {
    parameters: { path: name },
    detail: code ?? String(error),
    cause: error,
  });
}
