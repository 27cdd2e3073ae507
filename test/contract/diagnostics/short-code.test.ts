import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CauseCode, causeCodes } from '../../../electron/contract/diagnostics/causes.ts';
import {
  explainShortCode,
  groupedShortCode,
  makeShortCode,
  maxCodeCauses,
  shortCodeSchema,
} from '../../../electron/contract/diagnostics/short-code.ts';

const alphabet = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const code = (...causes: CauseCode[]) =>
  makeShortCode({ platform: 'linux', release: { major: 0, minor: 1 }, causes });
const refusal = (text: string) => {
  try {
    explainShortCode(text);
    return undefined;
  } catch (thrown) {
    return (thrown as { parameters?: { reason?: string } }).parameters?.reason;
  }
};

/** GF(32) by a table of logarithms, made another way than the code under test does. */
function fieldSum(text: string): number {
  const powers = [1];
  while (powers.length < 31) {
    const next = (powers.at(-1) as number) << 1;
    powers.push(next > 31 ? next ^ 37 : next);
  }
  return [...text].reverse().reduce((sum, character, at) => {
    const value = alphabet.indexOf(character);
    return value === 0 ? sum : sum ^ (powers[(powers.indexOf(value) + at) % 31] as number);
  }, 0);
}

describe('the short code', () => {
  it('is 8 characters without findings and at most 12, without letters that are misheard', () => {
    expect(code()).toHaveLength(8);
    expect(code('card-mute')).toHaveLength(8);
    expect(code(...causeCodes)).toHaveLength(12);
    for (const one of [code(), code('card-mute'), code(...causeCodes)]) {
      expect(one).toMatch(/^[0-9A-HJKMNP-TV-Z]{8,12}$/);
      expect(shortCodeSchema.safeParse(one).success).toBe(true);
    }
  });

  it('has the bits where its description puts them', () => {
    // 000 (version) 00 (linux) 00 (major 0) 0001 (minor 1) 0 (no more) 0100010 (34, card-mute), then zeros:
    // 00000 00000 10010 00100 00000 00000 00000 → 0 0 J 4 0 0 0
    const made = code('card-mute');
    expect(made.slice(0, 7)).toBe('00J4000');
    // α⁸ in GF(32) over x⁵+x²+1: 1 2 4 8 16 5 10 20 13
    expect(fieldSum(made)).toBe(13);
  });

  it('brings back what was found, in order', () => {
    const causes: CauseCode[] = ['service-disabled', 'clock-wrong', 'disk-low'];
    expect(explainShortCode(code(...causes))).toEqual({
      code: code(...causes),
      platform: 'linux',
      release: { major: 0, minor: 1 },
      causes,
      unknownCauses: 0,
      more: false,
    });
    const all = explainShortCode(code(...causeCodes));
    expect(all.causes).toEqual(causeCodes.slice(0, maxCodeCauses));
    expect(all.more).toBe(true);
  });

  it('brings back anything that can be found, on every platform', () => {
    const found = fc.uniqueArray(fc.constantFrom(...causeCodes), { maxLength: 9 });
    const platform = fc.constantFrom('linux', 'win32', 'darwin', 'other');
    fc.assert(
      fc.property(found, platform, fc.nat(3), fc.nat(15), (causes, on, major, minor) => {
        const read = explainShortCode(makeShortCode({ platform: on, release: { major, minor }, causes }));
        expect(read).toMatchObject({ platform: on, release: { major, minor }, more: causes.length > 6 });
        expect(read.causes).toEqual(causes.slice(0, 6));
      }),
    );
  });

  it('is read in any case, with gaps and look-alikes', () => {
    const made = code('service-not-installed', 'pin1-blocked');
    expect(explainShortCode(` ${groupedShortCode(made).toLowerCase()} `).code).toBe(made);
    expect(explainShortCode(made.replaceAll('0', 'o').replaceAll('1', 'l')).code).toBe(made);
    expect(groupedShortCode('ABCDEFGHJKMN')).toBe('ABCD-EFGH-JKMN');
    expect(groupedShortCode('ABCDEFGHJ')).toBe('ABCD-EFGH-J');
  });

  const samples = [
    code(),
    code('card-mute'),
    code('reader-held', 'clock-wrong', 'portal-slow'),
    code('pin1-blocked', 'pin2-blocked', 'puk-blocked', 'disk-full'),
    code('certificate-revoked', 'proxy-refuses', 'app-sandboxed', 'disk-low', 'locale-not-utf8'),
    code(...[...causeCodes].reverse()),
  ];

  it('finds every single wrong character', () => {
    let tried = 0;
    const passed = samples.flatMap((made) =>
      [...made].flatMap((right, at) =>
        alphabet
          .filter((wrong) => wrong !== right)
          .map((wrong) => made.slice(0, at) + wrong + made.slice(at + 1))
          .filter((heard) => {
            tried += 1;
            return refusal(heard) !== 'check';
          }),
      ),
    );
    expect(passed).toEqual([]);
    expect(new Set(samples.map(({ length }) => length)).size).toBeGreaterThanOrEqual(4);
    expect(tried).toBe(samples.reduce((sum, { length }) => sum + length * 31, 0));
  });

  it('finds every swap of two neighbours, whatever they are', () => {
    // The sum is linear, so it is enough to swap every pair of characters at every place of one code of each length.
    const passed: string[] = [];
    for (const made of samples) {
      for (let at = 0; at + 1 < made.length; at++) {
        for (const one of alphabet) {
          for (const other of alphabet) {
            if (one === other) continue;
            const pair = made.slice(0, at) + one + other + made.slice(at + 2);
            const swapped = made.slice(0, at) + other + one + made.slice(at + 2);
            // Both cannot be right.
            if (refusal(pair) !== 'check' && refusal(swapped) !== 'check') passed.push(`${pair} ${swapped}`);
          }
        }
      }
    }
    expect(passed).toEqual([]);
  });

  it('is refused with a reason when it is none', () => {
    expect(refusal('')).toBe('form');
    expect(refusal('ABC')).toBe('form');
    expect(refusal('UUUUUUUU')).toBe('form');
    expect(refusal('0'.repeat(13))).toBe('form');
    expect(refusal('00000000')).toBe('check');
    // A code of a later format: version 1 in the first three bits.
    const later = [...alphabet].map((check) => `4000000${check}`).find((heard) => fieldSum(heard) === 13);
    expect(refusal(later ?? '')).toBe('version');
  });

  it('says how many causes it does not know', () => {
    // 127 belongs to nobody yet: 000 00 00 0001 0 1111111 …
    // 00000 00000 10111 11110 00000 00000 00000 → 0 0 Q Y 0 0 0
    const newer = alphabet.map((check) => `00QY000${check}`).find((heard) => fieldSum(heard) === 13);
    expect(explainShortCode(newer ?? '')).toMatchObject({ causes: [], unknownCauses: 1, more: false });
  });
});
