import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Failure, isFailure } from '../../contract/failures/failure.ts';
import { opensslHash } from '../token/digest-info.ts';
import { FileSource } from './byte-source.ts';
import type { CmsSigner } from './cms/signed-data.ts';
import { OutputFile, permissionsFor } from './output-file.ts';
import { signedNames } from './output-names.ts';
import {
  completeSignature,
  hashSource,
  type PreparedSignature,
  planSignature,
  prepared,
  type SignatureOptions,
} from './prepared-signature.ts';
import type { SignKey } from './sign-key.ts';
import { checkSignedPdf } from './signed-pdf-check.ts';

/** How a PDF file is to be signed. */
export interface SignFileOptions extends SignatureOptions {
  /** Replaces a file that has the output's name already. Never the input. */
  readonly overwrite?: boolean;
  /** Cancels with the failure `cancelled`; nothing is left behind. Too late once the file has its name. */
  readonly signal?: AbortSignal;
}

/** A signed PDF file. It was read again from the disk and verified. */
export interface SignedPdfFile {
  readonly input: string;
  /** The signed file's path. */
  readonly output: string;
  readonly format: 'pades';
  readonly level: 'B';
  readonly hash: SignKey['algorithm']['hash'];
  /** The digest of what the signature covers, by `hash`. */
  readonly digest: Uint8Array;
  /** The full name of the signature field. */
  readonly field: string;
  readonly verified: true;
}

/** Files larger than this are looked at before they are copied: what is refused is refused at once. */
const worthALook = 4 * 1024 * 1024;

/**
 * Signs a PDF file: PAdES baseline B-B, as an update behind the unchanged bytes of the source (EN 319 142-1).
 *
 * The source is copied beside the output, hashed on the way, and only the copy is looked at from then on. The
 * signed file is read again and verified before it gets its name. The source is never written to.
 *
 * @param output Undefined: `NAME.signed.pdf` beside the input, numbered when that exists.
 * @throws Failure `input-unreadable`, `input-changed`, `output-exists`, `output-not-writable`, `disk-full`,
 * `pdf-broken`, `pdf-encrypted`, `pdf-locked`, `pdf-too-complex`, `pdf-field-unusable`, `signature-too-large`,
 * `algorithm-unsupported`, `signature-invalid`, `signed-file-faulty`, `cancelled`, and those of the key.
 */
export async function signPdfFile(
  input: string,
  output: string | undefined,
  key: SignKey,
  options: SignFileOptions = {},
): Promise<SignedPdfFile> {
  const pending = await preparePdfFile(input, output, key, options);
  try {
    return await pending.complete(await key.sign(pending.digestToSign, options.signal));
  } finally {
    await pending.discard();
  }
}

/** A PDF file that is copied and hashed and waits for its signature. One of `complete` and `discard` must be called. */
export interface PendingPdfFile {
  readonly hash: SignKey['algorithm']['hash'];
  /** What the key has to sign. */
  readonly digestToSign: Uint8Array;
  /** Finishes the file with the key's signature. Failures as `signPdfFile`; then nothing is left behind. */
  complete(signature: Uint8Array): Promise<SignedPdfFile>;
  /** Removes what was written, unless the file is finished. Idempotent. */
  discard(): Promise<void>;
}

/** The first half of `signPdfFile`: everything up to the key. Failures as there. */
export async function preparePdfFile(
  input: string,
  output: string | undefined,
  signer: CmsSigner,
  options: SignFileOptions = {},
): Promise<PendingPdfFile> {
  const source = await SourceFile.open(input);
  try {
    const { overwrite = false, signal } = options;
    if (output !== undefined && (await source.isAt(output))) throw alreadyThere(output);
    if (source.size > worthALook) {
      await planSignature(new FileSource(source.file, source.size), signer, options);
    }
    if (signal?.aborted) throw new Failure('cancelled');
    const candidates = output === undefined ? signedNames(input) : [output];
    const copy = await OutputFile.create({ candidates, overwrite: overwrite && output !== undefined });
    try {
      const hash = createHash(opensslHash[signer.algorithm.hash]);
      await source.reading(hashSource(new FileSource(source.file, source.size), hash, copy, signal));
      await source.refuseIfChanged();
      const plan = await planSignature(new FileSource(copy.file, copy.length), signer, options);
      return new Pending(source, copy, prepared(plan, hash), input, output, signal);
    } catch (error) {
      await copy.discard();
      throw error;
    }
  } catch (error) {
    await source.close();
    throw error;
  }
}

