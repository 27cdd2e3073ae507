/**
 * What is being typed: ASCII digits in one array of bytes that is zeroed. The digits are in no string, no state of
 * a component and no attribute of the page; the page knows how many there are.
 */
export class PinDigits {
  readonly #bytes: Uint8Array;
  #count = 0;

  /** @param max digits that fit */
  constructor(max: number) {
    this.#bytes = new Uint8Array(max);
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Adds a digit.
   * @param digit 0 to 9; anything else, and one too many, is refused
   */
  push(digit: number): boolean {
    if (!Number.isInteger(digit) || digit < 0 || digit > 9 || this.#count >= this.#bytes.length) return false;
    this.#bytes[this.#count] = 0x30 + digit;
    this.#count += 1;
    return true;
  }

  /** Takes the last digit back. */
  pop(): void {
    if (this.#count === 0) return;
    this.#count -= 1;
    this.#bytes[this.#count] = 0;
  }

  /** Zeroes everything. */
  clear(): void {
    this.#bytes.fill(0);
    this.#count = 0;
  }

  /** Whether both hold the same digits; takes the same time wherever they differ. */
  equals(other: PinDigits): boolean {
    let difference = this.#count ^ other.#count;
    for (let index = 0; index < this.#bytes.length; index += 1) {
      difference |= (this.#bytes[index] ?? 0) ^ (other.#bytes[index] ?? 0);
    }
    return difference === 0;
  }

  /** The digits themselves, no copy; they live until `clear`. */
  expose(): Uint8Array {
    return this.#bytes.subarray(0, this.#count);
  }
}

/** The digits 0 to 9 in a new order each time, every order as likely as any other. */
export function shuffledDigits(): number[] {
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0];
  for (let last = digits.length - 1; last > 0; last -= 1) {
    const chosen = randomBelow(last + 1);
    const held = digits[last] as number;
    digits[last] = digits[chosen] as number;
    digits[chosen] = held;
  }
  return digits;
}

/** A random number from 0 to `limit` - 1; bytes that would favour some are thrown away. */
function randomBelow(limit: number): number {
  const fair = 256 - (256 % limit);
  const byte = new Uint8Array(1);
  do crypto.getRandomValues(byte);
  while ((byte[0] as number) >= fair);
  return (byte[0] as number) % limit;
}
