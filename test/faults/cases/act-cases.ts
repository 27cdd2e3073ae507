/** Faults in the middle of an act: what the person is told when the card, the reader or the engine goes just then. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoDocument } from '../../../electron/cli/demo-document.ts';
import { AgentSupervisor } from '../../../electron/client/supervisor.ts';
import type { FailureCode } from '../../../electron/contract/failures/catalogue.ts';
import { asFailure, type Failure } from '../../../electron/contract/failures/failure.ts';
import { failureFromWire } from '../../../electron/contract/model/failure.ts';
import type { PinPrompt } from '../../../electron/contract/model/status.ts';
import { sealPin } from '../../../electron/contract/pin/envelope.ts';
import type { AgentEvent } from '../../../electron/contract/protocol/messages.ts';
import type { MethodName, MethodParams, MethodResult } from '../../../electron/contract/protocol/methods.ts';
import { type SandboxCard, trainingPins } from '../../../electron/sandbox/cards/index.ts';
import { CardWorld } from '../../rig/window/card-world.ts';
import { eventually } from '../../rig/window/chromium-rig.ts';

/** An agent on a real pcscd, with a card that everything can be done to. */
export class Workplace implements AsyncDisposable {
  readonly world: CardWorld;
  readonly agent: AgentSupervisor;
  card: SandboxCard;

  private constructor(world: CardWorld, agent: AgentSupervisor, card: SandboxCard) {
    this.world = world;
    this.agent = agent;
    this.card = card;
  }

  static async open(): Promise<Workplace> {
    const world = await CardWorld.start();
    const agent = new AgentSupervisor(world.agent);
    await agent.start();
    return new Workplace(world, agent, await world.insert());
  }

  /** A healthy card, read by the agent. */
  async ready(): Promise<void> {
    this.world.reader.onApdu = undefined;
    this.world.portal.faults.clear();
    this.world.reader.remove();
    this.card = await this.world.insert();
    await eventually(async () => {
      const status = await this.status().catch(() => undefined);
      return status?.token?.serial !== undefined && status.readers.some(({ state }) => state === 'present');
    }, 'a card that has been read');
  }

  /** Rejects while there is no agent. */
  async status(): Promise<MethodResult<'status'>> {
    return this.agent.client.request('status', {});
  }

  /** What an act that asks for PINs came to, `undefined` when it succeeded. `meanwhile` happens while the first is asked for. */
  async act<M extends MethodName>(
    method: M,
    params: MethodParams<M>,
    meanwhile: () => unknown = () => undefined,
  ): Promise<Failure | undefined> {
    const { client } = this.agent;
    let first = true;
    const answer = async (prompt: PinPrompt) => {
      if (first) await meanwhile();
      first = false;
      const pins: Readonly<Record<string, string>> = trainingPins;
      const digits = new TextEncoder().encode(prompt.entry === 'new' ? '5938' : (pins[prompt.pin] ?? ''));
      const envelope = await sealPin(digits, prompt);
      await client.request('pin.submit', { promptId: prompt.promptId, envelope });
    };
    const onEvent = (event: AgentEvent) => {
      // A question that has gone meanwhile takes no answer; what the act came to is what counts.
      if (event.kind === 'prompt-open') answer(event.prompt).catch(() => undefined);
    };
    this.agent.on('event', onEvent);
    try {
      const result = await client.request(method, params);
      const [one] = 'results' in result ? result.results : [];
      return one && 'failure' in one ? failureFromWire(one.failure) : undefined;
    } catch (thrown) {
      return asFailure(thrown);
    } finally {
      this.agent.off('event', onEvent);
    }
  }

  /** Pulls the card when it gets this instruction with data, before it has answered. */
  pullAt(instruction: number): void {
    this.world.reader.onApdu = (_, command) =>
      command[1] === instruction && command.length > 5 ? { pull: 'before' } : undefined;
  }

  document(): string {
    const file = join(this.world.folder, 'document.pdf');
    writeFileSync(file, demoDocument());
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent.stop();
    await this.world[Symbol.asyncDispose]();
  }
}

