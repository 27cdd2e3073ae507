import type { ReaderFeatures } from './virtual-reader.ts';

/** SCARD_CTL_CODE(3400): asks for the features (PC/SC part 10, clause 2.2), as pcsc-lite numbers it. */
export const getFeatureRequest = 0x4200_0d48;

/** Feature tags of PC/SC part 10, clause 2.3. */
export const feature = {
  verifyPinDirect: 0x06,
  modifyPinDirect: 0x07,
  ifdPinProperties: 0x0a,
  getTlvProperties: 0x12,
} as const;

/** Control codes that this pad hands out for its features; programs must take them from the feature list. */
const controlCode = (tag: number): number => 0x4200_0000 + 0x33_0000 + tag;

/** What the display asks of the person. */
export type PinPadPrompt = 'pin' | 'old-pin' | 'new-pin' | 'new-pin-again';

/** What the person does: types digits (ASCII), presses cancel, or nothing until the time is over. */
export type PinPadEntry = Uint8Array | 'cancel' | 'timeout';

export interface PinPadOptions {
  /** Called for each prompt; the returned bytes are zeroed after use. */
  readonly enter: (prompt: PinPadPrompt) => PinPadEntry | Promise<PinPadEntry>;
  /** Features of the list; default: verify, modify and properties. */
  readonly tags?: readonly number[];
  /** Digits the pad itself accepts, beside what the program asks for; default 4 to 12. */
  readonly minimumDigits?: number;
  readonly maximumDigits?: number;
  /** dwMaxAPDUDataSize of the properties, in bytes; 0 means short APDUs only. Default 65,536. */
  readonly maximumApduData?: number;
  /** wIdVendor and wIdProduct of the properties. */
  readonly usb?: { readonly vendor: number; readonly product: number };
}

/** Status words of a pad that sent nothing to the card (PC/SC part 10, clause 2.5). */
const padStatus = {
  timeout: [0x64, 0x00],
  cancelled: [0x64, 0x01],
  newPinsDiffer: [0x64, 0x02],
  lengthRefused: [0x64, 0x03],
} as const;

/** Ends the entry without an APDU. */
class EntryEnded extends Error {
  readonly statusWord: readonly [number, number];
  constructor(statusWord: readonly [number, number]) {
    super('PIN entry ended');
    this.statusWord = statusWord;
  }
}

type Transmit = (command: Uint8Array) => Promise<Uint8Array>;

/**
 * A reader with a keypad: PIN_VERIFY and PIN_MODIFY structures of PC/SC part 10 (clause 2.5.2), which it fills
 * with what a simulated person types and sends to the card. ASCII and BCD, left justified.
 */
export class PinPad implements ReaderFeatures {
  #options: PinPadOptions;
  /** Entries that reached the card. */
  sent = 0;

  constructor(options: PinPadOptions) {
    this.#options = options;
  }

  async control(code: number, input: Uint8Array, transmit: Transmit): Promise<Uint8Array | undefined> {
    const tags = this.#options.tags ?? [
      feature.verifyPinDirect,
      feature.modifyPinDirect,
      feature.getTlvProperties,
    ];
    if (code === getFeatureRequest) return featureList(tags);
    const tag = tags.find((candidate) => controlCode(candidate) === code);
    if (tag === undefined) return undefined;
    if (tag === feature.getTlvProperties) return this.#properties();
    if (tag === feature.ifdPinProperties) return Uint8Array.of(0, 0, 0x07, 0);
    try {
      if (tag === feature.verifyPinDirect) return await this.#verify(input, transmit);
      if (tag === feature.modifyPinDirect) return await this.#modify(input, transmit);
      return undefined;
    } catch (error) {
      if (error instanceof EntryEnded) return Uint8Array.from(error.statusWord);
      throw error;
    }
  }

  #properties(): Uint8Array {
    const size = this.#options.maximumApduData ?? 65_536;
    const { usb } = this.#options;
    const id = (tag: number, value: number): number[] => [tag, 2, value & 0xff, value >>> 8];
    return Uint8Array.of(
      ...[0x06, 1, this.#options.minimumDigits ?? 4],
      ...[0x07, 1, this.#options.maximumDigits ?? 12],
      ...[0x0a, 4, size & 0xff, (size >>> 8) & 0xff, (size >>> 16) & 0xff, size >>> 24],
      ...(usb ? [...id(0x0b, usb.vendor), ...id(0x0c, usb.product)] : []),
    );
  }

  async #verify(input: Uint8Array, transmit: Transmit): Promise<Uint8Array> {
    const structure = new PinStructure(input, 19);
    const pin = await this.#enter('pin', structure);
    try {
      return await this.#send(structure.command(), [{ pin, offset: 0 }], structure, transmit);
    } finally {
      pin.fill(0);
    }
  }

  async #modify(input: Uint8Array, transmit: Transmit): Promise<Uint8Array> {
    const structure = new PinStructure(input, 24);
    const confirm = input[9] ?? 0;
    const entered: Uint8Array[] = [];
    const enter = async (prompt: PinPadPrompt): Promise<Uint8Array> => {
      const pin = await this.#enter(prompt, structure);
      entered.push(pin);
      return pin;
    };
    try {
      const blocks: PinBlock[] = [];
      if (confirm & 0b10) blocks.push({ pin: await enter('old-pin'), offset: input[5] ?? 0 });
      const fresh = await enter('new-pin');
      if (confirm & 0b01 && !sameBytes(fresh, await enter('new-pin-again'))) {
        throw new EntryEnded(padStatus.newPinsDiffer);
      }
      blocks.push({ pin: fresh, offset: input[6] ?? 0 });
      return await this.#send(structure.command(), blocks, structure, transmit);
    } finally {
      for (const pin of entered) pin.fill(0);
    }
  }

  async #enter(prompt: PinPadPrompt, structure: PinStructure): Promise<Uint8Array> {
    const entry = await this.#options.enter(prompt);
    if (entry === 'cancel') throw new EntryEnded(padStatus.cancelled);
    if (entry === 'timeout') throw new EntryEnded(padStatus.timeout);
    const shortest = Math.max(structure.minimumDigits, this.#options.minimumDigits ?? 4);
    const longest = Math.min(structure.maximumDigits, this.#options.maximumDigits ?? 12);
    if (entry.length < shortest || entry.length > longest) {
      entry.fill(0);
      throw new EntryEnded(padStatus.lengthRefused);
    }
    return entry;
  }

  async #send(
    template: Uint8Array,
    blocks: readonly PinBlock[],
    structure: PinStructure,
    transmit: Transmit,
  ): Promise<Uint8Array> {
    let command: Uint8Array = template;
    try {
      for (const block of blocks) command = structure.place(command, block);
      this.sent++;
      return await transmit(command);
    } finally {
      command.fill(0);
    }
  }
}

