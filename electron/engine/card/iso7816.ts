import type { FailureCode } from '../../contract/failures/catalogue.ts';
import { asFailure, Failure, isFailure } from '../../contract/failures/failure.ts';
import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import {
  type CommandApdu,
  encodeCommand,
  maxExtendedData,
  maxShortData,
  maxShortExpected,
  parseResponse,
  type ResponseApdu,
} from './apdu.ts';
import { type Atr, type CardCapabilities, parseAtr } from './atr.ts';
import { type ReadBinaryOptions, readCurrentFile } from './binary-reading.ts';
import type { CardChannel } from './channel.ts';
import { type FileControlInformation, parseFileControlInformation } from './file-control.ts';
import { type PinResult, pinResult, refusedByCard, StatusWord } from './status-word.ts';

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

/** The outcome of a SELECT. */
export interface Selection {
  readonly sw: number;
  /** 9000, or one of the 62 warnings (6283: file deactivated), with which the file is selected all the same. */
  readonly selected: boolean;
  readonly file: FileControlInformation;
}

/** P1 of SELECT (ISO 7816-4, 11.2.2, table 62). */
export const SelectBy = {
  fileIdentifier: 0x00,
  childDf: 0x01,
  childEf: 0x02,
  parentDf: 0x03,
  name: 0x04,
  pathFromMf: 0x08,
  pathFromCurrentDf: 0x09,
} as const;

/** P2 of SELECT: which control information comes back. */
export const SelectReturn = { fci: 0x00, fcp: 0x04, fmd: 0x08, nothing: 0x0c } as const;

/** How SELECT is coded. */
export interface SelectOptions {
  readonly p1?: number;
  /** Default 00 (return FCI); 0C asks for no data. */
  readonly p2?: number;
}

/** Failures of a channel after which the command cannot have reached the card. */
const notSent: readonly FailureCode[] = ['reader-busy', 'reader-held', 'card-absent', 'card-changed'];

/**
 * ISO 7816-4/-8/-9 commands on a card channel.
 *
 * `send` looks after GET RESPONSE (61xx), wrong Le (6Cxx) and long data. Commands that carry a secret go another way:
 * one APDU, sent exactly once, its buffer zeroed, no repetition whatever the card answers.
 * All methods reject with a `Failure`: those of the channel, `card-malformed` for answers that break the rules.
 * A status word is not a failure here: the caller knows what it asked; `expectSuccess` turns it into one.
 */
