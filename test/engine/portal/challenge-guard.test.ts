import { createCipheriv, randomBytes, randomFillSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure } from '../../../electron/contract/failures/failure.ts';
import { findFlaw, GuardedChallenge } from '../../../electron/engine/portal/challenge-guard.ts';

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** The flaw that stops a text offered as challenge; undefined when it passes. */
function stopped(base64: string): unknown {
  try {
    GuardedChallenge.from(base64);
    return undefined;
  } catch (thrown) {
    return isFailure(thrown, 'challenge-refused') ? thrown.parameters.reason : thrown;
  }
}

/** 32 bytes with nothing about them, fixed so that the cases below cannot be chance. */
const good = hex('8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c6048fe99a62d537');

describe('what may be signed at a sign-in', () => {
  it('is 32 bytes that mean nothing, and what is signed is their digest', () => {
    expect(findFlaw(good)).toBeNull();
    const challenge = GuardedChallenge.from('jzrB0nvgRZYU96pdDJPoayGdWEL+dzCxxgSP6Zpi1Tc=');
    // Digests by sha256sum and sha384sum.
    expect(Buffer.from(challenge.digest('SHA-256')).toString('hex')).toBe(
      '52631aeae805188b32a33514e994e0656933469185edd2f77fa86b9044f08796',
    );
    expect(Buffer.from(challenge.digest('SHA-384')).toString('hex')).toBe(
      'f5d58c4eac2b24c0cb7642665317df39609c378761e265fd6745047f3502b0a3a084a3bafb017b107fe1df9278385920',
    );
    expect(challenge.digest('SHA-512')).toHaveLength(64);
  });

  it.each([0, 1, 16, 20, 31, 33, 48, 64, 1024])('is nothing of %i bytes', (length) => {
    expect(stopped(randomBytes(length).toString('base64'))).toBe('length');
  });

  it.each([
    ['base64url', 'jzrB0nvgRZYU96pdDJPoayGdWEL-dzCxxgSP6Zpi1Tc='],
    ['no padding', 'jzrB0nvgRZYU96pdDJPoayGdWEL+dzCxxgSP6Zpi1Tc'],
    ['a line end', 'jzrB0nvgRZYU96pdDJPoayGdWEL+dzCxxgSP6Zpi1Tc=\n'],
    ['a space inside', 'jzrB0nvg RZYU96pdDJPoayGdWEL+dzCxxgSP6Zpi1Tc='],
    ['bits after the end', 'jzrB0nvgRZYU96pdDJPoayGdWEL+dzCxxgSP6Zpi1Td='],
    ['hexadecimal', '8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c6048fe99a62d537'],
    ['far too much', 'A'.repeat(100_000)],
  ])('is strict base64: %s', (_what, text) => {
    expect(['encoding', 'length']).toContain(stopped(text));
  });

  it.each([
    // SignedAttributes { messageDigest } that fit 32 bytes.
    ['CMS SignedAttributes', '311e 301c 0609 2a864886f70d010904 310f 040d 8f3ac1d27be0459614f7aa5d0c'],
    ['SEQUENCE of OCTET STRING', '301e 041c 8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c6048fe9'],
    ['SEQUENCE of INTEGERs', '301e 020d 0f3ac1d27be0459614f7aa5d0c 020d 219d5842fe7730b1c6048fe99a'],
    ['DigestInfo', '301e 3009 0605 2b0e03021a 0500 0411 8f3ac1d27be0459614f7aa5d0c93e86b21'],
    ['SET of UTF8String', '311e 0c1c 53656d6e657ac4836d20746f7420ce3a7665c5a36920c5a36920ceae'],
    ['[0] implicit', 'a01e 301c 0609 2a864886f70d010904 310f 040d 8f3ac1d27be0459614f7aa5d0c'],
    ['long form of the length', '30811d 041b 8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c6048f'],
    ['longer form of the length', '3084 0000001a 0418 8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1'],
    ['indefinite length', '3080 041a 8f3ac1d27be0459614f7aa5d0c93e86b219d5842fe7730b1c604 0000'],
    [
      'OCTET STRING around a SEQUENCE',
      '041e 301c 0609 2a864886f70d010904 310f 040d 8f3ac1d27be0459614f7aa5d0c',
    ],
    [
      'BIT STRING around a SEQUENCE',
      '031e 00 301b 0609 2a864886f70d010904 310e 040c 8f3ac1d27be0459614f7aa5d',
    ],
  ])('is no ASN.1: %s', (_what, text) => {
    const bytes = hex(text);
    expect(bytes).toHaveLength(32);
    expect(stopped(Buffer.from(bytes).toString('base64'))).toBe('asn1');
  });

  it.each([
    ['ASCII', Buffer.from('Sunt de acord cu vanzarea casei.')],
    ['hexadecimal', Buffer.from('8f3ac1d27be0459614f7aa5d0c93e86b')],
    ['base64', Buffer.from('jzrB0nvgRZYU96pdDJPoayGdWEL+dzCx')],
    ['Romanian', Buffer.from('Împuternicire în alb, ștefan.')],
    ['Russian', Buffer.from('Согласен на всё!!!!')],
    ['a text filled up with zeros', Buffer.concat([Buffer.from('Plătesc o mie de lei'), Buffer.alloc(11)])],
    [
      'a text with a few bytes around it',
      Buffer.concat([hex('0102'), Buffer.from('pay 1000 lei to the bearer!!'), hex('ff80')]),
    ],
    ['UTF-16', Buffer.from('Dau totul vecin.', 'utf16le')],
    ['UTF-16, Cyrillic', Buffer.from('Отдаю всё соседу', 'utf16le').swap16()],
  ])('is no text: %s', (_what, bytes) => {
    expect(bytes).toHaveLength(32);
    expect(findFlaw(bytes)).toBe('text');
  });

  it.each([
    ['zeros', Buffer.alloc(32)],
    ['ones', Buffer.alloc(32, 0xff)],
    ['one byte again and again', Buffer.alloc(32, 0xa7)],
    ['two bytes in turn', Buffer.alloc(32, hex('c19e'))],
    ['sixteen bytes twice', Buffer.concat([good.subarray(0, 16), good.subarray(0, 16)])],
    ['a counter before zeros', Buffer.concat([hex('8000000000000001'), Buffer.alloc(24)])],
  ])('is no pattern: %s', (_what, bytes) => {
    expect(findFlaw(bytes)).toBe('pattern');
  });

  it('lets random bytes through: fewer than one in 2^20 is refused', () => {
    // The same bytes in every run (AES in counter mode): with fresh ones, one run in ten would meet one that is refused.
    const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16));
    const zeros = Buffer.alloc(32);
    let refused = 0;
    for (let count = 0; count < 100_000; count += 1) {
      if (findFlaw(stream.update(zeros)) !== null) refused += 1;
    }
    expect(refused).toBe(0);
  });

  it('needs well-formed contents too, not only a tag and a length: the costliest part of the calculation', () => {
    const samples = 50_000;
    const bytes = Buffer.alloc(32);
    let refused = 0;
    for (let count = 0; count < samples; count += 1) {
      randomFillSync(bytes);
      bytes.set([0x30, 0x1e]);
      if (findFlaw(bytes) !== null) refused += 1;
    }
    // Twelve tags of 256, one length of 256, and this share of the contents.
    const share = refused / samples;
    expect((12 / 65_536) * share).toBeLessThan(2 ** -21);
  });

  it('fails in no other way, whatever text comes', () => {
    const texts = fc.oneof(fc.string(), fc.base64String(), fc.uint8Array({ maxLength: 64 }));
    const run = fc.check(
      fc.property(texts, (input) => {
        const text = typeof input === 'string' ? input : Buffer.from(input).toString('base64');
        const flaw = stopped(text);
        return flaw === undefined || ['encoding', 'length', 'pattern', 'text', 'asn1'].includes(String(flaw));
      }),
      { numRuns: 5_000 },
    );
    expect(run.counterexample).toBeNull();
  });

  it('refuses two elements of any length in a SEQUENCE of 32 bytes', () => {
    const run = fc.check(
      fc.property(fc.uint8Array({ maxLength: 26 }), fc.constantFrom(0x30, 0x31, 0xa0, 0xa3), (first, tag) => {
        const rest = randomBytes(26 - first.length);
        const bytes = Uint8Array.of(tag, 0x1e, 0x04, first.length, ...first, 0x04, rest.length, ...rest);
        return bytes.length === 32 && findFlaw(bytes) !== null;
      }),
      { numRuns: 1_000 },
    );
    expect(run.counterexample).toBeNull();
  });
});
