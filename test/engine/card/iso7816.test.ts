import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { parseCardCapabilities } from '../../../electron/engine/card/atr.ts';
import { Iso7816, SelectBy, SelectReturn } from '../../../electron/engine/card/iso7816.ts';
import { bytes, failureOf, hexOf, ScriptedChannel, type ScriptStep } from './scripted-channel.ts';

/** Command chaining and extended length (the Moldovan ATR); an ATR that says nothing. */
const atrs = {
  both: '3BDF96FF8131FE4580738421E0574D44415F415350810F87',

  neither: '3B00',
};

function card(script: readonly ScriptStep[], atr: string = atrs.neither) {
  const channel = new ScriptedChannel(script, atr);
  return { channel, iso: new Iso7816(channel) };
}

/** A card without an ATR that says so, given these bytes of card capabilities. */
function capable(script: readonly ScriptStep[], capabilities: string) {
  const made = card(script);
  const adopted = parseCardCapabilities(bytes(capabilities));
  if (adopted) made.iso.adoptCapabilities(adopted);
  return made;
}

describe('answers', () => {
  it('are put together from GET RESPONSE', async () => {
    const { channel, iso } = card([
      ['00CA014100', 'AAAA 6102'],
      ['00C0000002', 'BBBB 6100'],
      ['00C0000000', 'CC 9000'],
    ]);
    const response = await iso.getData(0x0141);
    expect(hexOf(response.data)).toBe('AAAABBBBCC');
    expect(response.sw).toBe(0x9000);
    expect(iso.exchanges).toBe(3);
    channel.expectFinished();
  });

  it('keep the logical channel of the command, and nothing else of its class', async () => {
    const { channel, iso } = card([
      ['8201000000', '6101'],
      ['02C0000001', 'AA 9000'],
    ]);
    await iso.send({ cla: 0x82, ins: 0x01, p1: 0, p2: 0, le: 256 });
    channel.expectFinished();
  });

  it('end with the status word of the last GET RESPONSE', async () => {
    const { iso } = card([
      ['00CA014100', '6104'],
      ['00C0000004', 'AABB 6282'],
    ]);
    expect(await iso.getData(0x0141)).toEqual({ data: bytes('AABB'), sw: 0x6282 });
  });

  it('never end: 256 rounds are enough', async () => {
    const endless: ScriptStep[] = Array.from({ length: 400 }, () => ['00C0000000', '6100']);
    const { iso } = card([['00CA014100', '6100'], ...endless]);
    expect((await failureOf(iso.getData(0x0141))).code).toBe('card-malformed');
    expect(iso.exchanges).toBe(1 + 256);
  });

  it('grow without end: 64 KiB are enough', async () => {
    const block = `${'AB'.repeat(2000)}6100`;
    const endless: ScriptStep[] = Array.from({ length: 100 }, () => ['00C0000000', block]);
    const { iso } = card([['00CA014100', '6100'], ...endless]);
    expect((await failureOf(iso.getData(0x0141))).code).toBe('card-malformed');
    expect(iso.exchanges).toBe(1 + 33);
  });

  it('with 6Cxx repeat the command once with the right length', async () => {
    const { channel, iso } = card([
      ['00CA014100', '6C05'],
      ['00CA014105', '0102030405 9000'],
    ]);
    expect(hexOf((await iso.getData(0x0141)).data)).toBe('0102030405');
    channel.expectFinished();
  });

  it('with 6Cxx for ever are repeated only once', async () => {
    const { channel, iso } = card([
      ['00CA014100', '6C05'],
      ['00CA014105', '6C06'],
    ]);
    expect((await iso.getData(0x0141)).sw).toBe(0x6c06);
    channel.expectFinished();
  });

  it('with 6Cxx to GET RESPONSE are asked for again, once in all', async () => {
    const { channel, iso } = card([
      ['00CA014100', '6102'],
      ['00C0000002', '6C03'],
      ['00C0000003', 'AABBCC 6102'],
      ['00C0000002', '6C01'],
    ]);
    expect(await iso.getData(0x0141)).toEqual({ data: bytes('AABBCC'), sw: 0x6c01 });
    channel.expectFinished();
  });

  it('with 6Cxx to a command that asked for nothing are passed on', async () => {
    const { channel, iso } = card([['002241B6 03 840101', '6C05']]);
    expect((await iso.manageSecurityEnvironment(0x41, 0xb6, bytes('840101'))).sw).toBe(0x6c05);
    channel.expectFinished();
  });

  it('that are no response APDU are malformed', async () => {
    const { iso } = card([['00CA014100', '90']]);
    expect((await failureOf(iso.getData(0x0141))).code).toBe('card-malformed');
  });

  it('of the channel pass through as they are', async () => {
    const removed = new Failure('card-removed');
    const { iso } = card([['00CA014100', removed]]);
    expect(await failureOf(iso.getData(0x0141))).toBe(removed);
  });
});

