import { duplexPair } from 'node:stream';
import { AgentClient } from '../../../electron/client/agent-client.ts';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import { sealPin } from '../../../electron/contract/pin/envelope.ts';
import { Agent } from '../../../electron/engine/agent/agent.ts';
import { InProcessReader, InProcessReaderService } from '../../../electron/engine/readers/in-process.ts';
import { createSandboxCard, type SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../../electron/sandbox/portal/sandbox-portal.ts';

/** An agent in this process, with a simulated reader, card and portal. */
export class AgentInProcess implements AsyncDisposable {
  readonly agent: Agent;
  readonly reader: InProcessReader;
  readonly portal: SandboxPortal;
  readonly card: SandboxCard;

  private constructor(agent: Agent, reader: InProcessReader, portal: SandboxPortal, card: SandboxCard) {
    this.agent = agent;
    this.reader = reader;
    this.portal = portal;
    this.card = card;
  }

  /** @param connectionKey what clients must show; none for an agent on an inherited pipe */
  static async start(
    connectionKey?: string,
    more: Partial<ConstructorParameters<typeof Agent>[0]> = {},
  ): Promise<AgentInProcess> {
    const authority = await SandboxAuthority.create();
    const portal = await SandboxPortal.start({ authority, people: sandboxPeople });
    const reader = new InProcessReader('Reader');
    const card = await createSandboxCard({ card: 'eid' }, authority);
    reader.insert(card);
    const agent = new Agent({
      readers: new InProcessReaderService([reader]),
      portal: async () => portal.settings,
      ...(connectionKey === undefined ? {} : { connectionKey }),
      ...more,
    });
    await agent.start();
    return new AgentInProcess(agent, reader, portal, card);
  }

  /** The client's end of a new connection; nothing has been said on it. */
  dial() {
    const [ours, theirs] = duplexPair();
    // As with a socket, the end of one side is the end of both.
    theirs.once('close', () => ours.destroy());
    ours.once('close', () => theirs.destroy());
    this.agent.accept(theirs);
    return ours;
  }

  /** A client that answers every question for a PIN with these. */
  async client(pins: { readonly PIN1: string; readonly PIN2: string }): Promise<AgentClient> {
    const { client } = await AgentClient.connect(this.dial());
    client.on('event', (event) => {
      if (event.kind === 'prompt-open') void this.#answer(client, event.prompt, pins);
    });
    return client;
  }

  async #answer(client: AgentClient, prompt: PinPrompt, pins: { PIN1: string; PIN2: string }) {
    const digits = Buffer.from(prompt.pin === 'PIN2' ? pins.PIN2 : pins.PIN1, 'ascii');
    const envelope = await sealPin(Uint8Array.from(digits), prompt);
    await client.request('pin.submit', { promptId: prompt.promptId, envelope });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.close();
    await this.portal.stop();
  }
}
