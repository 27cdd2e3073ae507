/**
 * Identifiers of objects on a card (iD, authId) often are hashes of keys, by which a card could be found again. Short
 * ones stay; each longer one gets a name of the same length, the same everywhere in one trace.
 */
const shortBytes = 4;

export class IdentifierNames {
  readonly #names = new Map<string, Uint8Array>();

  nameOf(identifier: Uint8Array): Uint8Array {
    if (identifier.length <= shortBytes) return identifier;
    const key = Buffer.from(identifier).toString('hex');
    const known = this.#names.get(key);
    if (known) return known;
    const name = new Uint8Array(identifier.length);
    name[0] = 0x1d;
    new DataView(name.buffer).setUint16(name.length - 2, this.#names.size + 1);
    this.#names.set(key, name);
    return name;
  }

  /** Forgets the originals. */
  clear(): void {
    this.#names.clear();
  }
}
