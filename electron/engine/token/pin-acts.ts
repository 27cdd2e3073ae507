import { Failure, isFailure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import type { CardChannel } from '../card/channel.ts';
import type { Iso7816 } from '../card/iso7816.ts';
import type { Step } from '../card/profiles/step.ts';
import {
  PinNotAccepted,
  type SecretEntry,
  type StepContext,
  type StepOutcome,
  StepRunner,
  type StepSigning,
} from '../card/profiles/step-runner.ts';
import { CardSession } from './card-session.ts';
import type { PinOptions, PinTries } from './identity-token.ts';
import { codedPin } from './pin-coding.ts';
import { refusal } from './pin-failures.ts';
import type { ModelPin, TokenModel } from './token-model.ts';

/** What is typed at the reader: only whose place a new PIN takes is known here. */
export interface EntryAtReader {
  readonly entry: SecretEntry;
  readonly replaces?: ModelPin;
}

/** The secrets of one act. They stay the caller's: nothing here keeps or destroys them. */
export interface PresentedSecrets {
  /** The PIN or PUK whose try is at stake. */
  readonly current: SecretBytes;
  /** The PIN that shall hold from now on, and whose place it takes. */
  readonly replacement?: SecretBytes;
  readonly replaces?: ModelPin;
}

/** Failures after which the card is still there and listens. */
const answered = ['card-refused', 'card-malformed'] as const;

/**
 * Everything that brings a PIN to the card. Each act is one transaction:
 *
 * 1. the counter is read, where reading is free; with one try left, and no word from the user that this is
 *    known, the act ends here, before the PIN is sent;
 * 2. the program runs. It holds one command with the secret, which is sent once, whatever comes;
 * 3. the card forgets the verified PIN, so that no other program can use it afterwards: by the card's own
 *    log-out where a profile names one, which disturbs nobody; else the transaction ends with a reset, which
 *    other programs notice. If log-out fails the channel is closed with a reset.
 */
export class PinActs {
  readonly #session: CardSession;
  readonly #runner: StepRunner;
  readonly #model: TokenModel;
  /** Tries that the card told when it refused a PIN, for cards whose counter cannot be read for nothing. */
  readonly #told = new Map<string, number>();
  /** PINs that were transport PINs when the card was read, and have been replaced since. */
  readonly #replaced = new Set<string>();
  #stillVerified = false;

  constructor(channel: CardChannel, card: Iso7816, model: TokenModel) {
    this.#session = new CardSession(channel);
    this.#model = model;
    this.#runner = new StepRunner(card, new Map(model.pins.map((pin) => [pin.id, pin.address])));
  }

  /** Whether a PIN has to be changed before anything else. */
  isTransport(pin: ModelPin): boolean {
    return pin.changeFirst && !this.#replaced.has(pin.id);
  }

  /** The tries of PINs, by their ids, as far as they are known for nothing. */
  tries(pins: readonly ModelPin[]): Promise<ReadonlyMap<string, PinTries>> {
    return this.#session.run(async () => {
      this.#runner.forgetSelection();
      const known = new Map<string, PinTries>();
      for (const pin of pins) known.set(pin.id, await this.#tries(pin));
      return known;
    });
  }

  /**
   * Presents a PIN or PUK and carries out what it is for.
   * @param steps A program with one command that carries the secret.
   * @returns the data of the last step
   */
  async present(
    pin: ModelPin,
    steps: readonly Step[],
    secrets: PresentedSecrets | EntryAtReader,
    options: PinOptions,
    signing?: StepSigning,
  ): Promise<Uint8Array> {
    const context = signing ? { signing } : {};
    if ('entry' in secrets) {
      const entry = { by: secrets.entry, current: pin.id };
      return this.#act(pin, steps, { ...context, entry }, secrets.replaces, options);
    }
    const current = coded(pin, secrets.current);
    const replacement =
      secrets.replacement && secrets.replaces && coded(secrets.replaces, secrets.replacement);
    const typed = { current: new Map([[pin.id, current]]), ...(replacement && { replacement }) };
    try {
      return await this.#act(pin, steps, { ...context, secrets: typed }, secrets.replaces, options);
    } finally {
      if (current !== secrets.current) current.destroy();
      if (replacement !== secrets.replacement) replacement?.destroy();
    }
  }

  async #act(
    pin: ModelPin,
    steps: readonly Step[],
    context: StepContext,
    replaces: ModelPin | undefined,
    options: PinOptions,
  ): Promise<Uint8Array> {
    try {
      const { data } = await this.#session.run(
        async () => {
          this.#runner.forgetSelection();
          this.#runner.forgetAccepted();
          if (!options.acknowledgeLastTry) await this.#refuseLastTry(pin);
          return this.#attempt(pin, steps, context);
        },
        this.#model.logout ? 'leave' : 'reset',
      );
      if (replaces) this.#renewed(replaces);
      return data;
    } finally {
      if (this.#stillVerified) await this.#session.abandon();
    }
  }

  /** Runs a program that needs no PIN. */
  withoutPin(steps: readonly Step[], context: StepContext): Promise<Uint8Array> {
    return this.#session.run(async () => {
      this.#runner.forgetSelection();
      return (await this.#runner.run(steps, context)).data;
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #attempt(pin: ModelPin, steps: readonly Step[], context: StepContext): Promise<StepOutcome> {
    try {
      const outcome = await this.#runner.run(steps, context);
      await this.#forgetVerification();
      return outcome;
    } catch (error) {
      if (error instanceof PinNotAccepted) {
        const { triesLeft } = error.result;
        if (triesLeft !== undefined && !this.#runner.pinAccepted) this.#told.set(pin.id, triesLeft);
        await this.#forgetVerification();
        throw refusal(error, pin, this.#runner.pinAccepted);
      }
      if (isFailure(error, ...answered)) await this.#forgetVerification();
      else this.#stillVerified = this.#runner.pinAccepted;
      throw error;
    } finally {
      if (this.#runner.pinAccepted) this.#told.delete(pin.id);
    }
  }

  async #forgetVerification(): Promise<void> {
    const { logout } = this.#model;
    if (!this.#runner.pinAccepted || !logout) return;
    // A SELECT that only repeats what is selected already is the log-out of some cards: it must not be left out.
    this.#runner.forgetSelection();
    try {
      await this.#runner.run(logout);
    } catch {
      // What the PIN was for is done. The channel is closed with a reset instead.
      this.#stillVerified = true;
    }
  }

  async #refuseLastTry(pin: ModelPin): Promise<void> {
    const tries = await this.#tries(pin);
    const isPuk = pin.name === 'PUK';
    const parameters = { pin: pin.name ?? pin.label };
    // Only where the card says so now: what an earlier refusal told may be out of date, and asking costs nothing.
    if (tries === 'blocked' && pin.tries) {
      throw new Failure(isPuk ? 'puk-blocked' : 'pin-blocked', { parameters, triesLeft: 0 });
    }
    if (tries === 1 || tries === 'last') throw new Failure('pin-last-try', { parameters, triesLeft: 1 });
  }

  async #tries(pin: ModelPin): Promise<PinTries> {
    if (!pin.tries) return this.#toldTries(pin);
    try {
      const { data, status } = await this.#runner.run(pin.tries);
      const left = status ? status.triesLeft : data.length === 1 ? data[0] : undefined;
      if (status?.verdict === 'blocked' || left === 0) return 'blocked';
      // 9000 to an empty VERIFY: another program has it verified, so the counter is full, but not told.
      return left ?? 'unknown';
    } catch (error) {
      // A counter that cannot be read is no reason not to use the card.
      if (isFailure(error, ...answered)) return this.#toldTries(pin);
      throw error;
    }
  }

  /** What earlier refusals told. Another program may have changed it since, so it is no number any more. */
  #toldTries(pin: ModelPin): PinTries {
    const left = this.#told.get(pin.id);
    if (left === undefined) return 'unknown';
    return left === 0 ? 'blocked' : left === 1 ? 'last' : 'low';
  }

  #renewed(pin: ModelPin): void {
    this.#replaced.add(pin.id);
    this.#told.delete(pin.id);
  }
}

function coded({ coding, address }: ModelPin, code: SecretBytes): SecretBytes {
  return codedPin(coding, code, address.padding?.padByte);
}
