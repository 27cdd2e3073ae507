import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import { bytes, hexOf } from './scripted-channel.ts';

/** How a `FileCard` differs from the plainest one. */
export interface FileCardOptions {
  /** Absolute path in hex (`3F0050155031`) to content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** AID in hex to the absolute path of its DF. */
  readonly applications?: ReadonlyMap<string, string>;
  /** Status words in place of an answer to SELECT or READ BINARY of a path. */
  readonly refusals?: ReadonlyMap<string, number>;
  readonly selectByPath?: boolean;
  /** P2 values of SELECT that the card knows. */
  readonly returns?: readonly number[];
  /** Files made of records: READ RECORD only. */
  readonly records?: ReadonlyMap<string, readonly Uint8Array[]>;
  readonly atr?: string;
}

/** A card that is files and nothing else: SELECT, READ BINARY, READ RECORD in short and extended form. */
export class FileCard implements CardChannel {
  readonly readerName = 'File card';
  readonly simulated = true;
  readonly atr: Uint8Array;
  readonly gone: CardChannel['gone'] = new Promise(() => {});
  readonly received: string[] = [];
  readonly #options: FileCardOptions;
  #df = '3F00';
  #ef: string | undefined;

  constructor(options: FileCardOptions) {
    this.#options = options;
    this.atr = bytes(options.atr ?? '3B00');
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    this.received.push(hexOf(command));
    switch (command[1]) {
      case 0xa4:
        return this.#select(command);
      case 0xb0:
        return this.#read(command);
      case 0xb2:
        return this.#readRecord(command[2] ?? 0);
      default:
        return bytes('6D00');
    }
  }

  #select(command: Uint8Array): Uint8Array {
    const [p1, p2] = [command[2] ?? 0, command[3] ?? 0];
    const data = hexOf(command.subarray(5, 5 + (command[4] ?? 0)));
    if (!(this.#options.returns ?? [0x00]).includes(p2)) return bytes('6A86');
    if (p1 === 0x04) {
      const df = this.#options.applications?.get(data);
      if (df === undefined) return bytes('6A82');
      this.#df = df;
      this.#ef = undefined;
      return bytes('9000');
    }
    const byPath = p1 === 0x08 || p1 === 0x09;
    if (byPath && this.#options.selectByPath === false) return bytes('6A86');
    if (!byPath && p1 !== 0x00) return bytes('6A86');
    const path = p1 === 0x08 ? `3F00${data}` : data === '3F00' ? data : this.#df + data;
    const refusal = this.#options.refusals?.get(path);
    if (refusal !== undefined) return bytes(refusal.toString(16));
    const content = this.#options.files.get(path);
    const records = this.#options.records?.get(path);
    if (!content && !records) {
      const isDf = [...this.#options.files.keys()].some((name) => name.startsWith(path) && name !== path);
      if (!isDf) return bytes('6A82');
      this.#df = path;
      this.#ef = undefined;
      return bytes(p2 === 0x0c ? '9000' : '6F03 820138 9000');
    }
    this.#ef = path;
    if (p1 !== 0x00) this.#df = path.slice(0, -4);
    if (records) return bytes('6F03 820104 9000');
    const size = (content?.length ?? 0).toString(16).padStart(4, '0');
    return p2 === 0x0c ? bytes('9000') : bytes(`6F07 8002${size} 820101 9000`);
  }

  #read(command: Uint8Array): Uint8Array {
    const content = this.#ef === undefined ? undefined : this.#options.files.get(this.#ef);
    if (!content) return bytes(this.#ef === undefined ? '6986' : '6981');
    const offset = ((command[2] ?? 0) << 8) | (command[3] ?? 0);
    if (offset > content.length) return bytes('6B00');
    const le =
      command.length === 5 ? command[4] || 256 : ((command[5] ?? 0) << 8) | (command[6] ?? 0) || 65_536;
    const part = content.subarray(offset, offset + le);
    return Uint8Array.from([...part, ...(part.length < le ? [0x62, 0x82] : [0x90, 0x00])]);
  }

  #readRecord(number: number): Uint8Array {
    const record = this.#ef === undefined ? undefined : this.#options.records?.get(this.#ef)?.[number - 1];
    return record ? Uint8Array.from([...record, 0x90, 0x00]) : bytes('6A83');
  }

  transaction<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  control(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(0));
  }

  attribute(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
