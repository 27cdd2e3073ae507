import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a run of openssl said. */
export interface OpensslResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A private folder with files for openssl, removed by `[Symbol.asyncDispose]`. */
export class OpensslDesk implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<OpensslDesk> {
    return new OpensslDesk(await mkdtemp(join(tmpdir(), 'buletin-openssl-')));
  }

  /** Writes a file and returns its path. */
  async file(name: string, content: Uint8Array | string): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  /** Runs openssl; a non-zero exit is a result, not an exception. */
  run(...parameters: readonly string[]): Promise<OpensslResult> {
    return new Promise((resolve, reject) => {
      execFile('openssl', [...parameters], { timeout: 30_000 }, (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') reject(error);
        else resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
