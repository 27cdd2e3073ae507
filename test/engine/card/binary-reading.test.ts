import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { parseCardCapabilities } from '../../../electron/engine/card/atr.ts';
import { Iso7816 } from '../../../electron/engine/card/iso7816.ts';
import { statusOf } from '../../../electron/engine/card/status-word.ts';
import { failureOf, ScriptedChannel, type ScriptStep } from './scripted-channel.ts';

const of = (length: number) => 'A5'.repeat(length);

function card(script: readonly ScriptStep[], extended = false) {
  const channel = new ScriptedChannel(script);
  const iso = new Iso7816(channel);
  const capabilities = parseCardCapabilities(Uint8Array.of(0x84, 0x21, 0xe0));
  if (extended && capabilities) iso.adoptCapabilities(capabilities);
  return { channel, iso };
}

describe('without a known size', () => {
  it('a short block is the end', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B0010000', `${of(10)}9000`],
    ]);
    expect((await iso.readBinary()).length).toBe(266);
    channel.expectFinished();
  });

  it('6282 is the end, its data included', async () => {
    const { channel, iso } = card([['00B0000000', `${of(256)}6282`]]);
    expect((await iso.readBinary()).length).toBe(256);
    channel.expectFinished();
  });

  it('6B00 behind the last byte is the end', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B0010000', '6B00'],
    ]);
    expect((await iso.readBinary()).length).toBe(256);
    channel.expectFinished();
  });

  it('6Cxx tells the length of the last block', async () => {
    const { channel, iso } = card([
      ['00B0000000', '6C0A'],
      ['00B000000A', `${of(10)}9000`],
    ]);
    expect((await iso.readBinary()).length).toBe(10);
    channel.expectFinished();
  });

  it('an empty file is empty', async () => {
    const { iso } = card([['00B0000000', '9000']]);
    expect((await iso.readBinary()).length).toBe(0);
  });
});

