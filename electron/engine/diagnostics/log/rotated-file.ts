import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

export interface RotatedFileOptions {
  readonly folder: string;
  /** Of the newest file; older ones are `NAME.1` to `NAME.n`. */
  readonly name: string;
  /** Bytes of one file, at most. */
  readonly maxBytes: number;
  /** Files altogether. */
  readonly files: number;
  /** After a failure, so long nothing is tried, in ms. */
  readonly pauseMs?: number;
  readonly now?: () => number;
}

const defaultPauseMs = 60_000;

/**
 * A file of lines that is replaced when it is full. Each line is one write, so that a crash loses nothing and several
 * processes of one user may write side by side. Nothing here ever throws or waits: where lines cannot be written, they
 * are lost, and writing is tried again a while later.
 */
export class RotatedFile {
  readonly path: string;
  readonly #options: RotatedFileOptions;
  #file: number | undefined;
  #failedAt: number | undefined;

  constructor(options: RotatedFileOptions) {
    this.#options = options;
    this.path = join(options.folder, options.name);
  }

  /** False since the last line could not be written. */
  get writing(): boolean {
    return this.#failedAt === undefined;
  }

  /** Writes a line. */
  write(line: string): void {
    const { now = Date.now, pauseMs = defaultPauseMs } = this.#options;
    if (this.#failedAt !== undefined && now() - this.#failedAt < pauseMs) return;
    try {
      const bytes = Buffer.from(`${line}\n`, 'utf8');
      if (bytes.length > this.#options.maxBytes) return;
      this.#makeRoom(bytes.length);
      this.#file ??= this.#open();
      const written = writeSync(this.#file, bytes);
      if (written < bytes.length) throw new Error('a disk that is full');
      this.#failedAt = undefined;
    } catch {
      this.close();
      this.#failedAt = now();
    }
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      if (file !== undefined) closeSync(file);
    } catch {
      // What was written is written.
    }
  }

  #open(): number {
    const { folder } = this.#options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // A link could lead anywhere.
    const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
    return openSync(this.path, flags, 0o600);
  }

  /** Another process may have replaced the file meanwhile: then that one is gone on with. */
  #makeRoom(bytes: number): void {
    if (this.#file === undefined) this.#file = this.#open();
    const ours = fstatSync(this.#file);
    const there = lstatSync(this.path, { throwIfNoEntry: false });
    if (there === undefined || (there.ino !== ours.ino && process.platform !== 'win32')) {
      this.close();
      this.#file = this.#open();
    }
    if (fstatSync(this.#file as number).size + bytes <= this.#options.maxBytes) return;
    this.close();
    const { files } = this.#options;
    for (let number = files - 1; number >= 1; number--) {
      const older = `${this.path}.${number}`;
      if (number === files - 1) rmSync(older, { force: true });
      const newer = number === 1 ? this.path : `${this.path}.${number - 1}`;
      if (lstatSync(newer, { throwIfNoEntry: false })) renameSync(newer, older);
    }
    if (files === 1) rmSync(this.path, { force: true });
  }
}
