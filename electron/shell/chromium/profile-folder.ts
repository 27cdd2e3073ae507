/**
 * The folder a browser lives in while it runs: its home, its temporary files, its profile. It is new each time and
 * goes with the browser; what a killed one left is swept at the next start.
 */
import {
  accessSync,
  chownSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Process numbers mean something within one PID namespace only. */
function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return '0';
  }
}

export class ProfileFolder {
  readonly path: string;
  readonly home: string;
  readonly temporary: string;
  readonly profile: string;

  private constructor(path: string) {
    this.path = path;
    this.home = join(path, 'home');
    this.temporary = join(path, 't');
    this.profile = join(path, 'profile');
  }

  /**
   * Makes a folder that only the browser's user can enter.
   * @param user whom it shall belong to, when not to us
   */
  static create(user?: { readonly uid: number; readonly gid: number }): ProfileFolder {
    const base = baseFolder(user === undefined ? process.env.XDG_RUNTIME_DIR : undefined);
    const prefix = `blwin-${processNamespace()}-`;
    sweep(base, prefix, user?.uid ?? process.getuid?.());
    const folder = new ProfileFolder(mkdtempSync(join(base, `${prefix}${process.pid}-`)));
    const settings = join(folder.home, '.config');
    const profile = join(folder.profile, 'Default');
    for (const made of [folder.home, folder.temporary, settings, folder.profile, profile])
      mkdirSync(made, { mode: 0o700 });
    // Dialogs for files open where the person keeps theirs, not in this folder.
    writeFileSync(
      join(profile, 'Preferences'),
      JSON.stringify({
        selectfile: { last_directory: homedir() },
        savefile: { default_directory: homedir() },
      }),
      { mode: 0o600 },
    );
    if (user !== undefined) {
      chownSync(folder.path, user.uid, user.gid);
      for (const name of readdirSync(folder.path, { recursive: true }) as string[])
        chownSync(join(folder.path, name), user.uid, user.gid);
    }
    return folder;
  }

  /** Idempotent. A process that is just ending may still write into it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** Paths of Unix sockets end at 107 bytes; the browser's, below our folder, take 74 of them. */
const longestBase = 33;

/** Linux's shared memory, where every user may make folders of their own. */
const sharedMemory = '/dev/shm';
/** What a profile may grow to, with room for what the browser itself shares there, in bytes. */
const enoughMemory = 128 * 1024 * 1024;

/** Whether there is such a place with room in it; containers often have little. */
function hasSharedMemory(): boolean {
  try {
    accessSync(sharedMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(sharedMemory);
    return bavail * bsize >= enoughMemory;
  } catch {
    return false;
  }
}

/** In memory where there is such a place: what pages show may come to lie there, and a disk takes a tenth of a second. */
function baseFolder(inMemory: string | undefined): string {
  const shared = process.platform === 'linux' && hasSharedMemory() ? [sharedMemory] : [];
  const places = [...(inMemory ? [inMemory] : []), ...shared, tmpdir()];
  return places.find((place) => Buffer.byteLength(place) <= longestBase) ?? '/tmp';
}

function sweep(base: string, prefix: string, uid: number | undefined): void {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(prefix)) continue;
    const owner = Number(name.slice(prefix.length).split('-')[0]);
    const path = join(base, name);
    try {
      if (lstatSync(path).uid === uid && !alive(owner)) rmSync(path, { recursive: true, force: true });
    } catch {
      // Gone already, or not ours to remove.
    }
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
