/**
 * Messages between agent and module host: a u32 length (big-endian) of what follows; a u32 length and a header in
 * JSON; then raw parts, each a u32 length and its bytes. PINs travel as parts, never in a header.
 */

/** Longest message from a module host, in bytes without its length field: some hundred certificates. */
export const longestAnswer = 4 * 1024 * 1024;
/** Most parts of one answer. */
const mostParts = 1024;

export interface Frame {
  /** JSON that nobody has looked at yet. */
  readonly header: unknown;
  readonly parts: readonly Uint8Array[];
}

/** What came is no message. */
export class BrokenFrame extends Error {
  override readonly name = 'BrokenFrame';
}

/**
 * A message as bytes, in a buffer of its own that the caller overwrites after sending when a part is secret.
 */
export function encodeFrame(header: object, parts: readonly Uint8Array[] = []): Buffer {
  const fields = [Buffer.from(JSON.stringify(header)), ...parts];
  const length = fields.reduce((sum, field) => sum + 4 + field.length, 0);
  // Not from the shared pool, and made in its full length at once: no copy stays anywhere.
  const frame = Buffer.allocUnsafeSlow(4 + length);
  let at = frame.writeUInt32BE(length);
  for (const field of fields) {
    at = frame.writeUInt32BE(field.length, at);
    frame.set(field, at);
    at += field.length;
  }
  return frame;
}

/** Puts messages together from what a pipe delivers. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;

  /**
   * Takes bytes and returns the messages that are complete.
   * @throws BrokenFrame for what is too long or inconsistent
   */
  take(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      const wanted = this.#wanted();
      if (wanted === undefined || this.#length < wanted) return frames;
      const bytes = Buffer.concat(this.#chunks);
      this.#chunks = [bytes.subarray(wanted)];
      this.#length -= wanted;
      frames.push(decode(bytes.subarray(4, wanted)));
    }
  }

  /** Bytes of the message that begins, once its length is known. */
  #wanted(): number | undefined {
    if (this.#length < 4) return undefined;
    const [first] = this.#chunks;
    if (first === undefined || first.length < 4) this.#chunks = [Buffer.concat(this.#chunks)];
    const length = this.#chunks[0]?.readUInt32BE() ?? 0;
    if (length > longestAnswer) throw new BrokenFrame(`a message of ${length} bytes`);
    return 4 + length;
  }
}

function decode(bytes: Buffer): Frame {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : longestAnswer;
    if (at + 4 + length > bytes.length) throw new BrokenFrame('a message that is cut off');
    if (fields.length > mostParts) throw new BrokenFrame('a message of too many parts');
    fields.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const [header, ...parts] = fields;
  if (header === undefined) throw new BrokenFrame('an empty message');
  try {
    return { header: JSON.parse(header.toString('utf8')), parts };
  } catch (cause) {
    throw new BrokenFrame('a header that is no JSON', { cause });
  }
}
