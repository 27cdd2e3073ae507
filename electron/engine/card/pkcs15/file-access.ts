import { Failure, isFailure } from '../../../contract/failures/failure.ts';
import type { ReadBinaryOptions } from '../binary-reading.ts';
import { Asn1Tag } from '../der.ts';
import { type Iso7816, SelectBy, type Selection, SelectReturn } from '../iso7816.ts';
import { expectSuccess, refusedByCard, StatusWord, statusOf } from '../status-word.ts';
import { readTlvHeader } from '../tlv.ts';
import type { Pkcs15Application } from './model.ts';
import { absolutePath, relativePath } from './path.ts';

/** Records taken from one record-oriented file, at most. */
const maxRecords = 64;

/** The card as an application of its own: files named from the MF. */
export const root: Pkcs15Application = { aid: undefined, label: '', path: Uint8Array.of(0x3f, 0x00) };

/** Status words by which a card says that it does not know this way of selecting. */
const methodUnknown: readonly number[] = [
  StatusWord.functionNotSupported,
  StatusWord.incorrectP1P2,
  StatusWord.wrongOffset,
  StatusWord.wrongLength,
];

/**
 * Finds and reads the files of a card by their paths, learning on the way how this card wants to be asked: by path
 * or file by file, with or without control information. Only SELECT, READ BINARY and READ RECORD are sent.
 */
export class FileAccess {
  readonly card: Iso7816;
  #returns: readonly number[] = [SelectReturn.fci, SelectReturn.fcp, SelectReturn.nothing];
  #byPath = true;
  /** The application whose DF is current, as far as relative selection goes. */
  #current: Pkcs15Application | undefined;

  constructor(card: Iso7816) {
    this.card = card;
  }

  /** Selects an application by its AID. */
  async selectApplication(application: Pkcs15Application): Promise<boolean> {
    this.#current = undefined;
    if (!application.aid) return false;
    const { selected } = await this.#select(application.aid, SelectBy.name);
    if (selected) this.#current = application;
    return selected;
  }

  /**
   * Reads a file of an application.
   * @returns undefined when the card has no such file.
   * @throws Failure `card-refused` when the card answers anything else, e.g. 6982 (a PIN or PACE is needed first).
   */
  async read(
    application: Pkcs15Application,
    file: Uint8Array,
    options: ReadBinaryOptions = {},
  ): Promise<Uint8Array | undefined> {
    const selection = await this.#find(application, file);
    if (selection.sw === StatusWord.fileNotFound) return undefined;
    if (!selection.selected) throw refusedByCard(selection.sw, 'SELECT');
    if (selection.file.kind === 'df') return undefined;
    if (selection.file.kind === 'records') return this.#readRecords();
    try {
      return await this.card.readBinary({ ...options, size: selection.file.size });
    } catch (error) {
      if (statusOf(error) === StatusWord.incompatibleWithFileStructure) return this.#readRecords();
      throw error;
    }
  }

  async #find(application: Pkcs15Application, file: Uint8Array): Promise<Selection> {
    const absolute = absolutePath(application, file);
    if (absolute) {
      this.#current = undefined;
      return this.#findFromMf(absolute);
    }
    const relative = relativePath(file);
    if (this.#current !== application && !(await this.selectApplication(application))) {
      throw new Failure('card-malformed', { detail: 'an application can no longer be selected' });
    }
    if (relative.length === 2) return this.#select(relative, SelectBy.fileIdentifier);
    this.#current = undefined;
    if (this.#byPath) {
      const selection = await this.#select(relative, SelectBy.pathFromCurrentDf);
      if (!methodUnknown.includes(selection.sw)) return selection;
      this.#byPath = false;
    }
    return this.#stepwise(relative);
  }

  async #findFromMf(absolute: Uint8Array): Promise<Selection> {
    if (this.#byPath && absolute.length > 2) {
      const selection = await this.#select(absolute.subarray(2), SelectBy.pathFromMf);
      if (!methodUnknown.includes(selection.sw)) return selection;
      this.#byPath = false;
    }
    return this.#stepwise(absolute);
  }

  /** One SELECT by file identifier for each step. */
  async #stepwise(path: Uint8Array): Promise<Selection> {
    for (let at = 0; at + 2 < path.length; at += 2) {
      const step = await this.#select(path.subarray(at, at + 2), SelectBy.fileIdentifier);
      if (!step.selected) return step;
    }
    return this.#select(path.subarray(path.length - 2), SelectBy.fileIdentifier);
  }

  /** Tries the ways to ask for control information that this card has not refused yet. */
  async #select(data: Uint8Array, p1: number): Promise<Selection> {
    let selection: Selection | undefined;
    for (const [at, p2] of this.#returns.entries()) {
      selection = await this.card.selectFile(data, { p1, p2 });
      if (selection.sw === StatusWord.incorrectP1P2) continue;
      this.#returns = this.#returns.slice(at);
      return selection;
    }
    // All refused: it is P1 that this card does not know.
    return selection as Selection;
  }

  async #readRecords(): Promise<Uint8Array> {
    const records: Uint8Array[] = [];
    for (let number = 1; number <= maxRecords; number++) {
      const response = await this.card.readRecord(number);
      if (number > 1 && response.sw !== StatusWord.success) break;
      records.push(expectSuccess(response, 'READ RECORD').data);
    }
    return new Uint8Array(Buffer.concat(records));
  }
}

/** Bytes of the SEQUENCE that `bytes` begins with, header included; undefined when none begins there. */
export function sequenceLength(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== Asn1Tag.sequence) return undefined;
  try {
    const header = readTlvHeader(bytes);
    return header && header.headerLength + header.valueLength;
  } catch (error) {
    if (isFailure(error, 'card-malformed')) return undefined;
    throw error;
  }
}

/** For `ReadBinaryOptions.enough`: a file that holds one SEQUENCE needs no more bytes than its header says. */
export function oneSequence(soFar: Uint8Array): number | undefined {
  // Four bytes hold any header up to 64 KiB; what is no SEQUENCE by then needs no further reading.
  return soFar.length < 4 ? undefined : (sequenceLength(soFar) ?? soFar.length);
}

/**
 * For `ReadBinaryOptions.enough`: a list of data objects ends where FF stands in place of a tag. (00 says nothing:
 * objects may follow it.)
 */
export function objectList(soFar: Uint8Array): number | undefined {
  let at = 0;
  while (at < soFar.length) {
    if (soFar[at] === 0xff) return at;
    if (soFar[at] === 0x00) {
      at++;
      continue;
    }
    const header = readTlvHeader(soFar, at);
    if (!header) return undefined;
    at += header.headerLength + header.valueLength;
  }
  return undefined;
}
