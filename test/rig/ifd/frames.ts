/**
 * The framing between the reader driver and the test program; `ifd-handler.c` describes it.
 */

/** Operations of requests: the byte after the length. */
export const operation = {
  hello: 1,
  power: 2,
  transmit: 3,
  presence: 4,
  control: 5,
  attribute: 6,
} as const;

/** Status of answers: the byte after the length. */
export const status = {
  done: 0,
  noCard: 1,
  communicationError: 2,
  notSupported: 3,
  timedOut: 4,
  mute: 5,
} as const;

export type Status = (typeof status)[keyof typeof status];

/** Most bytes after the length field of one frame. */
export const frameLimit = 65_600;

/** One received frame. */
export interface Frame {
  readonly kind: number;
  readonly body: Uint8Array;
}

/** An answer frame: length, status, body. */
export function encodeAnswer(kind: Status, body?: Uint8Array): Buffer {
  const length = 1 + (body?.length ?? 0);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame[4] = kind;
  if (body) frame.set(body, 5);
  return frame;
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #pending: Uint8Array = new Uint8Array(0);

  /**
   * Takes the next piece of the stream and returns the frames that it completes.
   * @throws RangeError when a length is 0 or above `frameLimit`: the stream cannot be trusted any more.
   */
  push(chunk: Uint8Array): Frame[] {
    let data = chunk;
    if (this.#pending.length > 0) {
      data = new Uint8Array(this.#pending.length + chunk.length);
      data.set(this.#pending);
      data.set(chunk, this.#pending.length);
    }
    const frames: Frame[] = [];
    let at = 0;
    while (data.length - at >= 4) {
      const length = new DataView(data.buffer, data.byteOffset + at).getUint32(0);
      if (length < 1 || length > frameLimit) throw new RangeError(`frame of ${length} bytes`);
      if (data.length - at - 4 < length) break;
      const end = at + 4 + length;
      frames.push({ kind: data[at + 4] as number, body: plain(data.subarray(at + 5, end)) });
      at = end;
    }
    this.#pending = data.subarray(at);
    return frames;
  }
}

/** Cards are promised a Uint8Array, not a Buffer (whose `slice` shares memory). */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
