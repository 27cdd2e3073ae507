import { describe, expect, it } from 'vitest';
import { observeCommand } from '../../../../electron/engine/diagnostics/observing/observed-command.ts';
import { bytes } from '../../card/scripted-channel.ts';

/** APDUs typed by hand after ISO 7816-4, 5.2; what observers may see of them. */
describe('what an observer sees of a command', () => {
  it.each([
    ['VERIFY', '002000010431323334'],
    ['VERIFY with padding', '002000850C313233343536FFFFFFFFFFFF'],
    ['VERIFY, odd instruction', '002100010431323334'],
    ['VERIFY of another class', '802000010431323334'],
    ['VERIFY in extended form', '0020000100000431323334'],
    ['CHANGE REFERENCE DATA', '00240001083132333435363738'],
    ['RESET RETRY COUNTER', '002C00010C313233343536373831323334'],
    ['a chained part of it', '102C00010C313233343536373831323334'],
    ['VERIFY whose length does not add up', '0020000109313233'],
  ])('%s: a secret, not even its length', (_, apdu) => {
    expect(observeCommand(bytes(apdu)).data).toEqual({ kind: 'secret' });
  });

  it.each([
    ['SELECT by AID', '00A404000CA000000063504B43532D313500', 'A000000063504B43532D3135', 256],
    ['SELECT by path', '00A4080C0450155031', '50155031', undefined],
    ['SELECT in extended form', '00A400000000023F000100', '3F00', 256],
    ['MSE SET', '002241B606800112840101', '800112840101', undefined],
    ['GET DATA with a tag list', '00CB3FFF0A4D087006BF810102A08000', '4D087006BF810102A080', 256],
  ])('%s: in full', (_, apdu, data, expected) => {
    const seen = observeCommand(bytes(apdu));
    expect(seen.data?.kind === 'open' && Buffer.from(seen.data.bytes).toString('hex').toUpperCase()).toBe(
      data,
    );
    expect(seen.expected).toBe(expected);
  });

  it.each([
    ['PSO: COMPUTE DIGITAL SIGNATURE', '002A9E9A04AABBCCDD00', 4],
    ['INTERNAL AUTHENTICATE', '0088000003AABBCC00', 3],
    ['UPDATE BINARY', '00D6000003AABBCC', 3],
    ['an unknown instruction', '00F1000003AABBCC', 3],
    ['SELECT of another class', '80A4040003AABBCC', 3],
    ['SELECT under secure messaging', '0CA4040003AABBCC', 3],
    ['SELECT with more than any name has', `00A4040011${'41'.repeat(17)}`, 17],
    ['MSE with a template of other objects', '002241A6059103AABBCC', 5],
    ['MSE with a long value', '002241B60784053132333435', 7],
    ['GET DATA without a tag list', '00CB3FFF0431323334', 4],
    ['bytes after the length', '00B0000002AABBCCDD', 5],
  ])('%s: how long it is', (_, apdu, length) => {
    expect(observeCommand(bytes(apdu)).data).toEqual({ kind: 'withheld', length });
  });

  it('tells Ne and the form', () => {
    expect(observeCommand(bytes('00B0000000'))).toMatchObject({ expected: 256, extended: false });
    expect(observeCommand(bytes('00B00000000000'))).toMatchObject({ expected: 65_536, extended: true });
    expect(observeCommand(bytes('00200001'))).toMatchObject({ p2: 1, data: undefined, expected: undefined });
  });
});
