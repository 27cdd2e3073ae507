/**
 * The short code: what the doctor found in 8 to 12 characters that can be read over the phone.
 *
 * Crockford's base 32 (no I, L, O, U). The last character is a check character over GF(32): Σ αⁱ·cᵢ = αⁿ, with i
 * from 0 at the check character to n−1. Since the αⁱ are all different and none is 0, any one wrong character and any
 * swap of two different neighbours change the sum; αⁿ ties the code to its length.
 *
 * The others are bits, first to last: format version (3; this is 0), platform (2), major version (2), minor version
 * modulo 16 (4), more was found (1), then 7 bits for each cause's number in the order of fixing, then zeros.
 */
import { z } from 'zod';
import { Failure } from '../failures/failure.ts';
import { type CauseCode, causeOfNumber, causes } from './causes.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const shortCodeSchema = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{8,12}$/);

const platforms = ['linux', 'win32', 'darwin', 'other'] as const;
export type ShortCodePlatform = (typeof platforms)[number];

const formatVersion = 0;
const shortest = 8;
const longest = 12;
const headerBits = 12;
const causeBits = 7;
const charBits = 5;
/** As many as the longest code has room for. */
export const maxCodeCauses = Math.floor(((longest - 1) * charBits - headerBits) / causeBits);

/** What a short code carries. */
export interface ShortCodeContent {
  readonly platform: ShortCodePlatform;
  readonly release: { readonly major: number; readonly minor: number };
  /** In the order of fixing; those beyond `maxCodeCauses` are left out and `more` is set. */
  readonly causes: readonly CauseCode[];
}

/** The short code of some findings. */
export function makeShortCode({ platform, release, causes: found }: ShortCodeContent): string {
  const told = found.slice(0, maxCodeCauses);
  const bits: number[] = [];
  const put = (value: number, width: number): void => {
    for (let at = width - 1; at >= 0; at--) bits.push((value >> at) & 1);
  };
  put(formatVersion, 3);
  put(platforms.indexOf(platform), 2);
  put(Math.min(release.major, 3), 2);
  put(release.minor % 16, 4);
  put(found.length > told.length ? 1 : 0, 1);
  for (const code of told) put(causes[code].number, causeBits);
  const length = Math.max(shortest - 1, Math.ceil(bits.length / charBits));
  while (bits.length < length * charBits) bits.push(0);
  const symbols = Array.from({ length }, (_, at) =>
    bits.slice(at * charBits, (at + 1) * charBits).reduce((value: number, bit) => value * 2 + bit, 0),
  );
  // The check character has weight α⁰ = 1.
  const check = weighted([...symbols, 0]) ^ power(length + 1);
  return [...symbols, check].map((symbol) => alphabet[symbol]).join('');
}

/** As people write it down: groups of four. */
export function groupedShortCode(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-');
}

/** A short code's content as read back. */
export interface ShortCodeReading {
  /** In capitals, without hyphens and spaces. */
  readonly code: string;
  readonly platform: ShortCodePlatform;
  readonly release: { readonly major: number; readonly minor: number };
  readonly causes: readonly CauseCode[];
  /** Numbers that this version does not know. */
  readonly unknownCauses: number;
  readonly more: boolean;
}

/**
 * Reads a short code as it was heard: in any case, with spaces or hyphens, I and L for 1, O for 0.
 * @throws Failure `doctor-code-invalid` with `{reason}`: `form`, `check` (misheard), or `version` (made by a later
 *   version of the program)
 */
export function explainShortCode(heard: string): ShortCodeReading {
  const refuse = (reason: 'form' | 'check' | 'version') =>
    new Failure('doctor-code-invalid', { parameters: { reason } });
  const code = heard
    .slice(0, 64)
    .toUpperCase()
    .replace(/[\s\-‐-―]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');
  if (!shortCodeSchema.safeParse(code).success) throw refuse('form');
  const symbols = [...code].map((character) => alphabet.indexOf(character));
  if (weighted(symbols) !== power(symbols.length)) throw refuse('check');
  const bits = symbols
    .slice(0, -1)
    .flatMap((symbol) => [16, 8, 4, 2, 1].map((bit) => (symbol & bit ? 1 : 0)));
  let at = 0;
  const take = (width: number): number => {
    at += width;
    return bits.slice(at - width, at).reduce((value: number, bit) => value * 2 + bit, 0);
  };
  if (take(3) !== formatVersion) throw refuse('version');
  const platform = platforms[take(2)] ?? 'other';
  const release = { major: take(2), minor: take(4) };
  const more = take(1) === 1;
  const found: CauseCode[] = [];
  let unknownCauses = 0;
  while (at + causeBits <= bits.length) {
    const number = take(causeBits);
    if (number === 0) break;
    const known = causeOfNumber(number);
    if (known) found.push(known);
    else unknownCauses += 1;
  }
  // Bits that nobody writes: not a code of ours, whatever its check character says.
  if (bits.slice(at).some((bit) => bit === 1)) throw refuse('check');
  return { code, platform, release, causes: found, unknownCauses, more };
}

/** Product in GF(32) modulo x⁵ + x² + 1, of which α = x is a primitive element. */
function times(one: number, other: number): number {
  let product = 0;
  for (let bit = 0; bit < charBits; bit++) if ((other >> bit) & 1) product ^= one << bit;
  for (let bit = 2 * charBits - 2; bit >= charBits; bit--)
    if ((product >> bit) & 1) product ^= 0b100101 << (bit - charBits);
  return product;
}

function power(exponent: number): number {
  let value = 1;
  for (let count = 0; count < exponent; count++) value = times(value, 2);
  return value;
}

/** Σ αⁱ·cᵢ, i counted from the end. */
function weighted(symbols: readonly number[]): number {
  return symbols.reduce((sum, symbol, at) => sum ^ times(symbol, power(symbols.length - 1 - at)), 0);
}