describe('long data', () => {
  const long = new Uint8Array(300).fill(0x5a);
  const first = `10DA0001 FF ${'5A'.repeat(255)}`;
  const last = `00DA0001 2D ${'5A'.repeat(45)}`;
  const put = { cla: 0, ins: 0xda, p1: 0, p2: 1, data: long };

  it('is chained when the card says that it can', async () => {
    const { channel, iso } = capable(
      [
        [first, '9000'],
        [last, '9000'],
      ],
      '8421E0',
    );
    expect((await iso.send(put)).sw).toBe(0x9000);
    channel.expectFinished();
  });

  it('goes in extended form when the card says only that', async () => {
    const { channel, iso } = capable([[`00DA0001 00012C ${'5A'.repeat(300)}`, '9000']], '842140');
    await iso.send(put);
    channel.expectFinished();
  });

  it('is chained when nothing is known', async () => {
    const { channel, iso } = card([
      [first, '9000'],
      [last, '9000'],
    ]);
    await iso.send(put);
    channel.expectFinished();
  });

  it('is chained to the byte: 510 bytes in two links, Le in the last', async () => {
    const { channel, iso } = card([
      [`102A9E9A FF ${'01'.repeat(255)}`, '9000'],
      [`002A9E9A FF ${'01'.repeat(255)} 00`, '6102'],
      ['00C0000002', 'CAFE 9000'],
    ]);
    const response = await iso.computeDigitalSignature(new Uint8Array(510).fill(1));
    expect(hexOf(response.data)).toBe('CAFE');
    channel.expectFinished();
  });

  it('stops at the link that is refused', async () => {
    const { channel, iso } = card([[first, '6884']]);
    expect((await iso.send(put)).sw).toBe(0x6884);
    channel.expectFinished();
  });
});

describe('capabilities', () => {
  it('come from the ATR', () => {
    expect(card([], atrs.both).iso.capabilities).toMatchObject({
      commandChaining: true,
      extendedLength: true,
    });
    expect(card([], atrs.neither).iso.capabilities).toBeUndefined();
  });

  it('a broken ATR is no obstacle', () => {
    expect(card([], '00').iso.atr).toBeUndefined();
  });

  it('a long Le is cut for a card that does not claim extended length', async () => {
    const command = { cla: 0, ins: 0xcb, p1: 0x3f, p2: 0xff, le: 65_536 };
    const plain = card([['00CB3FFF00', '9000']]);
    await plain.iso.send(command);
    plain.channel.expectFinished();
    const extended = card([['00CB3FFF000000', '9000']], atrs.both);
    await extended.iso.send(command);
    extended.channel.expectFinished();
  });
});

