import { concatBytes } from '../../pki/der.ts';
import type { SimulatedCard } from '../simulated-card.ts';
import { type CommandApdu, parseCommandApdu } from './command-apdu.ts';
import { type CommandLog, CommandStatistics } from './command-statistics.ts';
import type { CardFile, DedicatedFile } from './files.ts';
import type { ReferenceData } from './reference-data.ts';
import { type EnvironmentRules, SecurityEnvironment } from './security-environment.ts';
import { Selection } from './selection.ts';
import { answer, Refusal, type Reply, refuse, Sw } from './status-word.ts';

/** Executes one command. Ends with a reply or throws a `Refusal`. */
export type CommandHandler = (command: CommandApdu, card: CardState) => Reply;

/** What the command handlers work on. */
export interface CardState {
  readonly selection: Selection;
  readonly pins: readonly ReferenceData[];
  readonly environment: SecurityEnvironment;
  /** Makes a file current and forgets the local PINs of the DFs that are left. */
  enter(file: CardFile): void;
  /** Response data bytes at most (EF.ATR/INFO). */
  readonly responseLimit: number;
}

/** A card as its layout describes it. */
export interface CardDescription {
  readonly atr: Uint8Array;
  readonly mf: DedicatedFile;
  readonly pins: readonly ReferenceData[];
  readonly environment: EnvironmentRules;
  /** Handlers by INS. What is not here answers 6D00. */
  readonly commands: ReadonlyMap<number, CommandHandler>;
  /** Extended Lc and Le are understood; else they answer 6700. */
  readonly extendedLength: boolean;
  /** Command and response data bytes at most. */
  readonly dataLimit: number;
  /**
   * T=0 manners: response data of a command with data always waits for GET RESPONSE, and a wrong Le is
   * answered with 6Cxx. Otherwise data comes at once, and 61xx only tells what did not fit or was not asked for.
   */
  readonly transport?: 'T=0' | 'T=1';
}

const getResponse = 0xc0;
const readBinary = 0xb0;
const chainingBit = 0x10;

/** A card that executes command APDUs according to its description. */
export class CardKernel implements SimulatedCard {
  readonly atr: Uint8Array;
  readonly #description: CardDescription;
  readonly #state: CardState;
  readonly #statistics = new CommandStatistics();
  #pending: Uint8Array | undefined;
  #chain: { readonly header: readonly number[]; data: Uint8Array } | undefined;

