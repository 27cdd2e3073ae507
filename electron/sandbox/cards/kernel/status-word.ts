/** Status words the simulated cards answer with (ISO 7816-4 clause 5.6, tables 5 and 6). */
export const Sw = {
  ok: 0x9000,
  endOfFile: 0x6282,
  wrongLength: 0x6700,
  channelUnsupported: 0x6881,
  secureMessagingUnsupported: 0x6882,
  lastOfChainExpected: 0x6883,
  notForThisFile: 0x6981,
  securityStatus: 0x6982,
  blocked: 0x6983,
  conditions: 0x6985,
  noCurrentFile: 0x6986,
  wrongData: 0x6a80,
  fileNotFound: 0x6a82,
  wrongParameters: 0x6a86,
  referenceNotFound: 0x6a88,
  wrongOffset: 0x6b00,
  unknownInstruction: 0x6d00,
  unknownClass: 0x6e00,
  internal: 0x6f00,
} as const;

/** 63Cx: `tries` left, 0 to 15. */
export const triesLeft = (tries: number): number => 0x63c0 | Math.min(tries, 15);

/** What a command answers: the response data, empty unless the status word is a success or a warning. */
export interface Reply {
  readonly sw: number;
  readonly data: Uint8Array;
}

/** Thrown inside the card to end a command with a status word; it never leaves the card. */
export class Refusal extends Error {
  readonly sw: number;

  constructor(sw: number) {
    super(`status word ${sw.toString(16)}`);
    this.sw = sw;
  }
}

/** Ends the command with this status word. */
export function refuse(sw: number): never {
  throw new Refusal(sw);
}

/** A reply with data, or without. */
export const answer = (data: Uint8Array = new Uint8Array(), sw: number = Sw.ok): Reply => ({ sw, data });
