import type { Duplex } from 'node:stream';

/** Largest frame a client may send: requests are small. */
export const maxClientFrame = 64 * 1024;
/** Largest frame the agent may send: certificates and portal answers. */
export const maxAgentFrame = 8 * 1024 * 1024;

/**
 * Cuts a byte stream into frames: 4 bytes of big-endian length, then that many bytes.
 * A frame longer than `limit`, or of length 0, is a protocol error and ends the stream.
 */
export class FrameReader {
  #chunks: Buffer[] = [];
  #buffered = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Takes a chunk and returns the frames that are complete with it.
   * @throws RangeError when a frame's length is 0 or over the limit
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const frames: Buffer[] = [];
    while (this.#buffered >= 4) {
      const length = this.#peekLength();
      if (length === 0 || length > this.#limit) throw new RangeError(`frame of ${length} bytes`);
      if (this.#buffered < 4 + length) break;
      const data = Buffer.concat(this.#chunks);
      frames.push(data.subarray(4, 4 + length));
      const rest = data.subarray(4 + length);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#buffered = rest.length;
    }
    return frames;
  }

  /** The next frame's length, joining chunks only while the four bytes are spread over several. */
  #peekLength(): number {
    while ((this.#chunks[0] as Buffer).length < 4) {
      this.#chunks.splice(0, 2, Buffer.concat(this.#chunks.slice(0, 2)));
    }
    return (this.#chunks[0] as Buffer).readUInt32BE(0);
  }
}

/** Writes one JSON message as a frame. A stream that is already gone swallows it: its `close` event tells. */
export function writeFrame(stream: Duplex, message: unknown): void {
  if (stream.destroyed || stream.writableEnded) return;
  const body = Buffer.from(JSON.stringify(message), 'utf8');
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, 4);
  stream.write(frame);
}
