/** The documents that the person chose: the pages hold ids, the paths stay here. */
import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';
import { maxDocuments } from '../../contract/model/signing.ts';
import type { ChosenDocument } from '../../contract/pages/host-methods.ts';

interface Held {
  readonly path: string;
  /** Where the signed document lies, once there is one. */
  signed?: string;
}

/** Most documents that are remembered; older ones are forgotten. */
const maxHeld = 4 * maxDocuments;

export class DocumentRegistry {
  readonly #held = new Map<string, Held>();

  /**
   * Takes the paths that the person chose and gives out ids. What is no file, or cannot be looked at, is left out.
   * A path that is known keeps its id.
   */
  async add(paths: readonly string[]): Promise<ChosenDocument[]> {
    const documents: ChosenDocument[] = [];
    for (const path of paths.slice(0, maxDocuments)) {
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) continue;
      const known = [...this.#held].find(([, held]) => held.path === path)?.[0];
      const id = known ?? randomUUID();
      // Chosen again: as new as the others.
      const held = this.#held.get(id) ?? { path };
      this.#held.delete(id);
      this.#held.set(id, held);
      documents.push({ id, name: basename(path), size: found.size });
    }
    for (const id of this.#held.keys()) {
      if (this.#held.size <= maxHeld) break;
      this.#held.delete(id);
    }
    return documents;
  }

  /** The path of a document. @throws Failure `contract-violation` for an id that was never given out */
  path(id: string): string {
    return this.#get(id).path;
  }

  /** Where its signed document lies. @throws Failure `contract-violation` when there is none */
  signed(id: string): string {
    const { signed } = this.#get(id);
    if (signed === undefined) throw new Failure('contract-violation', { detail: 'not signed' });
    return signed;
  }

  setSigned(id: string, output: string): void {
    this.#get(id).signed = output;
  }

  /**
   * A piece of a document.
   * @throws Failure `input-unreadable` with `{path}`: the file's name without folders
   */
  async read(id: string, offset: number, length: number): Promise<{ data: Buffer; size: number }> {
    const path = this.path(id);
    try {
      const file = await open(path, 'r');
      try {
        const { size } = await file.stat();
        const wanted = Math.max(0, Math.min(length, size - offset));
        const data = Buffer.alloc(wanted);
        const { bytesRead } = wanted === 0 ? { bytesRead: 0 } : await file.read(data, 0, wanted, offset);
        return { data: data.subarray(0, bytesRead), size };
      } finally {
        await file.close();
      }
    } catch (cause) {
      throw new Failure('input-unreadable', { parameters: { path: basename(path) }, cause });
    }
  }

  #get(id: string): Held {
    const held = this.#held.get(id);
    if (!held) throw new Failure('contract-violation', { detail: 'unknown document' });
    return held;
  }
}