export class Iso7816 {
  readonly channel: CardChannel;
  /** The decoded ATR; undefined when it does not add up. */
  readonly atr: Atr | undefined;
  #capabilities: CardCapabilities | undefined;
  #extendedReading: boolean;
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
    this.#extendedReading = this.#capabilities?.extendedLength ?? false;
    void channel.gone.then((reason) => {
      this.#gone = reason;
    });
  }

  /** What the card said it can do, by ATR or by `adoptCapabilities`. */
  get capabilities(): CardCapabilities | undefined {
    return this.#capabilities;
  }

  /** Takes over card capabilities found elsewhere (EF.ATR/INFO, a profile). */
  adoptCapabilities(capabilities: CardCapabilities): void {
    this.#capabilities = capabilities;
    this.#extendedReading = capabilities.extendedLength;
  }

  /** Whether long answers may be asked for with one extended Le. */
  get extendedReading(): boolean {
    return this.#extendedReading;
  }

  /** After the card or the reader refused an extended Le: short ones from now on. */
  giveUpExtendedReading(): void {
    this.#extendedReading = false;
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
      const link = await this.#exchange(
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
    let response = await this.#exchange(encodeCommand(command));
    if (response.sw >> 8 === 0x6c && command.le !== undefined) {
      response = await this.#exchange(
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
      response = await this.#exchange(
        encodeCommand({ ...getResponse, le: response.sw & 0xff || maxShortExpected }),
      );
      if (response.sw >> 8 === 0x6c && !corrected) {
        corrected = true;
        response = await this.#exchange(
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

  async #exchange(command: Uint8Array): Promise<ResponseApdu> {
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

  /** SELECT by DF name (P1 = 04): an application identifier of 5 to 16 bytes or the beginning of one. */
  async selectByName(aid: Uint8Array, options: Pick<SelectOptions, 'p2'> = {}): Promise<Selection> {
    return this.selectFile(aid, { p1: SelectBy.name, ...options });
  }

  /**
   * SELECT. P1 as given (`SelectBy`); without it: by file identifier (00) for two bytes, by path from the MF (08) for
   * a longer path, a leading 3F00 being left out as the standard wants it.
   */
  async selectFile(path: Uint8Array, options: SelectOptions = {}): Promise<Selection> {
    const p1 = options.p1 ?? (path.length > 2 ? SelectBy.pathFromMf : SelectBy.fileIdentifier);
    const p2 = options.p2 ?? SelectReturn.fci;
    const fromMf = p1 === SelectBy.pathFromMf && path.length > 2 && path[0] === 0x3f && path[1] === 0x00;
    const data = fromMf ? path.subarray(2) : path;
    const response = await this.send({
      cla: 0x00,
      ins: 0xa4,
      p1,
      p2,
      data,
      le: (p2 & 0x0c) === SelectReturn.nothing ? undefined : maxShortExpected,
    });
    const selected = response.sw === StatusWord.success || response.sw >> 8 === 0x62;
    return {
      sw: response.sw,
      selected,
      file: parseFileControlInformation(selected ? response.data : new Uint8Array(0)),
    };
  }

  /**
   * READ BINARY over the current transparent file, with as few commands as the card allows.
   * @throws Failure `card-refused` when the first read is refused, `card-malformed` when the file has no end
   *   (more than 64 KiB, or more commands than such a file can need).
   */
  readBinary(options: ReadBinaryOptions = {}): Promise<Uint8Array> {
    return readCurrentFile(this, options);
  }

  /**
   * SELECT, then READ BINARY with the size that the file control information gave.
   * @throws Failure `card-refused` when SELECT or the first read is refused.
   */
  async readFile(path: Uint8Array, options: SelectOptions & ReadBinaryOptions = {}): Promise<Uint8Array> {
    const selection = await this.selectFile(path, options);
    if (!selection.selected) throw refusedByCard(selection.sw, 'SELECT');
    return this.readBinary({ ...options, size: options.size ?? selection.file.size });
  }

  /** READ RECORD by number (P2 = 04) in the current file. */
  readRecord(number: number): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0xb2, p1: number, p2: 0x04, le: maxShortExpected });
  }

  /**
   * GET DATA. Even instruction (CA) for a tag in P1-P2; odd instruction (CB) when `data` carries a tag list or an
   * extended header list, P1-P2 then being a file identifier (3FFF: current DF).
   */
  getData(p1p2: number, data?: Uint8Array): Promise<ResponseApdu> {
    return this.send({
      cla: 0x00,
      ins: data ? 0xcb : 0xca,
      p1: (p1p2 >> 8) & 0xff,
      p2: p1p2 & 0xff,
      data,
      le: maxShortExpected,
    });
  }

  /**
   * VERIFY with an empty data field: asks for the state of a PIN. On some cards this costs a try, so it is only sent
   * where the card's own data or a profile says that it is free.
   */
  async pinStatus(reference: number): Promise<PinResult> {
    const response = await this.#exchange(encodeCommand({ cla: 0x00, ins: 0x20, p1: 0x00, p2: reference }));
    return pinResult(response.sw);
  }

  /**
   * VERIFY. Costs at most one try: one APDU, sent once.
   * @param padding how the card wants the PIN filled up; without it the PIN goes as typed.
   * @throws Failure `pin-outcome-unknown` when the channel failed while the card may have had the command; `pin-length`
   *   (nothing sent) when the PIN is longer than the card stores; otherwise those of the channel (nothing sent).
   */
  verify(reference: number, pin: SecretBytes, padding?: PinPadding): Promise<PinResult> {
    return this.#sendSecrets(0x20, 0x00, reference, [pin], padding);
  }

  /** CHANGE REFERENCE DATA with the old and the new secret (P1 = 00). Costs at most one try. Failures as `verify`. */
  changeReferenceData(
    reference: number,
    oldPin: SecretBytes,
    newPin: SecretBytes,
    padding?: PinPadding,
  ): Promise<PinResult> {
    return this.#sendSecrets(0x24, 0x00, reference, [oldPin, newPin], padding);
  }

  /**
   * RESET RETRY COUNTER with the unblocking secret and the new PIN (P1 = 00). Costs at most one try of the PUK.
   * Without `newPin` only the counter is reset (P1 = 01). Failures as `verify`.
   */
  resetRetryCounter(
    reference: number,
    puk: SecretBytes,
    newPin: SecretBytes | undefined,
    padding?: PinPadding,
    pukPadding: PinPadding | undefined = padding,
  ): Promise<PinResult> {
    return newPin
      ? this.#sendSecrets(0x2c, 0x00, reference, [puk, newPin], padding, pukPadding)
      : this.#sendSecrets(0x2c, 0x01, reference, [puk], pukPadding);
  }

  /**
   * RESET RETRY COUNTER with the new PIN alone (P1 = 02), for cards on which the PUK was verified by a VERIFY of its
   * own just before. Costs no try. Failures as `verify`.
   */
  setPinAfterUnblocking(reference: number, newPin: SecretBytes, padding?: PinPadding): Promise<PinResult> {
    return this.#sendSecrets(0x2c, 0x02, reference, [newPin], padding);
  }

  async #sendSecrets(
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

  /** MANAGE SECURITY ENVIRONMENT, e.g. P1 = 41 (SET), P2 = B6 (signature template), A4 (authentication). */
  manageSecurityEnvironment(p1: number, p2: number, data: Uint8Array): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0x22, p1, p2, data });
  }

  /** MANAGE SECURITY ENVIRONMENT: RESTORE (P1 = F3) of the environment with this number. */
  restoreSecurityEnvironment(number: number): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0x22, p1: 0xf3, p2: number });
  }

  /**
   * PERFORM SECURITY OPERATION: HASH (ISO 7816-8, 5.4; P1-P2 = 90A0): hands over a digest made outside.
   * @param data the template, e.g. `90 len digest`.
   */
  hash(data: Uint8Array): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0x2a, p1: 0x90, p2: 0xa0, data });
  }

  /**
   * PERFORM SECURITY OPERATION: COMPUTE DIGITAL SIGNATURE (ISO 7816-8; P1-P2 = 9E9A).
   * @param data digest, DigestInfo or padded block as the key wants it; empty after PSO: HASH.
   * @param expected length of the signature if it is more than 256 bytes.
   */
  computeDigitalSignature(data: Uint8Array, expected: number = maxShortExpected): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0x2a, p1: 0x9e, p2: 0x9a, data, le: expected });
  }

  /** INTERNAL AUTHENTICATE (P1-P2 = 0000). */
  internalAuthenticate(data: Uint8Array, expected: number = maxShortExpected): Promise<ResponseApdu> {
    return this.send({ cla: 0x00, ins: 0x88, p1: 0x00, p2: 0x00, data, le: expected });
  }

  /**
   * VERIFY with P1 = FF (ISO 7816-4, 11.5.6): the card forgets that this PIN was verified. Without a reference the
   * proprietary `00 2E 00 00`, which several PKCS#15 applets use for all PINs. Carries no secret, costs no try.
   */
  logout(reference?: number): Promise<ResponseApdu> {
    return reference === undefined
      ? this.send({ cla: 0x00, ins: 0x2e, p1: 0x00, p2: 0x00 })
      : this.send({ cla: 0x00, ins: 0x20, p1: 0xff, p2: reference });
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

/** What a failed exchange means when it carried a secret. */
function secretFailure(error: unknown): Failure {
  if (isFailure(error, ...notSent)) return error;
  const failure = asFailure(error);
  return new Failure('pin-outcome-unknown', {
    parameters: { reason: failure.code },
    detail: failure.message,
    cause: failure,
  });
}
