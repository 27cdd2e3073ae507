import { describe, expect, it } from 'vitest';
import type { FailureCode } from '../../../electron/contract/failures/catalogue.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { SecretBytes } from '../../../electron/contract/pin/secret-bytes.ts';
import { Iso7816 } from '../../../electron/engine/card/iso7816.ts';
import { failureOf, ScriptedChannel, type ScriptStep } from './scripted-channel.ts';

const padding = { storedLength: 8, padByte: 0xff };

const secret = (digits: string) => new SecretBytes(Uint8Array.from(Buffer.from(digits, 'latin1')));

function card(script: readonly ScriptStep[]) {
  const channel = new ScriptedChannel(script);
  return { channel, iso: new Iso7816(channel) };
}

const allZero = (buffer: Uint8Array) => buffer.every((value) => value === 0);

describe('the command data', () => {
  it('VERIFY, padded and as typed', async () => {
    const { channel, iso } = card([
      ['0020000108 31323334FFFFFFFF', '9000'],
      ['002000850C 313233343536FFFFFFFFFFFF', '9000'],
      ['0020008206 313233343536', '9000'],
      ['002000810C 313233340000000000000000', '9000'],
    ]);
    expect(await iso.verify(0x01, secret('1234'), padding)).toEqual({
      verdict: 'accepted',
      sw: 0x9000,
      triesLeft: undefined,
    });
    await iso.verify(0x85, secret('123456'), { storedLength: 12, padByte: 0xff });
    await iso.verify(0x82, secret('123456'));
    await iso.verify(0x81, secret('1234'), { storedLength: 12, padByte: 0 });
    channel.expectFinished();
  });

  it('CHANGE REFERENCE DATA', async () => {
    const { channel, iso } = card([
      ['0024000210 313131313131FFFF 323232323232FFFF', '9000'],
      ['0024000108 3131313132323232', '9000'],
    ]);
    await iso.changeReferenceData(2, secret('111111'), secret('222222'), padding);
    await iso.changeReferenceData(1, secret('1111'), secret('2222'));
    channel.expectFinished();
  });

  it('RESET RETRY COUNTER, also with a PUK stored in another way, or alone', async () => {
    const { channel, iso } = card([
      ['002C000110 3837363534333231 32323232FFFFFFFF', '9000'],
      ['002C000114 383736353433323100000000 32323232FFFFFFFF', '9000'],
      ['002C010108 3837363534333231', '63C4'],
    ]);
    const puk = secret('87654321');
    await iso.resetRetryCounter(1, puk, secret('2222'), padding);
    await iso.resetRetryCounter(1, puk, secret('2222'), padding, { storedLength: 12, padByte: 0 });
    expect(await iso.resetRetryCounter(1, puk, undefined, padding)).toMatchObject({
      verdict: 'wrong',
      triesLeft: 4,
    });
    channel.expectFinished();
  });
});

describe('after the command', () => {
  it.each(['9000', '63C2', '6983', '6700', '6D00'])('the buffer is zero (%s)', async (sw) => {
    const { channel, iso } = card([['0020000108 31323334FFFFFFFF', sw]]);
    const pin = secret('1234');
    await iso.verify(1, pin, padding);
    expect(channel.buffers.map(allZero)).toEqual([true]);
    // The secret itself belongs to the caller.
    expect(pin.destroyed).toBe(false);
    expect(pin.length).toBe(4);
  });

  it('the buffer is zero when the channel failed, and when the answer is no answer', async () => {
    for (const answer of [new Failure('card-removed'), '90']) {
      const { channel, iso } = card([['0020000108 31323334FFFFFFFF', answer]]);
      await failureOf(iso.verify(1, secret('1234'), padding));
      expect(channel.buffers.map(allZero)).toEqual([true]);
    }
  });

  it.each([
    ['6C08', 'unexpected'],
    ['6108', 'unexpected'],
    ['6700', 'length'],
    ['6881', 'unexpected'],
    ['63C1', 'wrong'],
    ['6F00', 'unexpected'],
  ])('nothing is sent again, whatever the card says (%s)', async (sw, verdict) => {
    const { channel, iso } = card([['0020000108 31323334FFFFFFFF', sw]]);
    expect((await iso.verify(1, secret('1234'), padding)).verdict).toBe(verdict);
    expect(channel.received.length).toBe(1);
  });
});

describe('when the channel fails', () => {
  it.each<FailureCode>([
    'card-removed',
    'card-mute',
    'card-timeout',
    'reader-removed',
    'reader-fault',
    'service-stopped',
    'internal',
  ])('%s: nobody knows whether a try was spent', async (code) => {
    const { channel, iso } = card([['0020000108 31323334FFFFFFFF', new Failure(code)]]);
    const failure = await failureOf(iso.verify(1, secret('1234'), padding));
    expect(failure.code).toBe('pin-outcome-unknown');
    expect(failure.parameters).toEqual({ reason: code });
    expect(channel.received.length).toBe(1);
  });

  it.each<FailureCode>(['reader-busy', 'reader-held', 'card-absent', 'card-changed'])(
    '%s: the command never left',
    async (code) => {
      const { channel, iso } = card([['0020000108 31323334FFFFFFFF', new Failure(code)]]);
      expect((await failureOf(iso.verify(1, secret('1234'), padding))).code).toBe(code);
      expect(channel.received.length).toBe(1);
    },
  );

  it('an answer without a status word leaves the outcome unknown', async () => {
    const { iso } = card([['0020000108 31323334FFFFFFFF', '']]);
    expect((await failureOf(iso.verify(1, secret('1234'), padding))).code).toBe('pin-outcome-unknown');
  });

  it.each([
    ['removed', 'card-removed'],
    ['reader-removed', 'reader-removed'],
    ['service-stopped', 'service-stopped'],
  ] as const)('a card already gone (%s) gets no secret', async (reason, code) => {
    const { channel, iso } = card([]);
    channel.leave(reason);
    await channel.gone;
    expect((await failureOf(iso.verify(1, secret('1234'), padding))).code).toBe(code);
    expect(channel.received).toEqual([]);
  });
});

describe('nothing is sent', () => {
  it('for an empty or destroyed secret', async () => {
    const { channel, iso } = card([]);
    const gone = secret('1234');
    gone.destroy();
    expect((await failureOf(iso.verify(1, secret(''), padding))).code).toBe('pin-length');
    expect((await failureOf(iso.verify(1, gone, padding))).code).toBe('pin-length');
    expect(channel.received).toEqual([]);
  });

  it('for a secret longer than the card stores', async () => {
    const { channel, iso } = card([]);
    expect((await failureOf(iso.verify(1, secret('123456789'), padding))).code).toBe('pin-length');
    expect(
      (await failureOf(iso.changeReferenceData(1, secret('1234'), secret('123456789'), padding))).code,
    ).toBe('pin-length');
    expect(channel.received).toEqual([]);
  });

  it('for secrets that do not fit into one short APDU: a PIN is never chained', async () => {
    const { channel, iso } = card([]);
    expect((await failureOf(iso.verify(1, secret('1'.repeat(256))))).code).toBe('pin-length');
    expect(channel.received).toEqual([]);
  });

  it('beyond the bound on the work', async () => {
    const { channel, iso } = card([]);
    const failure = await failureOf(iso.within(0, () => iso.verify(1, secret('1234'), padding)));
    expect(failure.code).toBe('card-malformed');
    expect(channel.received).toEqual([]);
  });
});
