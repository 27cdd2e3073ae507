/**
 * A command APDU as an observer may see it. This is the first barrier before traces, monitor and log: the data field is
 * handed on only for commands that cannot carry a secret, and only in a form that is known. Nobody behind it ever sees
 * a PIN, whatever they do.
 */
import { readTlvList } from '../../card/tlv.ts';

/** Instruction bytes of ISO 7816-4, -8 and -9 (without the odd variants). */
export const Instruction = {
  verify: 0x20,
  manageSecurityEnvironment: 0x22,
  changeReferenceData: 0x24,
  performSecurityOperation: 0x2a,
  resetRetryCounter: 0x2c,
  logout: 0x2e,
  manageChannel: 0x70,
  externalAuthenticate: 0x82,
  getChallenge: 0x84,
  generalAuthenticate: 0x86,
  internalAuthenticate: 0x88,
  select: 0xa4,
  readBinary: 0xb0,
  readRecord: 0xb2,
  getResponse: 0xc0,
  getData: 0xca,
} as const;

/** The data field: as it is, that it is a secret, or how many bytes it has. */
export type ObservedData =
  | { readonly kind: 'open'; readonly bytes: Uint8Array }
  | { readonly kind: 'secret' }
  | { readonly kind: 'withheld'; readonly length: number };

export interface ObservedCommand {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: ObservedData | undefined;
  /** Ne in bytes. */
  readonly expected: number | undefined;
  readonly extended: boolean;
}

/** VERIFY, CHANGE REFERENCE DATA, RESET RETRY COUNTER and their odd variants, of whatever class. */
const secretInstructions: readonly number[] = [0x20, 0x21, 0x24, 0x25, 0x2c, 0x2d];

/** Class bytes without secure messaging and chaining, on the basic channels. */
const plainClass = (cla: number): boolean => (cla & 0xfc) === 0x00;

/**
 * Looks at a command APDU. Never fails: what is no APDU is withheld as a whole.
 * @param apdu not kept; what is handed on is a copy
 */
export function observeCommand(apdu: Uint8Array): ObservedCommand {
  const [cla = 0, ins = 0, p1 = 0, p2 = 0] = apdu;
  const { lc, start, expected, extended } = lengths(apdu);
  const data = lc === 0 ? undefined : observeData(cla, ins, p2, apdu.subarray(start, start + lc));
  return { cla, ins, p1, p2, data, expected, extended };
}

function observeData(cla: number, ins: number, p2: number, bytes: Uint8Array): ObservedData {
  if (secretInstructions.includes(ins)) return { kind: 'secret' };
  if (plainClass(cla) && mayBeOpen(ins, p2, bytes)) return { kind: 'open', bytes: Uint8Array.from(bytes) };
  return { kind: 'withheld', length: bytes.length };
}

/** The data fields that say where something lies, and nothing else. */
function mayBeOpen(ins: number, p2: number, bytes: Uint8Array): boolean {
  switch (ins) {
    case Instruction.select:
      // An application identifier, or a path of at most eight steps.
      return bytes.length <= 16;
    case Instruction.manageSecurityEnvironment:
      return p2 !== 0 && isReferenceTemplate(bytes);
    case Instruction.getData | 1:
      // A tag list or an extended header list (ISO 7816-4, 8.4): names of data objects.
      return bytes.length <= 32 && (bytes[0] === 0x4d || bytes[0] === 0x5c);
    default:
      return false;
  }
}

/** Algorithm (80), file (81) and key references (83, 84), and usage (95), each of a few bytes (ISO 7816-4, 10.3). */
const referenceTags: readonly number[] = [0x80, 0x81, 0x83, 0x84, 0x95];

function isReferenceTemplate(bytes: Uint8Array): boolean {
  if (bytes.length > 32) return false;
  try {
    return readTlvList(bytes).every(({ tag, value }) => referenceTags.includes(tag) && value.length <= 4);
  } catch {
    return false;
  }
}

interface Lengths {
  readonly lc: number;
  /** Where the data field begins. */
  readonly start: number;
  readonly expected: number | undefined;
  readonly extended: boolean;
}

/** Lc and Le, short or extended (ISO 7816-4, 5.2). Whatever does not add up counts as data. */
function lengths(apdu: Uint8Array): Lengths {
  const body = apdu.length - 4;
  if (body <= 0) return { lc: 0, start: 4, expected: undefined, extended: false };
  const [b0 = 0, b1 = 0, b2 = 0] = apdu.subarray(4);
  const short = (le: number): number => le || 256;
  const long = (at: number): number => ((apdu[at] ?? 0) << 8) | (apdu[at + 1] ?? 0) || 65_536;
  if (body === 1) return { lc: 0, start: 4, expected: short(b0), extended: false };
  if (b0 !== 0 && body === 1 + b0) return { lc: b0, start: 5, expected: undefined, extended: false };
  if (b0 !== 0 && body === 2 + b0) {
    return { lc: b0, start: 5, expected: short(apdu[apdu.length - 1] ?? 0), extended: false };
  }
  if (b0 === 0 && body === 3) return { lc: 0, start: 4, expected: long(5), extended: true };
  const lc = (b1 << 8) | b2;
  if (b0 === 0 && lc > 0 && body === 3 + lc) return { lc, start: 7, expected: undefined, extended: true };
  if (b0 === 0 && lc > 0 && body === 5 + lc) {
    return { lc, start: 7, expected: long(apdu.length - 2), extended: true };
  }
  return { lc: body, start: 4, expected: undefined, extended: false };
}
