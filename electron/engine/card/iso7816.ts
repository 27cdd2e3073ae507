import type { SecretBytes } from '../../contract/pin/secret-bytes.ts';
import { encodeCommand, maxShortExpected, type ResponseApdu } from './apdu.ts';
import { type ReadBinaryOptions, readCurrentFile } from './binary-reading.ts';
import { CommandTransport, type PinPadding } from './command-transport.ts';
import { type FileControlInformation, parseFileControlInformation } from './file-control.ts';
import { type PinResult, pinResult, refusedByCard, StatusWord } from './status-word.ts';

export type { PinPadding } from './command-transport.ts';

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

/**
 * ISO 7816-4/-8/-9 commands on a card channel.
 *
 * All methods reject with a `Failure`: those of the channel, `card-malformed` for answers that break the rules.
 * A status word is not a failure here: the caller knows what it asked; `expectSuccess` turns it into one.
 */
export class Iso7816 extends CommandTransport {
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
    const response = await this.exchange(encodeCommand({ cla: 0x00, ins: 0x20, p1: 0x00, p2: reference }));
    return pinResult(response.sw);
  }

  /**
   * VERIFY. Costs at most one try: one APDU, sent once.
   * @param padding how the card wants the PIN filled up; without it the PIN goes as typed.
   * @throws Failure `pin-outcome-unknown` when the channel failed while the card may have had the command; `pin-length`
   *   (nothing sent) when the PIN is longer than the card stores; otherwise those of the channel (nothing sent).
   */
  verify(reference: number, pin: SecretBytes, padding?: PinPadding): Promise<PinResult> {
    return this.sendSecrets(0x20, 0x00, reference, [pin], padding);
  }

  /** CHANGE REFERENCE DATA with the old and the new secret (P1 = 00). Costs at most one try. Failures as `verify`. */
  changeReferenceData(
    reference: number,
    oldPin: SecretBytes,
    newPin: SecretBytes,
    padding?: PinPadding,
  ): Promise<PinResult> {
    return this.sendSecrets(0x24, 0x00, reference, [oldPin, newPin], padding);
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
      ? this.sendSecrets(0x2c, 0x00, reference, [puk, newPin], padding, pukPadding)
      : this.sendSecrets(0x2c, 0x01, reference, [puk], pukPadding);
  }

  /**
   * RESET RETRY COUNTER with the new PIN alone (P1 = 02), for cards on which the PUK was verified by a VERIFY of its
   * own just before. Costs no try. Failures as `verify`.
   */
  setPinAfterUnblocking(reference: number, newPin: SecretBytes, padding?: PinPadding): Promise<PinResult> {
    return this.sendSecrets(0x2c, 0x02, reference, [newPin], padding);
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
