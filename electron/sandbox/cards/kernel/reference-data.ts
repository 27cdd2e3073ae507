import { timingSafeEqual } from 'node:crypto';
import type { DedicatedFile } from './files.ts';
import { refuse, Sw, triesLeft } from './status-word.ts';

/** How a PIN of a simulated card is set up. */
export interface ReferenceDataSettings {
  readonly name: 'PIN1' | 'PIN2' | 'PUK';
  /** P2 of VERIFY and its relatives. */
  readonly reference: number;
  /** The DF in which the reference is known (a local PIN); undefined: known everywhere (global). */
  readonly df?: DedicatedFile;
  /**
   * A local PIN stays verified while a DF above its own is current (ISO 7816-4 leaves that to the card): only
   * another branch of the file tree makes the card forget. Default false: leaving the DF is enough.
   */
  readonly survivesAbove?: boolean;
  /** Digits at least and at most. */
  readonly digits: readonly [min: number, max: number];
  /** Bytes as stored and sent; shorter PINs are padded with FF. */
  readonly storedLength: number;
  readonly maxTries: number;
  /** Tries left at first; default all. */
  readonly tries?: number;
  /** The PIN, ASCII digits. */
  readonly value: string;
  /** A transport PIN: nothing but CHANGE REFERENCE DATA (or unblocking) works with it. */
  readonly changeFirst?: boolean;
  /** The PIN that unblocks this one. */
  readonly unblockedBy?: ReferenceData;
}

const padding = 0xff;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

/** A PIN or PUK on the card: value, try counter and whether it has been verified (ISO 7816-4 clause 9.3). */
export class ReferenceData {
  readonly name: 'PIN1' | 'PIN2' | 'PUK';
  readonly reference: number;
  readonly df: DedicatedFile | undefined;
  readonly survivesAbove: boolean;
  readonly digits: readonly [min: number, max: number];
  readonly storedLength: number;
  readonly maxTries: number;
  readonly unblockedBy: ReferenceData | undefined;
  verified = false;
  #value: Uint8Array;
  #tries: number;
  #changeFirst: boolean;
  #spent = 0;

  constructor(settings: ReferenceDataSettings) {
    this.name = settings.name;
    this.reference = settings.reference;
    this.df = settings.df;
    this.survivesAbove = settings.survivesAbove ?? false;
    this.digits = settings.digits;
    this.storedLength = settings.storedLength;
    this.maxTries = settings.maxTries;
    this.unblockedBy = settings.unblockedBy;
    this.#value = new Uint8Array(settings.storedLength).fill(padding);
    this.#value.set(Buffer.from(settings.value, 'ascii'));
    this.#tries = settings.tries ?? settings.maxTries;
    this.#changeFirst = settings.changeFirst ?? false;
    if (!this.accepts(this.#value)) throw new Error(`${settings.name} does not fit its own rules`);
  }

  get tries(): number {
    return this.#tries;
  }

  /** Tries that wrong entries have cost since the card was made; a later success does not lower it. */
  get spent(): number {
    return this.#spent;
  }

  get changeFirst(): boolean {
    return this.#changeFirst;
  }

  /** The answer to an empty VERIFY: verified, tries left, or blocked. Costs nothing. */
  state(): number {
    if (this.verified) return Sw.ok;
    return this.#tries === 0 ? Sw.blocked : triesLeft(this.#tries);
  }

  /**
   * Compares a presented PIN (padded, of the stored length). A wrong one costs a try and forgets that the PIN
   * was verified; a right one gives all tries back.
   * @throws Refusal 6700 for another length (no try), 6983 when blocked, 63Cx when wrong.
   */
  compare(presented: Uint8Array): void {
    if (presented.length !== this.storedLength) refuse(Sw.wrongLength);
    if (this.#tries === 0) refuse(Sw.blocked);
    if (timingSafeEqual(presented, this.#value)) {
      this.#tries = this.maxTries;
      return;
    }
    this.#tries -= 1;
    this.#spent += 1;
    this.verified = false;
    refuse(triesLeft(this.#tries));
  }

  /** Whether new reference data is well formed: enough digits, nothing but FF behind them. */
  accepts(candidate: Uint8Array): boolean {
    if (candidate.length !== this.storedLength) return false;
    const digits = candidate.findIndex((byte) => !isDigit(byte));
    const length = digits < 0 ? candidate.length : digits;
    const [min, max] = this.digits;
    return length >= min && length <= max && candidate.subarray(length).every((byte) => byte === padding);
  }

  /** Whether this is the present value: a transport PIN must be changed into another. */
  isValue(candidate: Uint8Array): boolean {
    return candidate.length === this.storedLength && timingSafeEqual(candidate, this.#value);
  }

  /** Stores new reference data with all tries; it is no transport PIN any more. The caller has checked it. */
  replace(value: Uint8Array): void {
    this.#value.fill(0);
    this.#value = Uint8Array.from(value);
    this.#tries = this.maxTries;
    this.#changeFirst = false;
  }
}
