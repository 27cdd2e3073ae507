/**
 * Answers the agent's questions for PINs: from standard input, one line per PIN asked, or by a hidden prompt on
 * the terminal. What is typed stays bytes, is sealed for the agent at once, and is zeroed.
 */
import type { AgentClient } from '../client/agent-client.ts';
import { asFailure, Failure } from '../contract/failures/failure.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import { pinMaxLength, sealPin } from '../contract/pin/envelope.ts';

/** Where PINs come from. The answer is the caller's to zero; null means the person gave up. */
export interface PinSource {
  read(prompt: PinPrompt): Promise<{ digits: Uint8Array; acknowledgeLastTry: boolean } | null>;
  /** The PIN will be typed at the reader: whether the person goes on. Absent: nobody can say so. */
  agree?(prompt: PinPrompt): Promise<boolean>;
  /** The PIN is being typed at the reader. */
  tell?(prompt: PinPrompt): void;
  close(): void;
}

/** Listens to a client's prompts and answers each from the source. */
export class PinEntry {
  readonly #client: AgentClient;
  readonly #source: PinSource;
  /** Why we cancelled a prompt ourselves: truer than the agent's "cancelled". */
  #failure: Failure | undefined;

  constructor(client: AgentClient, source: PinSource) {
    this.#client = client;
    this.#source = source;
    client.on('event', (event) => {
      if (event.kind !== 'prompt-open') return;
      if (event.prompt.atReader === 'enter') this.#source.tell?.(event.prompt);
      else void this.#answer(event.prompt);
    });
  }

  /** The failure to show for one that the agent reported. */
  explain(thrown: unknown): Failure {
    const failure = asFailure(thrown);
    return failure.code === 'pin-cancelled' && this.#failure ? this.#failure : failure;
  }

  async #agree(prompt: PinPrompt): Promise<void> {
    const source = this.#source;
    if (!source.agree) throw new Failure('pin-no-terminal', { parameters: { pin: prompt.pin } });
    if (!(await source.agree(prompt))) throw new Failure('pin-cancelled');
    const { promptId, lastTry } = prompt;
    await this.#client.request('pin.agree', { promptId, acknowledgeLastTry: lastTry });
  }

  async #answer(prompt: PinPrompt): Promise<void> {
    const { promptId } = prompt;
    let digits: Uint8Array | undefined;
    try {
      if (prompt.atReader === 'agree') {
        await this.#agree(prompt);
        return;
      }
      const answer = await this.#source.read(prompt);
      if (!answer) throw new Failure('pin-cancelled');
      digits = answer.digits;
      if (digits.length < 1 || digits.length > pinMaxLength) {
        throw new Failure('pin-length', {
          parameters: { pin: prompt.pin, min: prompt.length.min, max: prompt.length.max },
        });
      }
      const envelope = await sealPin(digits, prompt);
      await this.#client.request('pin.submit', {
        promptId,
        envelope,
        acknowledgeLastTry: answer.acknowledgeLastTry,
      });
    } catch (thrown) {
      this.#failure = asFailure(thrown);
      // The prompt may be closed already (card gone, agent gone): then there is nothing to cancel.
      await this.#client.request('pin.cancel', { promptId }).catch(() => undefined);
    } finally {
      digits?.fill(0);
    }
  }
}