export interface ActCase {
  readonly fault: string;
  /** What the act must fail with. */
  readonly expected: FailureCode;
  run(place: Workplace): Promise<Failure | undefined>;
}

const verify = 0x20;
const change = 0x24;
const unblock = 0x2c;
const sign = 0x2a;

const signing = (place: Workplace) => ({ documents: [{ input: place.document() }], overwrite: true });

/** Kills the agent as a crash does, and waits until another has taken its place. */
async function killAgent(place: Workplace): Promise<void> {
  const { pid } = place.agent;
  process.kill(pid ?? 0, 'SIGKILL');
  await eventually(() => place.agent.pid !== pid, 'another agent');
}

export const actCases: readonly ActCase[] = [
  {
    fault: 'card pulled while it is read',
    expected: 'card-absent',
    run: async ({ world, agent }) => {
      world.reader.remove();
      world.reader.onApdu = (index) => (index >= 4 ? { pull: 'before' } : undefined);
      world.reader.resetApduCount();
      await world.insert();
      await eventually(() => world.reader.card === null, 'a pulled card');
      const problem = await eventually(
        async () => (await agent.client.request('status', {})).problem,
        'a problem',
      );
      return failureFromWire(problem);
    },
  },
  {
    fault: 'card pulled while a PIN is verified',
    // Whether the card has counted it, nobody can say: the person is told to look at the tries first.
    expected: 'pin-outcome-unknown',
    run: (place) => place.act('pin.verify', { pin: 'PIN1' }, () => place.pullAt(verify)),
  },
  {
    fault: 'card pulled while a PIN is asked for',
    expected: 'card-removed',
    run: (place) => place.act('pin.verify', { pin: 'PIN1' }, () => place.world.reader.remove()),
  },
  {
    fault: 'card pulled while a PIN is changed',
    // Whether the card has counted it, nobody can say: the person is told to look at the tries first.
    expected: 'pin-outcome-unknown',
    run: (place) => place.act('pin.change', { pin: 'PIN1' }, () => place.pullAt(change)),
  },
  {
    fault: 'card pulled while a PIN is unblocked',
    // Whether the card has counted it, nobody can say: the person is told to look at the tries first.
    expected: 'pin-outcome-unknown',
    run: async (place) => {
      place.world.reader.remove();
      place.card = await place.world.insert({ card: 'eid', variant: 'pin1-blocked' });
      await eventually(
        async () => (await place.agent.client.request('status', {})).token?.serial,
        'the card',
      );
      return place.act('pin.unblock', { pin: 'PIN1' }, () => place.pullAt(unblock));
    },
  },
  {
    fault: 'card pulled while it signs in',
    expected: 'card-removed',
    run: (place) =>
      place.act('session.login', {}, () => {
        place.world.reader.onApdu = (_, command) =>
          command[1] === sign || command[1] === 0x88 ? { pull: 'before' } : undefined;
      }),
  },
  {
    fault: 'card pulled while it signs a document',
    expected: 'card-removed',
    run: (place) => place.act('sign.documents', signing(place), () => place.pullAt(sign)),
  },
  {
    fault: 'another card put in between reading and signing',
    expected: 'card-removed',
    run: (place) =>
      place.act('sign.documents', signing(place), async () => {
        await place.world.insert({ card: 'eid', variant: 'last-try' });
      }),
  },
  {
    fault: 'agent killed while a PIN is asked for',
    expected: 'agent-lost',
    run: (place) => place.act('pin.verify', { pin: 'PIN1' }, () => killAgent(place)),
  },
  {
    fault: 'agent killed while a document is signed',
    expected: 'agent-lost',
    run: (place) =>
      place.act('sign.documents', signing(place), () => {
        place.world.reader.onApdu = async (_, command) => {
          if (command[1] !== sign) return undefined;
          place.world.reader.onApdu = undefined;
          await killAgent(place);
          return undefined;
        };
      }),
  },
  {
    fault: 'portal goes while somebody signs in',
    expected: 'portal-unreachable',
    run: (place) => place.act('session.login', {}, () => place.world.portal.stop()),
  },
];
