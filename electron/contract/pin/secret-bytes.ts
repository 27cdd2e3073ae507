import { inspect } from 'node:util';

/**
 * A PIN, PUK or CAN as bytes (ASCII digits as typed), zeroed when no longer needed.
 *
 * It never becomes a string: `toString`, JSON and the inspector all say `[secret]`. Whoever creates one
 * destroys it, in a `finally`.
 */
export class SecretBytes {
  #bytes: Uint8Array;
  #destroyed = false;

  /** Takes ownership of `bytes` (no copy is made, so that none stays behind). */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Length in bytes; 0 after destruction. */
  get length(): number {
    return this.#destroyed ? 0 : this.#bytes.length;
  }

  get destroyed(): boolean {
    return this.#destroyed;
  }

  /**
   * The live bytes, to be copied straight into an APDU buffer that is zeroed after use.
   * @throws Error when the secret was destroyed: using it again would be a bug.
   */
  expose(): Uint8Array {
    if (this.#destroyed) throw new Error('a destroyed secret was used again');
    return this.#bytes;
  }

  /** Overwrites the bytes with zeros. May be called more than once. */
  destroy(): void {
    this.#bytes.fill(0);
    this.#destroyed = true;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
