import { Failure } from '../../contract/failures/failure.ts';

/** Longest Answer To Reset, ISO 7816-3, 8.2.1. */
const maxAtrLength = 33;

/** One group of interface bytes T A(i), T B(i), T C(i), T D(i) (ISO 7816-3, 8.2.3). */
export interface InterfaceBytes {
  readonly ta: number | undefined;
  readonly tb: number | undefined;
  readonly tc: number | undefined;
  readonly td: number | undefined;
}

/** A COMPACT-TLV data object of the historical bytes (ISO 7816-4, 12.1.1): tag 1 to 15, value of 0 to 15 bytes. */
export interface CompactTlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

/** What the card says it can do (ISO 7816-4, 12.1.1.9: tag 7 of the historical bytes, 47 in EF.ATR/INFO). */
export interface CardCapabilities {
  /** Selection methods of the first software function table. */
  readonly selectByFullName: boolean;
  readonly selectByPartialName: boolean;
  readonly selectByPath: boolean;
  readonly selectByFileIdentifier: boolean;
  readonly shortFileIdentifiers: boolean;
  /** Third software function table; all false when the card did not send it. */
  readonly commandChaining: boolean;
  readonly extendedLength: boolean;
  /** Limits of the extended length stand in EF.ATR/INFO (tag 7F66). */
  readonly extendedLengthInformation: boolean;
}

/** A decoded Answer To Reset. */
export interface Atr {
  readonly bytes: Uint8Array;
  readonly convention: 'direct' | 'inverse';
  readonly interfaceBytes: readonly InterfaceBytes[];
  /** Protocols offered, in order, e.g. [1] for T=1; [0] when the ATR names none. T=15 (global bytes) is left out. */
  readonly protocols: readonly number[];
  readonly historicalBytes: Uint8Array;
  /** The data objects of the historical bytes; empty when they are proprietary or not well formed. */
  readonly objects: readonly CompactTlv[];
  readonly capabilities: CardCapabilities | undefined;
  /** Card issuer's data (COMPACT-TLV tag 5). */
  readonly issuerData: Uint8Array | undefined;
  /** The check byte TCK; absent is right when only T=0 is offered. */
  readonly check: 'valid' | 'wrong' | 'absent';
}

function malformed(detail: string): Failure {
  return new Failure('card-malformed', { detail: `ATR: ${detail}` });
}

/**
 * Decodes an Answer To Reset (ISO 7816-3 clause 8, historical bytes as ISO 7816-4 clause 12.1.1).
 *
 * A wrong check byte is told, not refused: the reader has accepted the card. Historical bytes that are not
 * COMPACT-TLV are kept undecoded.
 * @throws Failure `card-malformed` when its own structure does not add up.
 */
export function parseAtr(bytes: Uint8Array): Atr {
  if (bytes.length < 2 || bytes.length > maxAtrLength) throw malformed(`${bytes.length} bytes`);
  const initial = bytes[0];
  if (initial !== 0x3b && initial !== 0x3f) throw malformed(`initial character ${initial?.toString(16)}`);
  let at = 1;
  const next = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw malformed('ends inside the interface bytes');
    return value;
  };
  const format = next();
  const historicalLength = format & 0x0f;
  const interfaceBytes: InterfaceBytes[] = [];
  const protocols: number[] = [];
  let checkExpected = false;
  let present = format >> 4;
  while (present !== 0) {
    const group: InterfaceBytes = {
      ta: present & 1 ? next() : undefined,
      tb: present & 2 ? next() : undefined,
      tc: present & 4 ? next() : undefined,
      td: present & 8 ? next() : undefined,
    };
    interfaceBytes.push(group);
    present = 0;
    if (group.td !== undefined) {
      const protocol = group.td & 0x0f;
      if (protocol !== 0) checkExpected = true;
      if (protocol !== 15 && !protocols.includes(protocol)) protocols.push(protocol);
      present = group.td >> 4;
    }
  }
  const historicalBytes = bytes.subarray(at, at + historicalLength);
  if (historicalBytes.length < historicalLength) throw malformed('ends inside the historical bytes');
  at += historicalLength;
  const extra = bytes.length - at;
  if (extra > 1) throw malformed(`${extra} bytes after the historical bytes`);
  if (protocols.length === 0) protocols.push(0);
  const objects = compactTlv(historicalBytes);
  return {
    bytes,
    convention: initial === 0x3b ? 'direct' : 'inverse',
    interfaceBytes,
    protocols,
    historicalBytes,
    objects,
    capabilities: parseCardCapabilities(objects.find((object) => object.tag === 7)?.value),
    issuerData: objects.find((object) => object.tag === 5)?.value,
    check: extra === 0 ? (checkExpected ? 'wrong' : 'absent') : xorFromT0(bytes) === 0 ? 'valid' : 'wrong',
  };
}