class Pending implements PendingPdfFile {
  readonly hash;
  readonly digestToSign;
  readonly #source: SourceFile;
  readonly #copy: OutputFile;
  readonly #prepared: PreparedSignature;
  readonly #input: string;
  readonly #output: string | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(
    source: SourceFile,
    copy: OutputFile,
    preparation: PreparedSignature,
    input: string,
    output: string | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.#source = source;
    this.#copy = copy;
    this.#prepared = preparation;
    this.#input = input;
    this.#output = output;
    this.#signal = signal;
    this.hash = preparation.hash;
    this.digestToSign = preparation.digestToSign;
  }

  async complete(signature: Uint8Array): Promise<SignedPdfFile> {
    try {
      this.#refuseIfCancelled();
      const signed = await completeSignature(this.#prepared, signature, this.#copy);
      const mode = await permissionsFor(this.#output ?? '', this.#source.mode);
      const written = new FileSource(this.#copy.file, this.#copy.length);
      // The disk takes its time: the file is read again meanwhile.
      await Promise.all([this.#copy.settle(mode), checkSignedPdf(written, signed, this.#signal)]);
      await this.#source.refuseIfChanged();
      this.#refuseIfCancelled();
      const output = await this.#copy.publish();
      return {
        input: this.#input,
        output,
        format: 'pades',
        level: 'B',
        hash: this.hash,
        digest: signed.documentDigest,
        field: signed.fieldName,
        verified: true,
      };
    } finally {
      await this.discard();
    }
  }

  async discard(): Promise<void> {
    await this.#copy.discard();
    await this.#source.close();
  }

  #refuseIfCancelled(): void {
    if (this.#signal?.aborted) throw new Failure('cancelled');
  }
}

/** The file to be signed, open for reading only, and what it was when it was opened. */
class SourceFile {
  readonly file: FileHandle;
  readonly size: number;
  readonly mode: number;
  readonly #path: string;
  readonly #state: string;
  readonly #identity: string;

  private constructor(file: FileHandle, path: string, stats: FileState, mode: number) {
    this.file = file;
    this.size = Number(stats.size);
    this.mode = mode;
    this.#path = path;
    this.#state = stateOf(stats);
    this.#identity = `${stats.dev}:${stats.ino}`;
  }

  static async open(path: string): Promise<SourceFile> {
    let file: FileHandle | undefined;
    try {
      // A pipe that nobody writes to must not be waited for.
      file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await file.stat({ bigint: true });
      if (!stats.isFile()) throw new Error('not a regular file');
      return new SourceFile(file, path, stats, Number(stats.mode));
    } catch (error) {
      await file?.close().catch(() => {});
      throw unreadable(path, error);
    }
  }

  /** Whether a path leads to this very file. */
  async isAt(path: string): Promise<boolean> {
    const stats = await stat(path, { bigint: true }).catch(() => undefined);
    return stats !== undefined && `${stats.dev}:${stats.ino}` === this.#identity;
  }

  /** An error of the file system while it is read, as a failure of the input. */
  async reading<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (isFailure(error, 'input-changed')) throw changed(this.#path, error);
      throw error instanceof Failure ? error : unreadable(this.#path, error);
    }
  }

  /** @throws Failure `input-changed` when another program wrote to it, or put another file in its place. */
  async refuseIfChanged(): Promise<void> {
    const open = await this.file.stat({ bigint: true });
    const named = await stat(this.#path, { bigint: true }).catch(() => undefined);
    if (stateOf(open) === this.#state && named && stateOf(named) === this.#state) return;
    throw changed(this.#path);
  }

  async close(): Promise<void> {
    await this.file.close().catch(() => {});
  }
}

interface FileState {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** What changes when a file is written to or replaced. */
function stateOf({ dev, ino, size, mtimeNs }: FileState): string {
  return [dev, ino, size, mtimeNs].join(':');
}

function unreadable(path: string, error: unknown): Failure {
  const detail = (error as NodeJS.ErrnoException).code ?? String(error);
  return new Failure('input-unreadable', { parameters: { path }, detail, cause: error });
}

function changed(path: string, cause?: unknown): Failure {
  return new Failure('input-changed', { parameters: { path }, cause });
}

function alreadyThere(path: string): Failure {
  return new Failure('output-exists', { parameters: { path }, detail: 'it is the file to be signed' });
}
