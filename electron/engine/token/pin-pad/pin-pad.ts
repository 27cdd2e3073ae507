import { Failure } from '../../../contract/failures/failure.ts';
import type { CardChannel } from '../../card/channel.ts';
import { secretFailure } from '../../card/command-transport.ts';
import { type PinResult, pinPadEvent, pinResult } from '../../card/status-word.ts';
import {
  featureRequestCode,
  type PadProperties,
  PinFeature,
  parseFeatureList,
  parsePinProperties,
  parseTlvProperties,
} from './features.ts';
import { type EntryRules, type PinLayout, pinModifyStructure, pinVerifyStructure } from './structures.ts';

/**
 * Whether the keypad that a reader claims is really there and works: known from its name and USB device, since the
 * reader itself is what lies.
 */
export type TrustPinPad = (
  readerName: string,
  usb: { readonly vendor: number; readonly product: number } | undefined,
) => boolean;

const nothing = new Uint8Array(0);

/** A status word that says that the structure itself was refused: nothing was typed, nothing sent. */
const structureRefused = 0x6b80;

/** Which secret a failure speaks of. */
export interface EntryName {
  readonly pin: string;
  readonly length: { readonly min: number; readonly max: number };
}

/**
 * A reader with keys of its own (PC/SC part 10). The person types there, the reader puts the digits into the command
 * and sends it: no byte of a PIN comes through here, and one call is one command to the card at most.
 *
 * The person types while the transaction lasts: nothing but the reader can put the PIN into the command, and VERIFY
 * must share its transaction with what it is for. The reader's own time limit ends that.
 */
export class PinPad {
  readonly properties: PadProperties;
  readonly #channel: CardChannel;
  readonly #verifyCode: number | undefined;
  readonly #modifyCode: number | undefined;
  #gone: Awaited<CardChannel['gone']> | undefined;
  #refused = false;

  private constructor(channel: CardChannel, codes: ReadonlyMap<number, number>, properties: PadProperties) {
    this.#channel = channel;
    this.properties = properties;
    this.#verifyCode = codes.get(PinFeature.verifyPinDirect);
    this.#modifyCode = codes.get(PinFeature.modifyPinDirect);
    void channel.gone.then((reason) => {
      this.#gone = reason;
    });
  }

  /**
   * The keypad of the reader behind a channel, or undefined when it has none, says so wrongly, or cannot be asked.
   * Sends nothing to the card. Never fails: without a keypad the PIN is typed here.
   */
  static async find(channel: CardChannel, trusted: TrustPinPad): Promise<PinPad | undefined> {
    try {
      const codes = parseFeatureList(await channel.control(featureRequestCode(), nothing));
      if (!codes.has(PinFeature.verifyPinDirect)) return undefined;
      const properties = await readProperties(channel, codes);
      return trusted(channel.readerName, properties.usb) ? new PinPad(channel, codes, properties) : undefined;
    } catch (thrown) {
      if (thrown instanceof Failure) return undefined;
      throw thrown;
    }
  }

  get canVerify(): boolean {
    return this.#verifyCode !== undefined && !this.#refused;
  }

  get canModify(): boolean {
    return this.#modifyCode !== undefined && !this.#refused;
  }

  /** How entries of these lengths are asked for; undefined when the keys do not reach so far. */
  rules({ min, max }: EntryName['length']): EntryRules | undefined {
    const { minDigits = 0, maxDigits = 255, validation = 0b10 } = this.properties;
    const rules = { min: Math.max(min, minDigits), max: Math.min(max, maxDigits, 255) };
    if (rules.min > rules.max) return undefined;
    // By the validation key; a reader without one ends at the longest length or after its time.
    const way = validation & 0b10 || validation & 0b01 || validation & 0b100 || 0b10;
    return { ...rules, validation: way };
  }

  /** VERIFY with the PIN typed at the reader. Failures as {@link modify}. */
  verify(header: Uint8Array, layout: PinLayout, rules: EntryRules, name: EntryName): Promise<PinResult> {
    return this.#enter(this.#verifyCode, pinVerifyStructure(header, layout, rules), name);
  }

  /**
   * CHANGE REFERENCE DATA or RESET RETRY COUNTER with what is typed at the reader.
   * @throws Failure `pin-cancelled` (also when nobody typed), `pin-mismatch`, `pin-length`, `reader-fault` (the reader
   *   does not understand; nothing was sent, and from now on it is not asked again), `pin-outcome-unknown`, and those
   *   of the channel when the card was gone before
   */
  modify(
    header: Uint8Array,
    layout: PinLayout,
    rules: EntryRules,
    withOld: boolean,
    name: EntryName,
  ): Promise<PinResult> {
    return this.#enter(this.#modifyCode, pinModifyStructure(header, layout, rules, withOld), name);
  }

  async #enter(code: number | undefined, structure: Uint8Array, name: EntryName): Promise<PinResult> {
    if (code === undefined || this.#refused) throw new Failure('internal', { detail: 'no such key entry' });
    this.#refuseWhenGone();
    const answer = await this.#channel.control(code, structure).catch((thrown: unknown) => {
      throw secretFailure(thrown);
    });
    if (answer.length < 2) {
      throw new Failure('pin-outcome-unknown', { detail: `a keypad answer of ${answer.length} bytes` });
    }
    const sw = ((answer.at(-2) as number) << 8) | (answer.at(-1) as number);
    const { pin, length } = name;
    switch (pinPadEvent(sw)) {
      case 'timeout':
      case 'cancelled':
        throw new Failure('pin-cancelled');
      case 'mismatch':
        throw new Failure('pin-mismatch', { parameters: { pin } });
      case 'length':
        throw new Failure('pin-length', { parameters: { pin, ...length } });
      case 'entry-disabled':
        throw this.#doesNotUnderstand(sw);
      default:
        if (sw === structureRefused) throw this.#doesNotUnderstand(sw);
        return pinResult(sw);
    }
  }

  /** It is not asked a second time: the next entry is made here. */
  #doesNotUnderstand(sw: number): Failure {
    this.#refused = true;
    return new Failure('reader-fault', {
      parameters: { reader: this.#channel.readerName },
      detail: `the keypad answered ${sw.toString(16)}`,
    });
  }

  /** Nothing is asked for a card that is known to be gone: no try can have been spent. */
  #refuseWhenGone(): void {
    if (this.#gone === 'removed') throw new Failure('card-removed');
    if (this.#gone === 'closed') throw new Failure('cancelled');
    if (this.#gone !== undefined) throw new Failure(this.#gone);
  }
}

/** A reader whose properties cannot be read has a keypad all the same. */
async function readProperties(
  channel: CardChannel,
  codes: ReadonlyMap<number, number>,
): Promise<PadProperties> {
  const ask = async (tag: number, read: (bytes: Uint8Array) => PadProperties): Promise<PadProperties> => {
    const code = codes.get(tag);
    if (code === undefined) return {};
    return channel.control(code, nothing).then(read, (thrown) => {
      if (thrown instanceof Failure) return {};
      throw thrown;
    });
  };
  const own = await ask(PinFeature.ifdPinProperties, parsePinProperties);
  return { ...own, ...(await ask(PinFeature.getTlvProperties, parseTlvProperties)) };
}
