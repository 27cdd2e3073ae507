import { asFailure, type Failure } from '../../electron/contract/failures/failure.ts';
import type { PinPrompt } from '../../electron/contract/model/status.ts';
import { pinMaxLength, sealPin } from '../../electron/contract/pin/envelope.ts';
import type { HostLink } from '../app/host-link.ts';
import { PinDigits } from './pin-digits.ts';

/** What the PIN page may know of an entry. */
export interface EntryState {
  /** Digits typed of the code that is being typed. */
  readonly count: number;
  /** A new PIN is typed a second time. */
  readonly again: boolean;
  /** The two entries of a new PIN differed. */
  readonly differed: boolean;
  readonly phase: 'typing' | 'sending' | 'sent' | 'closed';
  /** Why the answer could not be handed over. */
  readonly failure: Failure | null;
}

/**
 * One answer to one question. It is sealed and sent at most once; whatever comes of it, the digits are zeroed.
 */
export class PinEntry {
  readonly #prompt: PinPrompt;
  readonly #link: HostLink;
  readonly #digits: PinDigits;
  readonly #first: PinDigits;
  readonly #listeners = new Set<() => void>();
  #state: EntryState = { count: 0, again: false, differed: false, phase: 'typing', failure: null };

  constructor(prompt: PinPrompt, link: HostLink) {
    this.#prompt = prompt;
    this.#link = link;
    const max = Math.min(prompt.length.max, pinMaxLength);
    this.#digits = new PinDigits(max);
    this.#first = new PinDigits(max);
  }

  readonly get = (): EntryState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether there are enough digits. */
  get complete(): boolean {
    return this.#digits.count >= this.#prompt.length.min;
  }

  type(digit: number): void {
    if (this.#state.phase === 'typing' && this.#digits.push(digit)) this.#put({ differed: false });
  }

  takeBack(): void {
    if (this.#state.phase !== 'typing') return;
    this.#digits.pop();
    this.#put({});
  }

  /**
   * Goes on with what was typed: a new PIN once more, anything else to the agent.
   * @param acknowledgeLastTry the person took the last try knowingly
   */
  async finish(acknowledgeLastTry: boolean): Promise<void> {
    if (this.#state.phase !== 'typing' || !this.complete) return;
    if (this.#prompt.lastTry && !acknowledgeLastTry) return;
    if (this.#prompt.entry === 'new' && !this.#state.again) {
      for (const byte of this.#digits.expose()) this.#first.push(byte - 0x30);
      this.#digits.clear();
      this.#put({ again: true, differed: false });
      return;
    }
    if (this.#prompt.entry === 'new' && !this.#digits.equals(this.#first)) {
      this.#wipe();
      this.#put({ again: false, differed: true });
      return;
    }
    this.#put({ phase: 'sending' });
    const { promptId } = this.#prompt;
    try {
      const envelope = await sealPin(this.#digits.expose(), this.#prompt);
      this.#wipe();
      await this.#link.request('pin.submit', {
        promptId,
        envelope,
        ...(this.#prompt.lastTry ? { acknowledgeLastTry } : {}),
      });
      this.#put({ phase: 'sent' });
    } catch (thrown) {
      // Never again with the same question: its key is used up, and the try may be.
      this.#put({ phase: 'closed', failure: asFailure(thrown) });
    } finally {
      this.#wipe();
    }
  }

  /** The person goes on, and types at the reader. */
  async agree(acknowledgeLastTry: boolean): Promise<void> {
    if (this.#state.phase !== 'typing' || (this.#prompt.lastTry && !acknowledgeLastTry)) return;
    this.#put({ phase: 'sending' });
    try {
      const { promptId, lastTry } = this.#prompt;
      await this.#link.request('pin.agree', { promptId, ...(lastTry ? { acknowledgeLastTry } : {}) });
      this.#put({ phase: 'sent' });
    } catch (thrown) {
      this.#put({ phase: 'closed', failure: asFailure(thrown) });
    }
  }

  /** Gives up. The host closes the window. */
  cancel(): void {
    this.close();
    this.#link.request('pin.cancel', { promptId: this.#prompt.promptId }).catch(() => {});
  }

  /** The question is no more. */
  close(): void {
    this.#wipe();
    if (this.#state.phase !== 'sent') this.#put({ phase: 'closed' });
  }

  #wipe(): void {
    this.#digits.clear();
    this.#first.clear();
  }

  #put(change: Partial<EntryState>): void {
    this.#state = { ...this.#state, ...change, count: this.#digits.count };
    for (const listener of [...this.#listeners]) listener();
  }
}
