import type { AgentClient } from '../client/agent-client.ts';
import type { PinPrompt } from '../contract/model/status.ts';
import type { PinSource } from './pin-entry.ts';

/** Answers with the published PINs of the simulated cards. The demo's only; the agent has them in training mode alone. */
export class TrainingPinSource implements PinSource {
  readonly #client: AgentClient;

  constructor(client: AgentClient) {
    this.#client = client;
  }

  async read(prompt: PinPrompt): Promise<{ digits: Uint8Array; acknowledgeLastTry: boolean } | null> {
    // Never to a prompt of a card that is not simulated, whatever the agent says.
    if (!prompt.simulated || prompt.entry === 'new') return null;
    const pins = await this.#client.request('sandbox.pins', {});
    return { digits: new TextEncoder().encode(pins[prompt.pin]), acknowledgeLastTry: false };
  }

  close(): void {}
}
