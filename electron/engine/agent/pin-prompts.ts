/**
 * The agent's half of the PIN path: open questions for a PIN, each with a one-use key, and the opening of the
 * sealed answers (`contract/pin/envelope.ts` is the other half).
 */
import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomUUID } from 'node:crypto';
import { Failure } from '../../contract/failures/failure.ts';
import type { PinPrompt } from '../../contract/model/status.ts';
import {
  type PinEnvelope,
  pinEnvelopeInfo,
  pinMaxLength,
  pinPlaintextLength,
} from '../../contract/pin/envelope.ts';
import { SecretBytes } from '../../contract/pin/secret-bytes.ts';

export type PromptOutcome = 'submitted' | 'cancelled' | 'refused' | 'card-removed' | 'timed-out';

/** What the caller knows of the question; the id and the key are made here. */
export type PromptQuestion = Omit<PinPrompt, 'promptId' | 'publicKey'>;

/** The answer: the PIN, and whether the person took the last try knowingly. The receiver destroys `code`. */
export interface PromptAnswer {
  readonly code: SecretBytes;
  readonly acknowledgeLastTry: boolean;
}

interface OpenPrompt {
  readonly prompt: PinPrompt;
  readonly owner: string;
  readonly ecdh: ECDH;
  settle(outcome: PromptOutcome, answer: PromptAnswer | Failure): void;
}

export interface PromptEvents {
  opened(owner: string, prompt: PinPrompt): void;
  closed(owner: string, promptId: string, outcome: PromptOutcome): void;
}

/** How long a question stays open: a person may fetch the PIN envelope from a drawer, not leave for lunch. */
const promptTimeoutMs = 180_000;

export class PinPrompts {
  readonly #open = new Map<string, OpenPrompt>();
  readonly #events: PromptEvents;
  readonly #timeoutMs: number;

  constructor(events: PromptEvents, timeoutMs = promptTimeoutMs) {
    this.#events = events;
    this.#timeoutMs = timeoutMs;
  }

  /** The open prompts of one client. */
  ofOwner(owner: string): PinPrompt[] {
    return [...this.#open.values()].filter((open) => open.owner === owner).map((open) => open.prompt);
  }

  /**
   * Asks for a PIN and waits for the sealed answer.
   * @throws Failure `pin-cancelled` (cancelled, timed out, aborted), `card-removed`, `pin-envelope-invalid`,
   *   `pin-last-try` (the last try was not acknowledged)
   */
  ask(owner: string, question: PromptQuestion, signal: AbortSignal): Promise<PromptAnswer> {
    const { ecdh, prompt } = fresh(question);
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new Failure('pin-cancelled'));
        return;
      }
      const onAbort = () => entry.settle('cancelled', new Failure('pin-cancelled'));
      const timer = setTimeout(
        () => entry.settle('timed-out', new Failure('pin-cancelled', { detail: 'no answer in time' })),
        this.#timeoutMs,
      );
      const entry: OpenPrompt = {
        prompt,
        owner,
        ecdh,
        settle: (outcome, answer) => {
          // First of all the prompt ceases to exist: its key can never serve twice.
          if (!this.#open.delete(prompt.promptId)) return;
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          this.#events.closed(owner, prompt.promptId, outcome);
          if (answer instanceof Failure) reject(answer);
          else resolve(answer);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#open.set(prompt.promptId, entry);
      this.#events.opened(owner, prompt);
    });
  }