describe('with a known size', () => {
  it('asks for what is there', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B001002C', `${of(44)}9000`],
    ]);
    expect((await iso.readBinary({ size: 300 })).length).toBe(300);
    channel.expectFinished();
  });

  it('goes on after a short block, which a card may send for reasons of its own', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(128)}9000`],
      ['00B00080AC', `${of(128)}9000`],
      ['00B001002C', `${of(44)}9000`],
    ]);
    expect((await iso.readBinary({ size: 300 })).length).toBe(300);
    channel.expectFinished();
  });

  it('ends early when the card has no more', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B001002C', `${of(4)}6282`],
    ]);
    expect((await iso.readBinary({ size: 300 })).length).toBe(260);
    channel.expectFinished();
  });

  it('ends when the card sends nothing more, without a word', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B001002C', '9000'],
    ]);
    expect((await iso.readBinary({ size: 300 })).length).toBe(256);
    channel.expectFinished();
  });

  it('does not believe a size of zero or beyond 64 KiB', async () => {
    for (const size of [0, 65_537, 0xffffffff]) {
      const { channel, iso } = card([['00B0000000', `${of(3)}9000`]]);
      expect((await iso.readBinary({ size })).length).toBe(3);
      channel.expectFinished();
    }
  });

  it('reads a part of a file', async () => {
    const { channel, iso } = card([['00B0010510', `${of(16)}9000`]]);
    expect((await iso.readBinary({ size: 2000, offset: 0x105, length: 16 })).length).toBe(16);
    channel.expectFinished();
  });

  it('stops when enough has come', async () => {
    const { channel, iso } = card([
      ['00B0000000', `${of(256)}9000`],
      ['00B0010005', `${of(5)}9000`],
    ]);
    const seen: number[] = [];
    const enough = (soFar: Uint8Array) => {
      seen.push(soFar.length);
      return 261;
    };
    expect((await iso.readBinary({ size: 4000, enough })).length).toBe(261);
    expect(seen).toEqual([256]);
    channel.expectFinished();
  });
});

describe('with extended length', () => {
  it('a whole file comes with one command', async () => {
    const { channel, iso } = card([['00B00000000533', `${of(0x533)}9000`]], true);
    expect((await iso.readBinary({ size: 0x533 })).length).toBe(0x533);
    channel.expectFinished();
  });

  it('a file of up to 256 bytes is asked for in short form', async () => {
    const { channel, iso } = card([['00B0000000', `${of(256)}9000`]], true);
    expect((await iso.readBinary({ size: 256 })).length).toBe(256);
    channel.expectFinished();
  });

  it('a size that is not known is not asked for', async () => {
    const { channel, iso } = card([['00B0000000', `${of(3)}9000`]], true);
    await iso.readBinary();
    channel.expectFinished();
  });

  it.each(['6700', '6B00', '6881', '6F00'])(
    'a refusal (%s) leads to short commands, for good',
    async (sw) => {
      const { channel, iso } = card(
        [
          ['00B0000000012C', sw],
          ['00B0000000', `${of(256)}9000`],
          ['00B001002C', `${of(44)}9000`],
          ['00B0000000', `${of(256)}9000`],
          ['00B001002C', `${of(44)}9000`],
        ],
        true,
      );
      expect((await iso.readBinary({ size: 300 })).length).toBe(300);
      expect((await iso.readBinary({ size: 300 })).length).toBe(300);
      channel.expectFinished();
    },
  );

  it('a reader that cannot carry it leads to short commands', async () => {
    const { channel, iso } = card(
      [
        ['00B0000000012C', new Failure('reader-fault')],
        ['00B0000000', `${of(256)}9000`],
        ['00B001002C', `${of(44)}9000`],
      ],
      true,
    );
    expect((await iso.readBinary({ size: 300 })).length).toBe(300);
    channel.expectFinished();
  });

  it('a card that is gone is gone', async () => {
    const { channel, iso } = card([['00B0000000012C', new Failure('card-removed')]], true);
    expect((await failureOf(iso.readBinary({ size: 300 }))).code).toBe('card-removed');
    channel.expectFinished();
  });

  it('61xx and short answers are put together', async () => {
    const { channel, iso } = card(
      [
        ['00B0000000012C', `${of(200)}6164`],
        ['00C0000064', `${of(50)}9000`],
        ['00B000FA32', `${of(50)}9000`],
      ],
      true,
    );
    expect((await iso.readBinary({ size: 300 })).length).toBe(300);
    channel.expectFinished();
  });
});

describe('refused lengths', () => {
  it('lead to smaller blocks, which stay', async () => {
    const { channel, iso } = card([
      ['00B0000000', '6700'],
      ['00B00000E0', '6700'],
      ['00B00000C0', `${of(192)}9000`],
      ['00B000C06C', `${of(108)}9000`],
    ]);
    expect((await iso.readBinary({ size: 300 })).length).toBe(300);
    channel.expectFinished();
  });

  it('end with the smallest', async () => {
    const refusals: ScriptStep[] = ['00', 'E0', 'C0', '80', '40'].map((le) => [`00B00000${le}`, '6700']);
    const { channel, iso } = card(refusals);
    expect(statusOf(await failureOf(iso.readBinary()))).toBe(0x6700);
    channel.expectFinished();
  });

  it('a block size from outside is kept to, extended length or not', async () => {
    const { channel, iso } = card(
      [
        ['00B00000C0', `${of(192)}9000`],
        ['00B000C06C', `${of(108)}9000`],
      ],
      true,
    );
    expect((await iso.readBinary({ size: 300, blockSize: 0xc0 })).length).toBe(300);
    channel.expectFinished();
  });
});

describe('refusals', () => {
  it.each([0x6982, 0x6a82, 0x6981, 0x6986, 0x6d00])('%i is passed on', async (sw) => {
    const { iso } = card([['00B0000000', sw.toString(16)]]);
    expect(statusOf(await failureOf(iso.readBinary()))).toBe(sw);
  });

  it('more data than asked for is malformed', async () => {
    const { iso } = card([['00B0000010', `${of(17)}9000`]]);
    expect((await failureOf(iso.readBinary({ length: 16 }))).code).toBe('card-malformed');
  });

  it('a file without an end', async () => {
    const endless: ScriptStep[] = Array.from({ length: 200 }, (_, at) => [
      `00B0${(at * 256).toString(16).padStart(4, '0')}00`,
      `${of(256)}9000`,
    ]);
    const { iso } = card(endless);
    const failure = await failureOf(iso.readBinary());
    expect(failure.code).toBe('card-malformed');
    expect(failure.detail).toMatch(/without an end/);
    expect(iso.exchanges).toBe(128);
  });

  it('one byte at a time, for ever', async () => {
    const drops: ScriptStep[] = Array.from({ length: 1000 }, (_, at) => {
      const left = Math.min(1000 - at, 256) & 0xff;
      const le = left.toString(16).padStart(2, '0');
      return [`00B0${at.toString(16).padStart(4, '0')}${le}`, 'A59000'];
    });
    const { iso } = card(drops);
    expect((await failureOf(iso.readBinary({ size: 1000 }))).code).toBe('card-malformed');
    expect(iso.exchanges).toBe(512);
  });
});

describe('readFile', () => {
  it('selects, then reads by the size that came', async () => {
    const { channel, iso } = card([
      ['00A40904 04 ADF13401 00', '6204 80020003 9000'],
      ['00B0000003', `${of(3)}9000`],
    ]);
    const file = await iso.readFile(Uint8Array.of(0xad, 0xf1, 0x34, 0x01), { p1: 0x09, p2: 0x04 });
    expect(file.length).toBe(3);
    channel.expectFinished();
  });

  it('fails with the status word of SELECT', async () => {
    const { iso } = card([['00A4000002500100', '6A82']]);
    const failure = await failureOf(iso.readFile(Uint8Array.of(0x50, 0x01)));
    expect(failure.parameters).toEqual({ status: '6A82', command: 'SELECT' });
  });
});
