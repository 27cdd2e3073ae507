import fc from 'fast-check';
import { describe, it } from 'vitest';
import { parseAodf } from '../../electron/engine/card/pkcs15/aodf.ts';
import { parseCdf } from '../../electron/engine/card/pkcs15/cdf.ts';
import {
  contradictions,
  keyOfCertificate,
  markUnblockers,
  pinOfKey,
  unblockerOfPin,
} from '../../electron/engine/card/pkcs15/consistency.ts';
import { parseEfDir } from '../../electron/engine/card/pkcs15/ef-dir.ts';
import { parseOdf } from '../../electron/engine/card/pkcs15/ef-odf.ts';
import { parsePrkdf } from '../../electron/engine/card/pkcs15/prkdf.ts';
import { parseTokenInfo } from '../../electron/engine/card/pkcs15/token-info.ts';
import { aodf, cdf, efDir, efOdf, efTokenInfo, prkdf } from '../engine/card/pkcs15/example-files.ts';
import { forAll, holds, must, mutated, outcome, patience } from './fuzzing.ts';

const everyFile = [efDir, efOdf, efTokenInfo, aodf.file, prkdf.file, cdf.file];

describe('PKCS#15 files, mutated: a model within its bounds, or card-malformed', {
  timeout: patience,
}, () => {
  it.each([
    ['EF.DIR', efDir, (bytes: Uint8Array) => parseEfDir(bytes).length <= 16],
    ['EF.ODF', efOdf, (bytes: Uint8Array) => parseOdf(bytes).length <= 32],
    ['EF.TokenInfo', efTokenInfo, (bytes: Uint8Array) => parseTokenInfo(bytes).label.length <= 255],
    [
      'AODF',
      aodf.file,
      (bytes: Uint8Array) =>
        parseAodf(bytes).objects.every(
          ({ reference, storedLength, minLength, maxLength, label }) =>
            reference >= 0 &&
            reference <= 255 &&
            [storedLength, minLength, maxLength].every((length) => length >= 0 && length <= 255) &&
            label.length <= 255,
        ),
    ],
    [
      'PrKDF',
      prkdf.file,
      (bytes: Uint8Array) =>
        parsePrkdf(bytes).objects.every(
          ({ keyReference, modulusLength, path }) =>
            (keyReference ?? 0) <= 0xffff && (modulusLength ?? 0) <= 16_384 && (path?.file.length ?? 0) <= 16,
        ),
    ],
    [
      'CDF',
      cdf.file,
      (bytes: Uint8Array) =>
        parseCdf(bytes).objects.every(
          ({ source }) =>
            source.kind === 'direct' || (source.path.file.length > 0 && source.path.file.length % 2 === 0),
        ),
    ],
  ])('%s', async (_, file, within) => {
    await forAll(
      2_500,
      fc.property(fc.oneof({ arbitrary: mutated([file]), weight: 4 }, mutated(everyFile)), (bytes) => {
        const result = outcome(() => within(bytes));
        return 'value' in result ? result.value : result.failure.code === 'card-malformed';
      }),
    );
  });

  it('every kind of file given to every parser', async () => {
    await forAll(
      2_000,
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), mutated(everyFile)), (bytes) =>
        [parseEfDir, parseOdf, parseTokenInfo, parseAodf, parsePrkdf, parseCdf].every((parse) =>
          holds(() => parse(bytes)),
        ),
      ),
    );
  });

  it('objects that contradict each other in every way', async () => {
    const objects = fc.tuple(mutated([aodf.file]), mutated([prkdf.file]), mutated([cdf.file]));
    await forAll(
      2_500,
      fc.property(objects, ([pinFile, keyFile, certificateFile]) => {
        const card = {
          pins: markUnblockers(listOf(() => parseAodf(pinFile))),
          keys: listOf(() => parsePrkdf(keyFile)),
          certificates: listOf(() => parseCdf(certificateFile)),
        };
        const remarks = contradictions(card);
        for (const key of card.keys) {
          const pin = pinOfKey(card, key);
          if (pin) must(pin.authId === key.authId, 'another PIN');
          else
            must(key.authId === undefined || remarks.length > 0, 'not a word about a PIN that is not found');
        }
        for (const pin of card.pins) must(unblockerOfPin(card, pin) !== pin, 'a PIN unblocks itself');
        for (const certificate of card.certificates) {
          const key = keyOfCertificate(card, certificate);
          must(key === undefined || key.id === certificate.id, 'another key');
        }
      }),
    );
  });
});

function listOf<T>(parse: () => { readonly objects: readonly T[] }): readonly T[] {
  const result = outcome(parse);
  return 'value' in result ? result.value.objects : [];
}
