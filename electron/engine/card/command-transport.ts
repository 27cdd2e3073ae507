import type { FailureCode } from '../../contract/failures/catalogue.ts';
import { asFailure, Failure, isFailure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import {
  type CommandApdu,
  encodeCommand,
  maxExtendedData,
  maxExtendedExpected,
  maxShortData,
  maxShortExpected,
  parseResponse,
  type ResponseApdu,
} from './apdu.ts';
import { type Atr, type CardCapabilities, parseAtr } from './atr.ts';
import type { CardChannel } from './channel.ts';
import { type PinResult, pinResult, StatusWord } from './status-word.ts';

/** GET RESPONSE commands for one answer, at most. */
const maxResponseRounds = 256;
/** Bytes of one answer put together from GET RESPONSE, at most. */
const maxResponseBytes = 65_536;

/** How a PIN is laid out in the command data field. */
export interface PinPadding {
  /** Bytes that the card stores; the PIN is filled up to this length. */
  readonly storedLength: number;
  /** The filling byte, often 0xFF or 0x00. */
  readonly padByte: number;
}

/** Failures of a channel after which the command cannot have reached the card. */
const notSent: readonly FailureCode[] = ['reader-busy', 'reader-held', 'card-absent', 'card-changed'];

/**
 * How command APDUs travel to a card and answers come back; which commands there are says `Iso7816`.
 *
 * `send` looks after GET RESPONSE (61xx), wrong Le (6Cxx) and long data. Commands that carry a secret go another way:
 * one APDU, sent exactly once, its buffer zeroed, no repetition whatever the card answers.
 * All methods reject with a `Failure`: those of the channel, `card-malformed` for answers that break the rules.
 * A status word is not a failure here: the caller knows what it asked; `expectSuccess` turns it into one.
 */
export class CommandTransport {
  readonly channel: CardChannel;
  /** The decoded ATR; undefined when it does not add up. */
  readonly atr: Atr | undefined;
  #capabilities: CardCapabilities | undefined;
  #extendedResponse: number;
  #exchanges = 0;
  #exchangeLimit = Number.POSITIVE_INFINITY;
  #gone: 'removed' | 'reader-removed' | 'service-stopped' | 'closed' | undefined;

  constructor(channel: CardChannel) {
    this.channel = channel;
    try {
      this.atr = parseAtr(channel.atr);
    } catch {
      this.atr = undefined;
    }
    this.#capabilities = this.atr?.capabilities;
    this.#extendedResponse = this.#capabilities?.extendedLength ? maxExtendedExpected : 0;
    void channel.gone.then((reason) => {
      this.#gone = reason;
    });
  }

  /** What the card said it can do, by ATR or by `adoptCapabilities`. */
  get capabilities(): CardCapabilities | undefined {
    return this.#capabilities;
  }

  /**
   * Takes over card capabilities found elsewhere (EF.ATR/INFO, a profile).
   * @param maxResponseData longest response data field in bytes, when the card says it.
   */
  adoptCapabilities(capabilities: CardCapabilities, maxResponseData: number = maxExtendedExpected): void {
    this.#capabilities = capabilities;
    this.#extendedResponse = capabilities.extendedLength ? Math.min(maxResponseData, maxExtendedExpected) : 0;
  }

  /** How many bytes may be asked for with one extended Le; 0 when only short ones are to be used. */
  get extendedResponse(): number {
    return this.#extendedResponse;
  }

  /** After the card or the reader refused an extended Le: short ones from now on. */
  giveUpExtendedReading(): void {
    this.#extendedResponse = 0;
  }

  /** APDUs handed to the channel so far. */
  get exchanges(): number {
    return this.#exchanges;
  }

  /**
   * Runs `work` with at most `limit` APDUs, however the card answers.
   * @throws Failure `card-malformed` when `work` would need more.
   */
  async within<T>(limit: number, work: () => Promise<T>): Promise<T> {
    const outer = this.#exchangeLimit;
    this.#exchangeLimit = Math.min(outer, this.#exchanges + limit);
    try {
      return await work();
    } finally {
      this.#exchangeLimit = outer;
    }
  }

  /**
   * Sends a command without secrets and returns the whole answer.
   *
   * 61xx is followed by GET RESPONSE (at most 256 rounds, 64 KiB), 6Cxx by one repetition with the right Le. Data of
   * more than 255 bytes is chained when the card says it can, else sent in extended form when the card says so, else
   * chained all the same. An Le above 256 is cut to 256 for a card that does not claim extended length.
   */
  async send(command: CommandApdu): Promise<ResponseApdu> {
    const capabilities = this.#capabilities;
    const le =
      command.le !== undefined && command.le > maxShortExpected && !capabilities?.extendedLength
        ? maxShortExpected
        : command.le;
    const data = command.data ?? new Uint8Array(0);
    const chained =
      data.length > maxShortData &&
      (capabilities?.commandChaining || !capabilities?.extendedLength || data.length > maxExtendedData);
    if (!chained) return this.#complete({ ...command, le });
    const lastStart = Math.floor((data.length - 1) / maxShortData) * maxShortData;
    for (let at = 0; at < lastStart; at += maxShortData) {
      const link = await this.exchange(
        encodeCommand({
          cla: command.cla | 0x10,
          ins: command.ins,
          p1: command.p1,
          p2: command.p2,
          data: data.subarray(at, at + maxShortData),
        }),
      );
      if (link.sw !== StatusWord.success) return link;
    }
    return this.#complete({ ...command, data: data.subarray(lastStart), le });
  }

  async #complete(command: CommandApdu): Promise<ResponseApdu> {
    let response = await this.exchange(encodeCommand(command));
    if (response.sw >> 8 === 0x6c && command.le !== undefined) {
      response = await this.exchange(
        encodeCommand({ ...command, le: response.sw & 0xff || maxShortExpected }),
      );
    }
    if (response.sw >> 8 !== 0x61) return response;
    const parts = [response.data];
    let length = response.data.length;
    let corrected = false;
    for (let round = 0; response.sw >> 8 === 0x61; round++) {
      if (round === maxResponseRounds) {
        throw new Failure('card-malformed', { detail: `more than ${maxResponseRounds} GET RESPONSE` });
      }
      // GET RESPONSE keeps the logical channel of the command (low bits of CLA), nothing else.
      const getResponse = { cla: command.cla & 0x03, ins: 0xc0, p1: 0, p2: 0 };
      response = await this.exchange(
        encodeCommand({ ...getResponse, le: response.sw & 0xff || maxShortExpected }),
      );
      if (response.sw >> 8 === 0x6c && !corrected) {
        corrected = true;
        response = await this.exchange(
          encodeCommand({ ...getResponse, le: response.sw & 0xff || maxShortExpected }),
        );
      }
      parts.push(response.data);
      length += response.data.length;
      if (length > maxResponseBytes) {
        throw new Failure('card-malformed', { detail: `an answer of more than ${maxResponseBytes} bytes` });
      }
    }
    return { data: new Uint8Array(Buffer.concat(parts)), sw: response.sw };
  }

  /** One APDU there and back, as it is. */
  protected async exchange(command: Uint8Array): Promise<ResponseApdu> {
    this.#count();
    let answer: Uint8Array;
    try {
      answer = await this.channel.transmit(command);
    } catch (error) {
      throw asFailure(error);
    }
    return parseResponse(answer);
  }

  #count(): void {
    if (this.#exchanges >= this.#exchangeLimit) {
      throw new Failure('card-malformed', { detail: 'the card makes the task longer than it may be' });
    }
    this.#exchanges++;
  }

  /**
   * Sends a command whose data field is secrets, one after the other, each filled up as the card wants it: exactly one
   * APDU, its buffer zeroed afterwards, nothing sent again whatever happens.
   * @param firstPadding of the first secret, when it differs (a PUK before a new PIN).
   * @throws Failure `pin-outcome-unknown`, `pin-length`, those of the channel: see `Iso7816.verify`.
   */
  protected async sendSecrets(
    ins: number,
    p1: number,
    reference: number,
    secrets: readonly SecretBytes[],
    padding: PinPadding | undefined,
    firstPadding: PinPadding | undefined = padding,
  ): Promise<PinResult> {
    const paddings = secrets.map((_, index) => (index === 0 ? firstPadding : padding));
    const lengths = secrets.map((secret, index) => fieldLength(secret, paddings[index]));
    const lc = lengths.reduce((sum, length) => sum + length, 0);
    if (lc > maxShortData)
      throw new Failure('pin-length', { detail: `${lc} bytes of secrets in one command` });
    this.#refuseWhenGone();
    this.#count();
    const apdu = new Uint8Array(5 + lc);
    try {
      apdu.set([0x00, ins, p1, reference, lc]);
      let at = 5;
      secrets.forEach((secret, index) => {
        const end = at + (lengths[index] as number);
        apdu.fill(paddings[index]?.padByte ?? 0, at, end);
        apdu.set(secret.expose(), at);
        at = end;
      });
      return pinResult(parseResponse(await this.channel.transmit(apdu)).sw);
    } catch (error) {
      throw secretFailure(error);
    } finally {
      apdu.fill(0);
    }
  }

  /** A card known to be gone gets no secret: that failure is certain, no try can have been spent. */
  #refuseWhenGone(): void {
    if (this.#gone === 'removed') throw new Failure('card-removed');
    if (this.#gone === 'reader-removed') throw new Failure('reader-removed');
    if (this.#gone === 'service-stopped') throw new Failure('service-stopped');
  }
}

function fieldLength(secret: SecretBytes, padding: PinPadding | undefined): number {
  if (secret.length === 0) throw new Failure('pin-length', { detail: 'an empty secret' });
  if (!padding) return secret.length;
  if (secret.length > padding.storedLength) {
    throw new Failure('pin-length', {
      detail: `secret longer than the ${padding.storedLength} bytes stored`,
    });
  }
  return padding.storedLength;
}

/** What a failed exchange means when it carried a secret: a try may have been spent, unless it cannot have got there. */
export function secretFailure(error: unknown): Failure {
  if (isFailure(error, ...notSent)) return error;
  const failure = asFailure(error);
  return new Failure('pin-outcome-unknown', {
    parameters: { reason: failure.code },
    detail: failure.message,
    cause: failure,
  });
}
