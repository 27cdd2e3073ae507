/** The simulated world of one demonstration: made for it, and gone afterwards. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemonstrationAction } from '../../../../contract/diagnostics/training.ts';
import type { PinPrompt } from '../../../../contract/model/status.ts';
import { sealPin } from '../../../../contract/pin/envelope.ts';
import {
  createSandboxCard,
  parseSandboxSpec,
  type SandboxCard,
  type SandboxCardSpec,
  trainingPins,
} from '../../../../sandbox/cards/index.ts';
import { sandboxPeople } from '../../../../sandbox/people.ts';
import { SandboxPki } from '../../../../sandbox/pki/sandbox-pki.ts';
import type { SandboxPortal } from '../../../../sandbox/portal/sandbox-portal.ts';
import { type InProcessCard, InProcessReader, InProcessReaderService } from '../../../readers/in-process.ts';
import { CardHolder, type HeldCard } from '../../held-card.ts';
import type { OperationContext } from '../../operations.ts';
import type { PinServices } from '../../pin-operations.ts';
import { PinPrompts } from '../../pin-prompts.ts';
import { PortalAccess, type PortalSource } from '../../portal-access.ts';
import { SessionMachine } from '../../session.ts';

const owner = 'demonstration';
const none = (): void => undefined;

/** What the invented person answers to a question for a PIN: digits, or that they give up. */
export type Answer = string | 'cancel' | 'broken';

export class Stage {
  readonly reader = new InProcessReader('Buletin Simulated Reader');
  readonly service = new InProcessReaderService([this.reader]);
  readonly actions: DemonstrationAction[] = [];
  /** Answers to the questions for PINs, in order; after them the right values. */
  readonly answers: Answer[] = [];
  /** Whether the person takes a last try. */
  takesLastTry = true;
  readonly context: OperationContext;
  readonly #abort = new AbortController();
  readonly #session = new SessionMachine(none);
  readonly #endings: (() => Promise<unknown> | unknown)[] = [];
  #pki: Promise<SandboxPki> | undefined;
  #holder: CardHolder | undefined;
  #portal: Promise<SandboxPortal> | undefined;
  readonly #prompts: PinPrompts;

  constructor() {
    this.context = { operationId: randomUUID(), owner, signal: this.#abort.signal };
    this.#prompts = new PinPrompts({ opened: (_, prompt) => void this.#answer(prompt), closed: none });
  }

  /** Notes what is done now. */
  did(...actions: DemonstrationAction[]): void {
    this.actions.push(...actions);
  }

  get holder(): CardHolder {
    this.#holder ??= new CardHolder(
      this.service,
      { reading: none, ready: none, failed: none, removed: none },
      undefined,
    );
    return this.#holder;
  }

  get services(): PinServices {
    return { holder: this.holder, prompts: this.#prompts, pinsChanged: none };
  }

  async pki(): Promise<SandboxPki> {
    this.#pki ??= SandboxPki.start();
    return this.#pki;
  }

  async make(spec: string, more: Partial<SandboxCardSpec> = {}): Promise<SandboxCard> {
    const parsed = parseSandboxSpec(spec);
    if (!parsed) throw new RangeError(`a demonstration asks for the card ${spec}`);
    return createSandboxCard({ ...parsed, ...more }, (await this.pki()).authority);
  }

  /** What was changed on the reader arrives a turn later, as from a real service. */
  async settled(): Promise<void> {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }

  /** The card to work with, as the agent looks for it. @throws Failure saying why there is none */
  async card(reader?: string): Promise<HeldCard> {
    await this.settled();
    return this.holder.card(reader);
  }

  /** Puts a card of the sandbox in. */
  async insert(spec: string): Promise<SandboxCard> {
    const card = await this.make(spec);
    this.did('card-in');
    this.reader.insert(card);
    await this.settled();
    return card;
  }

  /** Puts a card in whose answers `change` may replace. */
  async insertChanged(
    spec: string,
    change: (command: Uint8Array, answer: Uint8Array) => Uint8Array,
  ): Promise<void> {
    const card = await this.make(spec);
    const changed: InProcessCard = {
      atr: card.atr,
      reset: () => card.reset(),
      transmit: async (command) => change(command, await card.transmit(command)),
    };
    this.did('damaged-card-in');
    this.reader.insert(changed);
    await this.settled();
  }

  async portal(): Promise<SandboxPortal> {
    this.#portal ??= this.#startPortal();
    return this.#portal;
  }

  /** The way to a portal: the simulated one unless another is given. */
  access(source: PortalSource = async () => (await this.portal()).settings): PortalAccess {
    const access = new PortalAccess({ ...this.services, source, session: this.#session, forget: none });
    this.#session.to({ state: 'reading' });
    this.#session.to({ state: 'ready' });
    this.onEnd(() => access.close());
    return access;
  }

  /** A folder that is gone with the demonstration. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'buletin-training-'));
    this.onEnd(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  onEnd(ending: () => Promise<unknown> | unknown): void {
    this.#endings.unshift(ending);
  }

  giveUp(): void {
    this.#abort.abort();
  }

  async close(): Promise<void> {
    for (const ending of this.#endings) await ending();
    await this.#holder?.close();
    await this.service.close();
    await (await this.#portal)?.stop();
    await (await this.#pki)?.stop();
  }

  async #startPortal(): Promise<SandboxPortal> {
    const { SandboxPortal } = await import('../../../../sandbox/portal/sandbox-portal.ts');
    return SandboxPortal.start({ authority: (await this.pki()).authority, people: sandboxPeople });
  }

  async #answer(prompt: PinPrompt): Promise<void> {
    const answer = this.answers.shift() ?? trainingPins[prompt.pin];
    const { promptId } = prompt;
    if (answer === 'cancel') {
      this.#prompts.cancel(owner, promptId);
      return;
    }
    const envelope = await sealPin(new TextEncoder().encode(answer === 'broken' ? '0' : answer), prompt);
    const sent = answer === 'broken' ? { ...envelope, iv: Buffer.alloc(12).toString('base64') } : envelope;
    try {
      this.#prompts.submit(owner, promptId, sent, this.takesLastTry);
    } catch {
      // Who asked is told as well.
    }
  }
}