/** TCK makes the XOR of all bytes from T0 on zero (ISO 7816-3, 8.2.5). */
function xorFromT0(bytes: Uint8Array): number {
  let sum = 0;
  for (const value of bytes.subarray(1)) sum ^= value;
  return sum;
}

/** Category indicator 80: COMPACT-TLV to the end. 00: the same, followed by three status bytes. Others: proprietary. */
function compactTlv(historicalBytes: Uint8Array): CompactTlv[] {
  const category = historicalBytes[0];
  if (category !== 0x80 && category !== 0x00) return [];
  const end = category === 0x00 ? historicalBytes.length - 3 : historicalBytes.length;
  const objects: CompactTlv[] = [];
  let at = 1;
  while (at < end) {
    const head = historicalBytes[at] as number;
    const length = head & 0x0f;
    if (at + 1 + length > end) return [];
    objects.push({ tag: head >> 4, value: historicalBytes.subarray(at + 1, at + 1 + length) });
    at += 1 + length;
  }
  return objects;
}

/** The one to three software function bytes; undefined when there are none. */
export function parseCardCapabilities(value: Uint8Array | undefined): CardCapabilities | undefined {
  const first = value?.[0];
  if (value === undefined || first === undefined) return undefined;
  const third = value[2] ?? 0;
  return {
    selectByFullName: (first & 0x80) !== 0,
    selectByPartialName: (first & 0x40) !== 0,
    selectByPath: (first & 0x20) !== 0,
    selectByFileIdentifier: (first & 0x10) !== 0,
    shortFileIdentifiers: (first & 0x04) !== 0,
    commandChaining: (third & 0x80) !== 0,
    extendedLength: (third & 0x40) !== 0,
    extendedLengthInformation: (third & 0x20) !== 0,
  };
}

/** Nothing promised: for a card that was asked and does not say. */
export const noCapabilities: CardCapabilities = {
  selectByFullName: false,
  selectByPartialName: false,
  selectByPath: false,
  selectByFileIdentifier: false,
  shortFileIdentifiers: false,
  commandChaining: false,
  extendedLength: false,
  extendedLengthInformation: false,
};

/** An ATR with bytes that do not matter. */
export interface AtrPattern {
  readonly bytes: Uint8Array;
  /** 0xFF where the byte counts, 0x00 where it does not. */
  readonly mask: Uint8Array;
}

/**
 * A pattern written as hex, `..` for a byte that does not matter.
 * @throws RangeError for anything else: patterns are part of the program or of a checked profile.
 */
export function atrPattern(text: string): AtrPattern {
  if (!/^(?:[0-9A-Fa-f]{2}|\.\.)+$/.test(text)) throw new RangeError(`ATR pattern ${text}`);
  const pairs = text.match(/../g) ?? [];
  return {
    bytes: Uint8Array.from(pairs, (pair) => (pair === '..' ? 0 : Number.parseInt(pair, 16))),
    mask: Uint8Array.from(pairs, (pair) => (pair === '..' ? 0 : 0xff)),
  };
}

/** Whether the whole ATR fits the pattern: same length, same bytes where the mask says so. */
export function matchesAtr(pattern: AtrPattern, atr: Uint8Array): boolean {
  if (pattern.bytes.length !== atr.length) return false;
  return atr.every(
    (value, at) =>
      (value & (pattern.mask[at] as number)) ===
      ((pattern.bytes[at] as number) & (pattern.mask[at] as number)),
  );
}

/**
 * The public ATRs of the Moldovan identity card of 2025: TC1 and the check byte differ between the two known ones.
 * Over a contactless reader the historical bytes stay the same (PC/SC part 3); that form was never observed.
 */
const identityCard2025 = {
  contact: atrPattern('3BDF96..8131FE4580738421E0574D44415F415350810F..'),
  contactless: atrPattern('3B8F800180738421E0574D44415F415350810F34'),
};

/** `MDA_ASP`, the card issuer's data. */
const moldovanIssuer = Buffer.from('MDA_ASP', 'latin1');

/**
 * How much an ATR looks like the Moldovan identity card of 2025: its public contact ATRs, the contactless form made
 * from them, or merely the issuer's data in the historical bytes.
 *
 * This is a reason to look, with commands that only read. It says nothing about applications, keys or PIN
 * references: no secret is ever sent on the strength of an ATR.
 */
export function moldovanCardLikeness(atr: Uint8Array): 'contact' | 'contactless' | 'issuer-data' | undefined {
  if (matchesAtr(identityCard2025.contact, atr)) return 'contact';
  if (matchesAtr(identityCard2025.contactless, atr)) return 'contactless';
  try {
    const { historicalBytes } = parseAtr(atr);
    return Buffer.from(historicalBytes).includes(moldovanIssuer) ? 'issuer-data' : undefined;
  } catch {
    return undefined;
  }
}
