import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageField, SamlRefused } from '../../../electron/sandbox/saml/index.ts';
import { forAll, must, patience } from '../../fuzz/fuzzing.ts';
import { evilName, genuineName, genuineResponse, readFieldAsService, unsigned } from './exchange.ts';

/**
 * Whatever becomes of a genuine message on its way: it is refused by name, or says what the genuine one says.
 * Nothing else is thrown, and nothing else is believed.
 */

const genuine = genuineResponse();
const expected = readFieldAsService(messageField(genuine));
const bytes = Buffer.from(genuine);

/** True for a refusal, false when the message was taken for what it is; throws for everything else. */
function refused(field: string): boolean {
  try {
    must(isDeepStrictEqual(readFieldAsService(field), expected), `it says something else: ${field}`);
    return false;
  } catch (error) {
    if (error instanceof SamlRefused) return true;
    throw error;
  }
}

/** Pieces that change what XML means. */
const pieces = fc.constantFrom(
  ...'< > / & " = : # <!-- --> <![CDATA[ ]]> <?x?> &amp; &#x41; &lt; xmlns="" </saml:NameID> <saml:NameID>'.split(
    ' ',
  ),
  ...[
    "'",
    ' ',
    '\n',
    '\u0000',
    'ț',
    '\ufeff',
    '\u2028',
    '<!DOCTYPE x>',
    ' ID="_response-1"',
    ' xmlns:saml="urn:x"',
  ],
  ...[genuineName, evilName, unsigned(genuine), '</samlp:Response>'],
);
const at = fc.nat(bytes.length);
const change = fc.oneof(
  fc.record({ at, remove: fc.nat(8), put: pieces }),
  fc.record({ at, remove: fc.constant(1), put: fc.string({ minLength: 1, maxLength: 2 }) }),
  fc.record({ at, remove: fc.nat(2_000), put: fc.constant('') }),
);

describe('a message that was changed on its way', { timeout: patience }, () => {
  it('is refused, or is what it was: a few bytes', async () => {
    await forAll(
      150,
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = bytes;
        for (const { at, remove, put } of changes) {
          text = Buffer.concat([text.subarray(0, at), Buffer.from(put), text.subarray(at + remove)]);
        }
        refused(text.toString('base64'));
      }),
    );
  });

  it('is refused, or is what it was: a single bit', async () => {
    await forAll(
      150,
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (index, bit) => {
        const text = Buffer.from(bytes);
        text[index] = (text[index] ?? 0) ^ (1 << bit);
        refused(text.toString('base64'));
      }),
    );
  });

  it('is refused, or is what it was: parts of it moved, doubled and nested', async () => {
    const parts = [...genuine.matchAll(/<(saml|samlp|ds):(\w+)[ >]/g)].flatMap(
      ({ 0: start, 1: prefix, 2: name, index }) => {
        const end = genuine.indexOf(`</${prefix}:${name}>`, index);
        return start === undefined || end < 0
          ? []
          : [genuine.slice(index, end + `</${prefix}:${name}>`.length)];
      },
    );
    expect(parts.length).toBeGreaterThan(15);
    const places = [...genuine.matchAll(/></g)].map(({ index }) => index + 1);
    const one = fc.record({
      part: fc.constantFrom(...parts),
      place: fc.constantFrom(...places),
      remove: fc.boolean(),
      forge: fc.boolean(),
    });
    await forAll(
      150,
      fc.property(one, ({ part, place, remove, forge }) => {
        const put = forge ? part.replaceAll(genuineName, evilName).replaceAll('ID="_', 'ID="_e') : part;
        const before = genuine.slice(0, place);
        const after = genuine.slice(place);
        const text = remove ? before.replace(part, '') + put + after.replace(part, '') : before + put + after;
        refused(messageField(text));
      }),
    );
  });

  it('is refused when it is noise', async () => {
    await forAll(
      150,
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.uint8Array().map((one) => Buffer.from(one).toString('base64')),
        ),
        (field) => {
          must(refused(field), 'noise was taken');
        },
      ),
    );
  });
});