  /**
   * Says that the PIN is being typed at the reader. There is nothing to answer; who cancels puts the words away.
   */
  show(owner: string, question: PromptQuestion): void {
    const { ecdh, prompt } = fresh({ ...question, atReader: 'enter' });
    const { promptId } = prompt;
    const settle = (outcome: PromptOutcome): void => {
      if (this.#open.delete(promptId)) this.#events.closed(owner, promptId, outcome);
    };
    this.#open.set(promptId, { prompt, owner, ecdh, settle });
    this.#events.opened(owner, prompt);
  }

  /** What was to be typed at the reader has been, or will not be. */
  entered(): void {
    for (const open of [...this.#open.values()]) {
      if (open.prompt.atReader === 'enter') open.settle('submitted', new Failure('cancelled'));
    }
  }

  /** Takes the word of a person who will type at the reader. */
  agree(owner: string, promptId: string, acknowledgeLastTry: boolean): void {
    const open = this.#find(owner, promptId);
    if (open.prompt.atReader !== 'agree') throw noSuchPrompt();
    if (this.#lastTryRefused(open, acknowledgeLastTry)) return;
    open.settle('submitted', { code: new SecretBytes(new Uint8Array(0)), acknowledgeLastTry });
  }

  /**
   * Takes a sealed answer. The prompt is used up whatever comes of it.
   * @throws Failure `pin-envelope-invalid` to the sender as well, when the envelope does not open
   */
  submit(owner: string, promptId: string, envelope: PinEnvelope, acknowledgeLastTry: boolean): void {
    const open = this.#find(owner, promptId);
    // Nobody is asked to type here what belongs on the reader's keys.
    if (open.prompt.atReader !== undefined) throw noSuchPrompt();
    if (this.#lastTryRefused(open, acknowledgeLastTry)) return;
    let code: SecretBytes;
    try {
      code = openEnvelope(open.ecdh, open.prompt.promptId, envelope);
    } catch (cause) {
      const failure = new Failure('pin-envelope-invalid', { cause });
      open.settle('refused', failure);
      throw failure;
    }
    open.settle('submitted', { code, acknowledgeLastTry });
  }

  /** The last try needs a word of its own; without it the prompt has ended. */
  #lastTryRefused(open: OpenPrompt, acknowledged: boolean): boolean {
    const { lastTry, pin } = open.prompt;
    if (!lastTry || acknowledged) return false;
    open.settle('refused', new Failure('pin-last-try', { parameters: { pin } }));
    return true;
  }

  cancel(owner: string, promptId: string): void {
    this.#find(owner, promptId).settle('cancelled', new Failure('pin-cancelled'));
  }

  /** Closes every prompt for a reader whose card is gone. */
  cardRemoved(reader: string): void {
    for (const open of [...this.#open.values()]) {
      if (open.prompt.reader === reader)
        open.settle('card-removed', new Failure('card-removed', { parameters: { reader } }));
    }
  }

  /** An unknown prompt and another client's prompt are the same to the sender. */
  #find(owner: string, promptId: string): OpenPrompt {
    const open = this.#open.get(promptId);
    if (!open || open.owner !== owner) throw noSuchPrompt();
    return open;
  }
}

function noSuchPrompt(): Failure {
  return new Failure('pin-envelope-invalid', { detail: 'no such prompt' });
}

/** A prompt with an id and a one-use key of its own. */
function fresh(question: PromptQuestion): { ecdh: ECDH; prompt: PinPrompt } {
  const ecdh = createECDH('prime256v1');
  const publicKey = ecdh.generateKeys('base64', 'uncompressed');
  return { ecdh, prompt: { ...question, promptId: randomUUID(), publicKey } };
}

/** Opens an envelope. Everything secret but the returned PIN is zeroed. */
function openEnvelope(ecdh: ECDH, promptId: string, envelope: PinEnvelope): SecretBytes {
  const theirs = Buffer.from(envelope.ephemeralPublicKey, 'base64');
  const sealed = Buffer.from(envelope.ciphertext, 'base64');
  const shared = ecdh.computeSecret(theirs);
  const salt = Buffer.concat([ecdh.getPublicKey(), theirs]);
  const key = Buffer.from(hkdfSync('sha256', shared, salt, pinEnvelopeInfo, 32));
  let plaintext: Buffer | undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(envelope.iv, 'base64'));
    decipher.setAAD(Buffer.from(promptId, 'utf8'));
    decipher.setAuthTag(sealed.subarray(pinPlaintextLength));
    plaintext = decipher.update(sealed.subarray(0, pinPlaintextLength));
    decipher.final();
    const length = plaintext[0] ?? 0;
    if (length < 1 || length > pinMaxLength) throw new RangeError('PIN length out of range');
    return new SecretBytes(Uint8Array.from(plaintext.subarray(1, 1 + length)));
  } finally {
    shared.fill(0);
    key.fill(0);
    plaintext?.fill(0);
  }
}
