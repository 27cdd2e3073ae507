import type { FileHandle } from 'node:fs/promises';
import { Failure } from '../../contract/failures/failure.ts';

/** Bytes that can be read at any place: a file, or memory. */
export interface ByteSource {
  /** Bytes altogether; does not change. */
  readonly size: number;
  /**
   * The bytes from `position`, `length` of them or as many as there are up to the end.
   * @param buffer Memory of at least `length` bytes that the result may, but need not, lie in.
   */
  read(position: number, length: number, buffer?: Uint8Array): Promise<Uint8Array>;
}

/** Bytes that go out one after another. */
export interface ByteSink {
  /** Takes all the bytes; they may be reused by the caller once the promise is settled. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A source over bytes in memory. */
export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    return this.#bytes.subarray(position, Math.min(position + length, this.size));
  }
}

/** Bytes of one page of the cache. */
const pageSize = 64 * 1024;
/** Pages that are kept: 1 MB. */
const keptPages = 16;

/** A source over an open file of known size, with a small cache of pages for short reads. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #file: FileHandle;
  /** The pages by number, the one used last at the end. */
  readonly #pages = new Map<number, Uint8Array>();

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async read(position: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const end = Math.min(position + length, this.size);
    if (position >= end) return new Uint8Array(0);
    const first = Math.floor(position / pageSize);
    const last = Math.floor((end - 1) / pageSize);
    if (last - first > 1) return this.#readFile(position, end - position, buffer);
    const page = await this.#page(first);
    const inFirst = page.subarray(position - first * pageSize, end - first * pageSize);
    if (first === last) return inFirst;
    return Buffer.concat([inFirst, (await this.#page(last)).subarray(0, end - last * pageSize)]);
  }

  async #page(number: number): Promise<Uint8Array> {
    const start = number * pageSize;
    const page =
      this.#pages.get(number) ?? (await this.#readFile(start, Math.min(pageSize, this.size - start)));
    this.#pages.delete(number);
    this.#pages.set(number, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= keptPages) break;
      this.#pages.delete(oldest);
    }
    return page;
  }

  /** Exactly so many bytes, or fewer when the file has become shorter. */
  async #readFile(position: number, length: number, buffer?: Uint8Array): Promise<Uint8Array> {
    const bytes = buffer ?? Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#file.read(bytes, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}

const chunkLength = 1024 * 1024;

/**
 * Hands over the bytes from `start` to `end` (not included) in pieces of at most 1 MB, each good until `take` has
 * settled. Ends with `cancelled` between two pieces when `signal` says so.
 * @throws RangeError when the source ends before.
 */
export async function eachPiece(
  source: ByteSource,
  start: number,
  end: number,
  take: (bytes: Uint8Array) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const buffer = end - start > chunkLength ? Buffer.allocUnsafeSlow(chunkLength) : undefined;
  for (let at = start; at < end; ) {
    if (signal?.aborted) throw new Failure('cancelled');
    const bytes = await source.read(at, Math.min(chunkLength, end - at), buffer);
    if (bytes.length === 0) throw new RangeError('the source has become shorter');
    await take(bytes);
    at += bytes.length;
  }
}