describe('commands', () => {
  it('are those of ISO 7816-4, -8 and of the public card profiles', async () => {
    const { channel, iso } = card([
      ['00A404000C A000000063504B43532D3135 00', '9000'],
      ['00A404040E E828BD080FD25047656E65726963 00', '9000'],
      ['00A40000022F0000', '9000'],
      ['00A40800045015440100', '9000'],
      ['00A40800045015440100', '9000'],
      ['00A4080C0450154B02', '9000'],
      ['00A4090404ADF1340100', '9000'],
      ['00A40204 02 CE8E 00', '9000'],
      ['00CA01A000', '9000'],
      ['00CB3FFF0A 4D087006BF810102A080 00', '9000'],
      ['00B2010400', '9000'],
      ['002241B6 06 80015484019F', '9000'],
      ['0022F301', '9000'],
      ['002A90A0 03 900101', '9000'],
      ['002A9E9A 02 AABB 00', '9000'],
      ['002A9E9A00', '9000'],
      ['00880000 02 AABB 00', '9000'],
      ['002E0000', '9000'],
      ['0020FF81', '9000'],
      ['00200001', '63C3'],
    ]);
    await iso.selectByName(bytes('A000000063504B43532D3135'));
    await iso.selectByName(bytes('E828BD080FD25047656E65726963'), { p2: SelectReturn.fcp });
    await iso.selectFile(bytes('2F00'));
    await iso.selectFile(bytes('50154401'), { p1: SelectBy.pathFromMf });
    await iso.selectFile(bytes('3F0050154401'));
    await iso.selectFile(bytes('50154B02'), { p1: SelectBy.pathFromMf, p2: SelectReturn.nothing });
    await iso.selectFile(bytes('ADF13401'), { p1: SelectBy.pathFromCurrentDf, p2: SelectReturn.fcp });
    await iso.selectFile(bytes('CE8E'), { p1: SelectBy.childEf, p2: SelectReturn.fcp });
    await iso.getData(0x01a0);
    await iso.getData(0x3fff, bytes('4D087006BF810102A080'));
    await iso.readRecord(1);
    await iso.manageSecurityEnvironment(0x41, 0xb6, bytes('80015484019F'));
    await iso.restoreSecurityEnvironment(1);
    await iso.hash(bytes('900101'));
    await iso.computeDigitalSignature(bytes('AABB'));
    await iso.computeDigitalSignature(new Uint8Array(0));
    await iso.internalAuthenticate(bytes('AABB'));
    await iso.logout();
    await iso.logout(0x81);
    expect(await iso.pinStatus(0x01)).toEqual({ verdict: 'wrong', sw: 0x63c3, triesLeft: 3 });
    channel.expectFinished();
  });

  it('SELECT tells what the card said about the file', async () => {
    const { iso } = card([
      ['00A40000025031 00', '6F0E 80020030 820101 83025031 8A0105 9000'],
      ['00A40000025032 00', '6A82'],
      ['00A40000025033 00', '6283'],
    ]);
    const found = await iso.selectFile(bytes('5031'));
    expect(found).toMatchObject({
      sw: 0x9000,
      selected: true,
      file: { size: 48, fileIdentifier: 0x5031, lifeCycle: 5 },
    });
    expect(await iso.selectFile(bytes('5032'))).toMatchObject({ sw: 0x6a82, selected: false });
    expect(await iso.selectFile(bytes('5033'))).toMatchObject({ sw: 0x6283, selected: true });
  });
});

describe('a bound on the work', () => {
  it('counts APDUs and is lifted afterwards', async () => {
    const { iso } = card(Array.from({ length: 4 }, () => ['00CA014100', '9000'] as const));
    await iso.getData(0x0141);
    const failure = await failureOf(
      iso.within(2, async () => {
        for (;;) await iso.getData(0x0141);
      }),
    );
    expect(failure.code).toBe('card-malformed');
    expect(iso.exchanges).toBe(3);
    await iso.getData(0x0141);
    expect(iso.exchanges).toBe(4);
  });

  it('does not widen an outer one', async () => {
    const { iso } = card([['00CA014100', '9000']]);
    await failureOf(
      iso.within(1, () =>
        iso.within(10, async () => {
          for (;;) await iso.getData(0x0141);
        }),
      ),
    );
    expect(iso.exchanges).toBe(1);
  });
});
