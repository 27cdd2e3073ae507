import { chmodSync, existsSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Unix socket paths end at 108 bytes (sun_path); reader.conf knows only these characters in a bare word. */
const longestFolder = 70;
const plainPath = /^[A-Za-z0-9/._@:=-]+$/;
/** Process ids mean something within one PID namespace only: its number is part of the name. */
const namespaceLink = '/proc/self/ns/pid';
const namespace = existsSync(namespaceLink) ? readlinkSync(namespaceLink).replace(/\D/g, '') : '0';
const prefix = `blt-${namespace}-`;

const folders = new Set<string>();
let prepared = false;

/**
 * Makes a 0700 folder for sockets and files of one test, removed by `removeScratchFolder`, or when this
 * process ends. What killed processes left behind is swept on the first call.
 */
export function makeScratchFolder(): string {
  const base = realpathSync(tmpdir());
  if (!prepared) {
    prepared = true;
    process.once('exit', () => {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });
    sweep(base);
  }
  const folder = mkdtempSync(join(base, `${prefix}${process.pid}-`));
  chmodSync(folder, 0o700);
  folders.add(folder);
  // The private pcscd sees a /run of its own.
  if (Buffer.byteLength(folder) > longestFolder || !plainPath.test(folder) || folder.startsWith('/run/')) {
    removeScratchFolder(folder);
    throw new Error(
      `the test rig's sockets need another TMPDIR (short, plain characters, not /run): ${base}`,
    );
  }
  return folder;
}

/** Removes a folder made by `makeScratchFolder`. Idempotent. */
export function removeScratchFolder(folder: string): void {
  if (!folders.delete(folder)) return;
  rmSync(folder, { recursive: true, force: true });
}

function sweep(base: string): void {
  for (const name of readdirSync(base)) {
    const owner = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (!owner || alive(Number(owner))) continue;
    try {
      rmSync(join(base, name), { recursive: true, force: true });
    } catch {
      // Another user's folder: not ours to remove.
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
