import type { CardFile, DedicatedFile, ElementaryFile } from './files.ts';

/** Bytes of a path at most: 8 levels. */
const pathLimit = 16;

/** The current DF and EF of a card, and the ways to change them (ISO 7816-4 clause 7.3). */
export class Selection {
  readonly #mf: DedicatedFile;
  readonly #parents = new Map<CardFile, DedicatedFile>();
  #df: DedicatedFile;
  #ef: ElementaryFile | undefined;

  constructor(mf: DedicatedFile) {
    this.#mf = mf;
    this.#df = mf;
    this.#recordParents(mf);
  }

  #recordParents(df: DedicatedFile): void {
    for (const child of df.children) {
      this.#parents.set(child, df);
      if (child.kind === 'dedicated') this.#recordParents(child);
    }
  }

  get df(): DedicatedFile {
    return this.#df;
  }

  get ef(): ElementaryFile | undefined {
    return this.#ef;
  }

  /** As after a reset: the MF is current. */
  reset(): void {
    this.#df = this.#mf;
    this.#ef = undefined;
  }

  /** Makes a file current. Selecting an EF makes its DF current too. */
  enter(file: CardFile): void {
    if (file.kind === 'dedicated') {
      this.#df = file;
      this.#ef = undefined;
    } else {
      this.#df = this.#parents.get(file) ?? this.#mf;
      this.#ef = file;
    }
  }

  /** Whether `df` is the current DF or lies above it. */
  isWithin(df: DedicatedFile): boolean {
    for (let at: DedicatedFile | undefined = this.#df; at; at = this.#parents.get(at)) {
      if (at === df) return true;
    }
    return false;
  }

  /** Whether the current DF lies above `df`. */
  isAbove(df: DedicatedFile): boolean {
    for (let at = this.#parents.get(df); at; at = this.#parents.get(at)) {
      if (at === this.#df) return true;
    }
    return false;
  }

  /** By identifier: the MF, a child of the current DF, the current DF itself, its parent, or a sibling DF. */
  byIdentifier(id: number): CardFile | undefined {
    if (id === this.#mf.id) return this.#mf;
    const child = this.#df.children.find((file) => file.id === id);
    if (child) return child;
    if (this.#df.id === id) return this.#df;
    const parent = this.#parents.get(this.#df);
    if (parent?.id === id) return parent;
    return parent?.children.find((file) => file.kind === 'dedicated' && file.id === id);
  }

  /** A child of the current DF of one kind. */
  child(id: number, kind: 'dedicated' | 'elementary'): CardFile | undefined {
    return this.#df.children.find(
      (file) => file.id === id && (file.kind === 'dedicated') === (kind === 'dedicated'),
    );
  }

  /** The EF of the current DF with this short identifier. */
  byShortIdentifier(shortId: number): ElementaryFile | undefined {
    return this.#df.children.find(
      (file): file is ElementaryFile => file.kind !== 'dedicated' && file.shortId === shortId,
    );
  }

  parent(): DedicatedFile | undefined {
    return this.#parents.get(this.#df);
  }

  /** By path, without the identifier of the DF it starts from: from the MF or from the current DF. */
  byPath(path: Uint8Array, from: 'mf' | 'current'): CardFile | undefined {
    if (path.length === 0 || path.length % 2 !== 0 || path.length > pathLimit) return undefined;
    let at: CardFile | undefined = from === 'mf' ? this.#mf : this.#df;
    for (let offset = 0; offset < path.length; offset += 2) {
      if (at?.kind !== 'dedicated') return undefined;
      const id = ((path[offset] ?? 0) << 8) | (path[offset + 1] ?? 0);
      at = at.children.find((file) => file.id === id);
    }
    return at;
  }

  /**
   * By DF name, whole or its beginning. `next` gives the first match behind the current DF, in the order of
   * the card.
   */
  byName(name: Uint8Array, occurrence: 'first' | 'next'): DedicatedFile | undefined {
    const matches = [...this.#dedicatedFiles(this.#mf)].filter(
      (df) => df.name && Buffer.from(df.name.subarray(0, name.length)).equals(name),
    );
    if (occurrence === 'first') return matches[0];
    const current = matches.indexOf(this.#df);
    return current < 0 ? undefined : matches[current + 1];
  }

  *#dedicatedFiles(df: DedicatedFile): Generator<DedicatedFile> {
    yield df;
    for (const child of df.children) {
      if (child.kind === 'dedicated') yield* this.#dedicatedFiles(child);
    }
  }
}
