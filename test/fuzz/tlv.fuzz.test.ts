import fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseFileControlInformation } from '../../electron/engine/card/file-control.ts';
import { objectList, oneSequence, sequenceLength } from '../../electron/engine/card/pkcs15/file-access.ts';
import { encodeTlv, readTlv, readTlvHeader, readTlvList, type Tlv } from '../../electron/engine/card/tlv.ts';
import { aodf, cdf, efDir, efTokenInfo, prkdf } from '../engine/card/pkcs15/example-files.ts';
import { forAll, holds, mutated, outcome, patience } from './fuzzing.ts';

const valid = [aodf.file, cdf.file, prkdf.file, efDir, efTokenInfo];
const input = fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated(valid));

/** Visits all there is; counts it. */
function walk(list: readonly Tlv[]): number {
  return list.reduce((sum, object) => {
    const inside = object.constructed ? outcome(() => walk(object.children())) : { value: 0 };
    return sum + 1 + ('value' in inside ? inside.value : 0);
  }, 0);
}

/** A data object as a plain tree, to be written by a writer of its own. */
type Tree = { readonly tag: readonly number[]; readonly content: Tree[] | Uint8Array };

function write({ tag, content }: Tree, longLength: boolean): Buffer {
  const value =
    content instanceof Uint8Array
      ? Buffer.from(content)
      : Buffer.concat(content.map((t) => write(t, longLength)));
  const length =
    longLength || value.length > 0x7f ? [0x82, value.length >> 8, value.length & 0xff] : [value.length];
  return Buffer.concat([Buffer.from([...tag, ...length]), value]);
}

const primitiveTag = fc.constantFrom([0x04], [0x80], [0x5f, 0x2f], [0x9f, 0x81, 0x01]);
const constructedTag = fc.constantFrom([0x30], [0xa1], [0x7f, 0x66], [0xbf, 0x81, 0x01]);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.record({ tag: primitiveTag, content: fc.uint8Array({ maxLength: 140 }) }),
    fc.record({ tag: constructedTag, content: fc.array(tie('tree'), { maxLength: 3 }) }),
  ),
}));

function same(object: Tlv, { tag, content }: Tree): boolean {
  if (object.tag !== tag.reduce((sum, byte) => sum * 256 + byte, 0)) return false;
  if (content instanceof Uint8Array) return Buffer.from(object.value).equals(content);
  const children = object.children();
  return (
    children.length === content.length && content.every((child, index) => same(children[index] as Tlv, child))
  );
}

describe('TLV', { timeout: patience }, () => {
  it('any bytes: a list within its bounds, or card-malformed', async () => {
    await forAll(
      12_000,
      fc.property(input, fc.boolean(), (bytes, padding) => {
        const result = outcome(() => readTlvList(bytes, { padding }));
        if ('failure' in result) return result.failure.code === 'card-malformed';
        return walk(result.value) <= 1024;
      }),
    );
  });

  it('one object, headers and lengths: the same promise', async () => {
    await forAll(
      6_000,
      fc.property(
        input,
        fc.nat(70),
        (bytes, offset) =>
          holds(() => readTlv(bytes)) &&
          holds(() => readTlvHeader(bytes, offset)) &&
          holds(() => objectList(bytes)) &&
          // These two never fail.
          'value' in outcome(() => sequenceLength(bytes)) &&
          'value' in outcome(() => oneSequence(bytes)) &&
          'value' in outcome(() => parseFileControlInformation(bytes)),
      ),
    );
  });

  it('what another writer wrote is read as it was meant', async () => {
    await forAll(
      3_000,
      fc.property(tree, fc.boolean(), (written, longLength) =>
        same(readTlv(Uint8Array.from(write(written, longLength))), written),
      ),
    );
  });

  it('what encodeTlv writes is read back', async () => {
    await forAll(
      1_000,
      fc.property(
        fc.constantFrom(0x04, 0x80, 0x7f66, 0xbf8101, 0x30),
        fc.uint8Array({ maxLength: 300 }),
        (tag, value) => {
          const object = readTlv(encodeTlv(tag, value));
          return object.tag === tag && Buffer.from(object.value).equals(value);
        },
      ),
    );
  });
});