interface PinBlock {
  readonly pin: Uint8Array;
  /** bInsertionOffsetOld / New: added to the position that bmFormatString gives, in bytes. */
  readonly offset: number;
}

/** The fields that PIN_VERIFY and PIN_MODIFY have in common; `headerLength` is where abData starts. */
class PinStructure {
  readonly minimumDigits: number;
  readonly maximumDigits: number;
  #input: Uint8Array;
  #headerLength: number;
  #format: number;
  #blockString: number;
  #lengthFormat: number;

  constructor(input: Uint8Array, headerLength: number) {
    const view = new DataView(input.buffer, input.byteOffset, input.length);
    if (input.length < headerLength) throw new EntryEnded([0x6b, 0x80]);
    if (
      view.getUint32(headerLength - 4, true) !== input.length - headerLength ||
      input.length < headerLength + 4
    ) {
      throw new EntryEnded([0x6b, 0x80]);
    }
    const extraDigit = view.getUint16(headerLength === 19 ? 5 : 7, true);
    this.minimumDigits = extraDigit >>> 8;
    this.maximumDigits = extraDigit & 0xff;
    this.#input = input;
    this.#headerLength = headerLength;
    this.#format = input[2] ?? 0;
    this.#blockString = input[3] ?? 0;
    this.#lengthFormat = input[4] ?? 0;
  }

  /** The command APDU with the program's padding in it, and no PIN yet. */
  command(): Uint8Array {
    return this.#input.slice(this.#headerLength);
  }

  /**
   * Puts a PIN into the data field; a block of size 0 takes as many bytes as the PIN has. Returns a new command
   * and zeroes the one given.
   */
  place(command: Uint8Array, block: PinBlock): Uint8Array {
    const encoded = encodePin(block.pin, this.#format & 0b11);
    const size = this.#blockString & 0x0f || encoded.length;
    const unitIsByte = (this.#format & 0x80) !== 0;
    const position = (this.#format >>> 3) & 0x0f;
    const start = 5 + (unitIsByte ? position : position >>> 3) + block.offset;
    if (encoded.length > size) throw new EntryEnded(padStatus.lengthRefused);
    const result = new Uint8Array(Math.max(command.length, start + size));
    result.set(command);
    result.set(encoded, start);
    this.#placeLength(result, block.pin.length);
    result[4] = result.length - 5;
    command.fill(0);
    encoded.fill(0);
    return result;
  }

  /** bmPINBlockString's upper half: how many bits of PIN length go in, at bmPINLengthFormat's position. */
  #placeLength(command: Uint8Array, digits: number): void {
    const bits = this.#blockString >>> 4;
    if (bits === 0) return;
    const position = this.#lengthFormat & 0x0f;
    const bit = this.#lengthFormat & 0x10 ? position * 8 : position;
    const at = 5 + (bit >>> 3);
    const shift = 8 - (bit & 7) - bits;
    if (at >= command.length || shift < 0) return;
    const mask = ((1 << bits) - 1) << shift;
    command[at] = ((command[at] ?? 0) & ~mask) | ((digits << shift) & mask);
  }
}

/** bmFormatString's lowest bits: 1 BCD (two digits a byte, padded F), 2 ASCII. */
function encodePin(pin: Uint8Array, format: number): Uint8Array {
  if (format === 2) return pin.slice();
  if (format !== 1) throw new EntryEnded([0x6b, 0x80]);
  const bytes = new Uint8Array(Math.ceil(pin.length / 2)).fill(0xff);
  pin.forEach((digit, index) => {
    const value = digit & 0x0f;
    const at = index >>> 1;
    bytes[at] = index % 2 === 0 ? (value << 4) | 0x0f : ((bytes[at] ?? 0) & 0xf0) | value;
  });
  return bytes;
}

/** PCSC_TLV_STRUCTURE for each tag: tag, 4, control code big-endian. */
function featureList(tags: readonly number[]): Uint8Array {
  const list = new Uint8Array(tags.length * 6);
  const view = new DataView(list.buffer);
  tags.forEach((tag, index) => {
    list.set([tag, 4], index * 6);
    view.setUint32(index * 6 + 2, controlCode(tag));
  });
  return list;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