  constructor(description: CardDescription) {
    this.atr = description.atr;
    this.#description = description;
    const selection = new Selection(description.mf);
    this.#state = {
      selection,
      pins: description.pins,
      environment: new SecurityEnvironment(description.environment),
      enter: (file) => this.#enter(file),
      responseLimit: description.dataLimit,
    };
  }

  reset(): void {
    this.#state.selection.reset();
    this.#state.environment.reset();
    for (const pin of this.#description.pins) pin.verified = false;
    this.#pending = undefined;
    this.#dropChain();
  }

  /** What the card was asked so far. */
  get commandLog(): CommandLog {
    return this.#statistics.snapshot(this.#description.pins.reduce((sum, pin) => sum + pin.spent, 0));
  }

  transmit(bytes: Uint8Array): Uint8Array {
    this.#statistics.received(bytes);
    let reply: Reply;
    try {
      reply = this.#receive(bytes);
    } catch (thrown) {
      reply = answer(undefined, thrown instanceof Refusal ? thrown.sw : Sw.internal);
    }
    return concatBytes(reply.data, Uint8Array.of(reply.sw >> 8, reply.sw & 0xff));
  }

  #receive(bytes: Uint8Array): Reply {
    const command = parseCommandApdu(bytes);
    const { extendedLength, dataLimit } = this.#description;
    if (!command || (command.extended && !extendedLength) || command.data.length > dataLimit) {
      this.#dropChain();
      return refuse(Sw.wrongLength);
    }
    this.#checkClass(command.cla);
    const waiting = this.#pending;
    this.#pending = undefined;
    if (command.ins === getResponse) return this.#continueResponse(command, waiting);
    const whole = this.#join(command);
    if (!whole) return answer();
    try {
      const handler = this.#description.commands.get(whole.ins) ?? refuse(Sw.unknownInstruction);
      this.#statistics.executing(whole);
      return this.#fit(handler(whole, this.#state), whole);
    } finally {
      // A chain may have carried a PIN.
      if (whole !== command) whole.data.fill(0);
    }
  }

  /** First interindustry class, basic channel, no secure messaging; chaining allowed (ISO 7816-4 table 2). */
  #checkClass(cla: number): void {
    if ((cla & 0xe0) !== 0) refuse(Sw.unknownClass);
    if ((cla & 0x0c) !== 0) refuse(Sw.secureMessagingUnsupported);
    if ((cla & 0x03) !== 0) refuse(Sw.channelUnsupported);
  }

  /** Command chaining (ISO 7816-4 clause 5.3.3): undefined while more is to come. */
  #join(command: CommandApdu): CommandApdu | undefined {
    const header = [command.ins, command.p1, command.p2];
    const chain = this.#chain;
    if (chain && !chain.header.every((byte, index) => byte === header[index])) {
      this.#dropChain();
      refuse(Sw.lastOfChainExpected);
    }
    const data = chain ? concatBytes(chain.data, command.data) : command.data;
    if (data.length > this.#description.dataLimit) {
      this.#dropChain();
      refuse(Sw.wrongLength);
    }
    if ((command.cla & chainingBit) === 0) {
      if (!chain) return command;
      this.#dropChain();
      return { ...command, data };
    }
    if (!this.#description.commands.has(command.ins)) refuse(Sw.unknownInstruction);
    chain?.data.fill(0);
    this.#chain = { header, data: Uint8Array.from(data) };
    return undefined;
  }

  #dropChain(): void {
    this.#chain?.data.fill(0);
    this.#chain = undefined;
  }

  /** GET RESPONSE: the data that waits, from its beginning. */
  #continueResponse(command: CommandApdu, waiting: Uint8Array | undefined): Reply {
    if (command.p1 !== 0 || command.p2 !== 0) refuse(Sw.wrongParameters);
    if (!waiting) return refuse(Sw.conditions);
    if (command.data.length > 0 || command.ne === 0) refuse(Sw.wrongLength);
    if (this.#description.transport === 'T=0' && command.ne > waiting.length) {
      this.#pending = waiting;
      return answer(undefined, 0x6c00 | (waiting.length & 0xff));
    }
    return this.#firstPart(answer(waiting), command.ne);
  }

  /** Makes the reply fit what Le allows. */
  #fit(reply: Reply, command: CommandApdu): Reply {
    if (reply.data.length === 0) return reply;
    if (this.#description.transport === 'T=0') {
      if (command.data.length > 0) return this.#hold(reply.data);
      const short = command.ne > reply.data.length;
      const wrong = command.ins === readBinary ? short : command.ne !== reply.data.length;
      if (wrong && reply.data.length <= 256) return answer(undefined, 0x6c00 | (reply.data.length & 0xff));
    }
    return command.ne === 0 ? this.#hold(reply.data) : this.#firstPart(reply, command.ne);
  }

  #hold(data: Uint8Array): Reply {
    this.#pending = data;
    return answer(undefined, stillAvailable(data.length));
  }

  #firstPart(reply: Reply, ne: number): Reply {
    if (reply.data.length <= ne) return reply;
    this.#pending = reply.data.subarray(ne);
    return answer(reply.data.subarray(0, ne), stillAvailable(this.#pending.length));
  }

  #enter(file: CardFile): void {
    const { selection } = this.#state;
    selection.enter(file);
    for (const pin of this.#description.pins) {
      if (!pin.df || selection.isWithin(pin.df)) continue;
      if (!pin.survivesAbove || !selection.isAbove(pin.df)) pin.verified = false;
    }
  }
}

/** 61xx; 6100 means 256 bytes or more. */
const stillAvailable = (length: number): number => 0x6100 | (length >= 256 ? 0 : length);
