/** What a page may send at most: a page that is broken or taken over must not keep the shell busy. */
import { maxPageMessage } from '../../contract/pages/page-messages.ts';

/** Requests of one page under way at once. */
export const maxRequestsInFlight = 32;
/** Messages that a page may send at once, and how many it earns back in a second. */
export const messageBurst = 200;
export const messagesPerSecond = 100;
/** The same in UTF-16 code units: two of the longest messages, then one every two seconds. */
const sizeBurst = 2 * maxPageMessage;
const sizePerSecond = maxPageMessage / 2;
/** Deepest nesting of a message's JSON; the deepest of the contract has 5 levels. */
export const maxJsonDepth = 12;

/** Tokens that are spent and come back with time. */
class Bucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #level: number;
  #at: number;

  constructor(capacity: number, perSecond: number, now: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#level = capacity;
    this.#at = now;
  }

  /** Takes `amount` if it is there. */
  take(amount: number, now: number): boolean {
    this.#level = Math.min(this.#capacity, this.#level + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (amount > this.#level) return false;
    this.#level -= amount;
    return true;
  }
}

/** Decides of each message whether it may still be looked at. */
export class FloodGate {
  readonly #messages: Bucket;
  readonly #size: Bucket;
  readonly #now: () => number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#messages = new Bucket(messageBurst, messagesPerSecond, now());
    this.#size = new Bucket(sizeBurst, sizePerSecond, now());
  }

  /** @param size of the message in UTF-16 code units */
  admits(size: number): boolean {
    const now = this.#now();
    return this.#messages.take(1, now) && this.#size.take(size, now);
  }
}

/**
 * Whether a JSON text nests no deeper than `limit`, told without parsing it. Of a text that is no JSON the answer
 * means nothing.
 */
export function nestsAtMost(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) {
      at = endOfString(text, at);
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > limit) return false;
    } else if (unit === 0x7d || unit === 0x5d) depth -= 1;
  }
  return true;
}

/** Position of the quotation mark that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5c) at += 1;
    else if (unit === 0x22) return at;
  }
  return text.length;
}
