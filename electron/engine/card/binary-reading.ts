import { Failure, isFailure } from '../../contract/failures/failure.ts';
import { type CommandApdu, maxShortExpected, type ResponseApdu } from './apdu.ts';
import { refusedByCard, StatusWord } from './status-word.ts';

/** Bytes of one file, at most. READ BINARY with P1-P2 as offset reaches the first 32 KiB. */
const maxFileBytes = 65_536;
const maxOffset = 0x7fff;
/** READ BINARY commands for one file, at most: 64 KiB in blocks of 128 bytes. */
const maxReads = 512;
/** Blocks tried, one after another, when the card refuses the length. */
const smallerBlocks = [0xe0, 0xc0, 0x80, 0x40];

/** The part of `Iso7816` that reading needs. */
export interface BinaryReader {
  send(command: CommandApdu): Promise<ResponseApdu>;
  readonly extendedResponse: number;
  giveUpExtendedReading(): void;
}

/** What is known about the file before it is read. */
export interface ReadBinaryOptions {
  /** Size from the file control information, in bytes. A hint: the card's answers decide. */
  readonly size?: number | undefined;
  /** First byte to read, default 0. */
  readonly offset?: number | undefined;
  /** How many bytes are wanted from `offset` on; default all. */
  readonly length?: number | undefined;
  /** Largest block to ask for, when a profile says so; default 256, or all at once where the card can. */
  readonly blockSize?: number | undefined;
  /**
   * Told all bytes read so far; answers how many are needed altogether, or undefined when that cannot be said yet.
   * Saves reading the empty rest of a large file.
   */
  readonly enough?: ((soFar: Uint8Array) => number | undefined) | undefined;
}

/**
 * Reads the selected transparent file (ISO 7816-4, 11.3.3).
 *
 * It ends at the known size, at 6282, at 6B00 behind the last byte, or at a block shorter than asked for when no size
 * is known. A refused length (6700, 6Cxx, 6B00) leads to smaller blocks, an extended Le that card or reader refuses
 * to short ones.
 */
export async function readCurrentFile(card: BinaryReader, options: ReadBinaryOptions): Promise<Uint8Array> {
  const offset = options.offset ?? 0;
  // A size of zero or beyond all bounds says nothing.
  const size = options.size && options.size <= maxFileBytes ? options.size - offset : undefined;
  let wanted = Math.min(
    options.length ?? maxFileBytes,
    size === undefined || size <= 0 ? maxFileBytes : size,
  );
  const sizeKnown = wanted < maxFileBytes;
  let block = Math.min(options.blockSize ?? maxShortExpected, maxShortExpected);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let reads = 0; length < wanted; reads++) {
    if (reads === maxReads)
      throw new Failure('card-malformed', { detail: `more than ${maxReads} READ BINARY for a file` });
    const at = offset + length;
    if (at > maxOffset) {
      if (!sizeKnown) throw new Failure('card-malformed', { detail: 'a file without an end' });
      break;
    }
    const extended =
      options.blockSize === undefined &&
      card.extendedResponse > maxShortExpected &&
      sizeKnown &&
      wanted - length > maxShortExpected;
    const asked = Math.min(wanted - length, extended ? card.extendedResponse : block);
    const response = await readBlock(card, at, asked, extended);
    if (response === undefined) {
      card.giveUpExtendedReading();
      continue;
    }
    const { sw, data } = response;
    const ended = sw === StatusWord.endOfFileReached || (sw === StatusWord.wrongOffset && length > 0);
    if (sw !== StatusWord.success && !ended) {
      if (extended) {
        card.giveUpExtendedReading();
        continue;
      }
      const smaller = smallerBlocks.find((candidate) => candidate < asked);
      if (isLengthRefusal(sw) && smaller !== undefined) {
        block = smaller;
        continue;
      }
      throw refusedByCard(sw, 'READ BINARY');
    }
    if (data.length > asked) {
      throw new Failure('card-malformed', {
        detail: `READ BINARY of ${asked} bytes answered with ${data.length}`,
      });
    }
    parts.push(data);
    length += data.length;
    if (ended || data.length === 0) break;
    if (data.length < asked && !sizeKnown) break;
    if (options.enough && length < wanted) {
      const soFar = parts.length === 1 ? data : new Uint8Array(Buffer.concat(parts));
      wanted = Math.min(wanted, options.enough(soFar) ?? wanted);
    }
  }
  const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : new Uint8Array(Buffer.concat(parts));
  return bytes.subarray(0, wanted);
}

/** One READ BINARY; undefined when the reader could not carry an extended answer. Reading may be repeated freely. */
async function readBlock(
  card: BinaryReader,
  at: number,
  le: number,
  extended: boolean,
): Promise<ResponseApdu | undefined> {
  try {
    return await card.send({ cla: 0x00, ins: 0xb0, p1: at >> 8, p2: at & 0xff, le });
  } catch (error) {
    if (extended && isFailure(error, 'reader-fault')) return undefined;
    throw error;
  }
}

function isLengthRefusal(sw: number): boolean {
  return sw === StatusWord.wrongLength || sw === StatusWord.wrongOffset || sw >> 8 === 0x6c;
}
