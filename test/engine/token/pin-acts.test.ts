import { describe, expect, it } from 'vitest';
import type { IdentityToken, PinOptions } from '../../../electron/engine/token/identity-token.ts';
import type { SandboxCardName } from '../../../electron/sandbox/cards/index.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, deskWith, digestOf, freshCard, idOf, openFresh, pins, type SpyingChannel } from './desk.ts';

/** Cards whose keys are quick to make; the electronic identity card has the same commands as that of 2025. */
const cards = ['2025', 'esteid2018'] as const;

const sha384 = { kind: 'ecdsa', hash: 'SHA-384' } as const;

function sign(token: IdentityToken, digits: string, options?: PinOptions): Promise<Uint8Array> {
  return token.sign(idOf(token, 'signature'), sha384, digestOf('SHA-384'), code(digits), options);
}

/** Commands that carried a PIN since the channel was last asked. */
function secrets(channel: SpyingChannel): string[] {
  return channel
    .take()
    .filter(({ secret }) => secret)
    .map(({ header }) => header);
}

describe.each(cards)('a PIN of %s', (name) => {
  const wrong = '111222';

  it('that is right is verified with one VERIFY', async () => {
    const { token, channel, card } = await openFresh({ card: name });
    channel.take();
    await token.verify('PIN2', code(pins.PIN2));
    expect(secrets(channel)).toHaveLength(1);
    expect(card.commandLog).toMatchObject({ verifications: 1, triesSpent: 0 });
  });

  it('that is wrong costs one try and says how many are left; a right one gives them back', async () => {
    const { token, channel, card } = await openFresh({ card: name });
    channel.take();
    const failure = await failureOf(token.verify('PIN2', code(wrong)));
    expect(failure).toMatchObject({ code: 'pin-wrong', triesLeft: 2, parameters: { pin: 'PIN2' } });
    expect(secrets(channel)).toHaveLength(1);
    expect(card.tries('PIN2')).toBe(2);
    expect((await token.pins()).find((pin) => pin.name === 'PIN2')?.tries).toBe(2);
    await token.verify('PIN2', code(pins.PIN2));
    expect(card.tries('PIN2')).toBe(3);
  });

  it('is not sent on its last try unless the user knows', async () => {
    const { token, channel, card } = await openFresh({ card: name, variant: 'last-try' });
    expect((await token.pins()).find((pin) => pin.name === 'PIN2')?.tries).toBe(1);
    channel.take();
    for (const act of [
      () => token.verify('PIN2', code(pins.PIN2)),
      () => token.change('PIN2', code(pins.PIN2), code('905317')),
      () => sign(token, pins.PIN2),
      () => token.verify('PIN2', code(pins.PIN2), { acknowledgeLastTry: false }),
    ]) {
      expect(await failureOf(act())).toMatchObject({ code: 'pin-last-try', triesLeft: 1 });
    }
    expect(secrets(channel)).toEqual([]);
    expect(card.tries('PIN2')).toBe(1);
    const signature = await sign(token, pins.PIN2, { acknowledgeLastTry: true });
    expect(signature.length).toBe(96);
    expect(card.tries('PIN2')).toBe(3);
  });

  it('that is wrong on its last try blocks, and is not sent again then', async () => {
    const { token, channel, card } = await openFresh({ card: name, variant: 'last-try' });
    const acknowledged = { acknowledgeLastTry: true };
    expect((await failureOf(sign(token, wrong, acknowledged))).code).toBe('pin-blocked');
    expect(card.tries('PIN2')).toBe(0);
    expect((await token.pins()).find((pin) => pin.name === 'PIN2')?.tries).toBe('blocked');
    channel.take();
    expect(await failureOf(token.verify('PIN2', code(pins.PIN2)))).toMatchObject({
      code: 'pin-blocked',
      triesLeft: 0,
    });
    expect(secrets(channel)).toEqual([]);
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2), acknowledged))).code).toBe('pin-blocked');
  });

  it('that cannot be right is not sent', async () => {
    const { token, channel } = await openFresh({ card: name });
    channel.take();
    const tooLong = '1234567890123';
    for (const [digits, expected] of [
      ['', 'pin-length'],
      ['123', 'pin-length'],
      [tooLong, 'pin-length'],
      ['12a456', 'pin-not-digits'],
      ['12 456', 'pin-not-digits'],
    ] as const) {
      expect((await failureOf(token.verify('PIN2', code(digits)))).code).toBe(expected);
      expect((await failureOf(sign(token, digits))).code).toBe(expected);
      expect((await failureOf(token.change('PIN2', code(digits), code('905317')))).code).toBe(expected);
    }
    const puk = await failureOf(token.unblock('PIN2', code('1234567'), code('905317')));
    expect(puk).toMatchObject({ code: 'pin-length', parameters: { pin: 'PUK', min: 8 } });
    expect(channel.seen).toEqual([]);
  });

  it('is changed with one command, and holds from then on', async () => {
    const { token, channel, card } = await openFresh({ card: name });
    channel.take();
    await token.change('PIN2', code(pins.PIN2), code('905317'));
    expect(secrets(channel).map((header) => header.slice(0, 4))).toEqual(['0024']);
    expect(await failureOf(token.verify('PIN2', code(pins.PIN2)))).toMatchObject({ code: 'pin-wrong' });
    await token.verify('PIN2', code('905317'));
    expect(card.commandLog.triesSpent).toBe(1);
  });

  it('is not changed when the old one is wrong, which costs one try', async () => {
    const { token, card } = await openFresh({ card: name });
    const failure = await failureOf(token.change('PIN2', code(wrong), code('905317')));
    expect(failure).toMatchObject({ code: 'pin-wrong', triesLeft: 2 });
    await token.verify('PIN2', code(pins.PIN2));
    expect(card.commandLog.triesSpent).toBe(1);
  });

  it('is not changed into one that is no better', async () => {
    const { token, channel } = await openFresh({ card: name });
    channel.take();
    for (const [digits, expected] of [
      ['121212', 'pin-trivial'],
      ['654321', 'pin-trivial'],
      [pins.PIN2, 'pin-same'],
      ['1234', 'pin-length'],
      ['12345x', 'pin-not-digits'],
    ] as const) {
      expect((await failureOf(token.change('PIN2', code(pins.PIN2), code(digits)))).code).toBe(expected);
    }
    expect(channel.seen).toEqual([]);
  });

  it('that is blocked is unblocked with the PUK', async () => {
    const { token, card } = await openFresh({ card: name, variant: 'blocked' });
    await token.unblock('PIN2', code(pins.PUK), code('905317'));
    expect(card.tries('PIN2')).toBe(3);
    expect((await sign(token, '905317')).length).toBe(96);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('stays blocked when the PUK is wrong, which costs one of its tries', async () => {
    const { token, card } = await openFresh({ card: name, variant: 'blocked' });
    const before = card.tries('PUK');
    const failure = await failureOf(token.unblock('PIN2', code('11112222'), code('905317')));
    expect(failure).toMatchObject({
      code: 'puk-wrong',
      triesLeft: before - 1,
      parameters: { pin: 'PUK' },
    });
    expect(card.tries('PUK')).toBe(before - 1);
    expect(card.tries('PIN2')).toBe(0);
  });

  it('is not unblocked with a PUK that is blocked, nor on its last try unless the user knows', async () => {
    const blocked = await openFresh({ card: name, variant: 'puk-blocked' });
    blocked.channel.take();
    const failure = await failureOf(blocked.token.unblock('PIN2', code(pins.PUK), code('905317')));
    expect(failure).toMatchObject({ code: 'puk-blocked', triesLeft: 0 });
    expect(secrets(blocked.channel)).toEqual([]);

    const { token, card } = await openFresh({ card: name });
    while (card.tries('PUK') > 1) {
      await failureOf(token.unblock('PIN2', code('11112222'), code('905317')));
    }
    const last = await failureOf(token.unblock('PIN2', code(pins.PUK), code('905317')));
    expect(last).toMatchObject({ code: 'pin-last-try', parameters: { pin: 'PUK' } });
    expect(card.tries('PUK')).toBe(1);
    await token.unblock('PIN2', code(pins.PUK), code('905317'), { acknowledgeLastTry: true });
  });

  it('leaves no trace in the buffers that went to the reader', async () => {
    const { token, channel } = await openFresh({ card: name });
    channel.take();
    await token.verify('PIN2', code(pins.PIN2));
    await failureOf(token.verify('PIN2', code(wrong)));
    await sign(token, pins.PIN2);
    await token.change('PIN2', code(pins.PIN2), code('905317'));
    await token.unblock('PIN2', code(pins.PUK), code('413907'));
    const carriers = channel.take().filter(({ secret }) => secret);
    expect(carriers.length).toBeGreaterThanOrEqual(5);
    for (const { buffer } of carriers) expect(buffer.every((byte) => byte === 0)).toBe(true);
  });

  it('stays the caller’s: it is neither destroyed nor changed', async () => {
    const { token } = await openFresh({ card: name });
    const secret = code(pins.PIN2);
    await token.verify('PIN2', secret);
    expect(secret.destroyed).toBe(false);
    expect(Buffer.from(secret.expose()).toString('ascii')).toBe(pins.PIN2);
  });

  it('is verified in the same transaction as the key works, and forgotten before that ends', async () => {
    const { token, channel, desk } = await openFresh({ card: name });
    channel.take();
    await sign(token, pins.PIN2);
    const marks = [...channel.marks];
    expect(marks.at(0)).toBe('begin');
    expect(marks.at(-1)).toBe('end');
    expect(marks.filter((mark) => mark === 'begin')).toHaveLength(1);
    expect(marks.findIndex((mark) => mark.startsWith('0020'))).toBeGreaterThan(0);

    await token.verify('PIN2', code(pins.PIN2));
    const other = await desk.connect();
    expect(await useKey(other, name)).toBe('6982');
  });

  it('waits for nobody: two acts at once come one after the other', async () => {
    const { token, card } = await openFresh({ card: name });
    const [first, second, tries] = await Promise.all([
      sign(token, pins.PIN2),
      sign(token, pins.PIN2),
      token.pins(),
    ]);
    expect([first.length, second.length]).toEqual([96, 96]);
    expect(tries.find((pin) => pin.name === 'PIN2')?.tries).toBe(3);
    expect(card.commandLog.triesSpent).toBe(0);
  });
});

/** What another program gets that tries to sign with the signature key, without a PIN. */
async function useKey(channel: SpyingChannel, card: SandboxCardName): Promise<string> {
  const ask = async (command: string): Promise<string> =>
    Buffer.from(await channel.transmit(Uint8Array.from(Buffer.from(command, 'hex'))))
      .subarray(-2)
      .toString('hex');
  const select = card === 'esteid2018' ? '00A4040C1051534344204170706C69636174696F6E' : '00A4080C025015';
  const mse = card === 'esteid2018' ? '002241B60680015484019F' : '002241B606800104840191';
  expect(await ask(select)).toBe('9000');
  expect(await ask(mse)).toBe('9000');
  return ask(`002A9E9A30${'5A'.repeat(48)}00`);
}

describe('a transport PIN', () => {
  it('is refused before anything is sent where the card marks it, and works once it was changed', async () => {
    const { token, channel, card } = await openFresh({ card: '2025', variant: 'change-first' });
    expect((await token.pins()).find((pin) => pin.name === 'PIN2')).toMatchObject({
      changeFirst: true,
      tries: 3,
    });
    channel.take();
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2)))).code).toBe('pin-change-first');
    expect((await failureOf(sign(token, pins.PIN2))).code).toBe('pin-change-first');
    expect(channel.seen).toEqual([]);
    await token.change('PIN2', code(pins.PIN2), code('905317'));
    expect((await token.pins()).find((pin) => pin.name === 'PIN2')?.changeFirst).toBe(false);
    expect((await sign(token, '905317')).length).toBe(96);
    expect(card.commandLog.triesSpent).toBe(0);
  });

  it('is told by the card’s 6985 where nothing marks it, at no cost', async () => {
    const { token, card } = await openFresh({ card: 'esteid2018', variant: 'change-first' });
    expect((await failureOf(sign(token, pins.PIN2))).code).toBe('pin-change-first');
    expect(card.commandLog.triesSpent).toBe(0);
    await token.change('PIN2', code(pins.PIN2), code('905317'));
    expect((await sign(token, '905317')).length).toBe(96);
  });
});

describe('a card that nothing is known about but its own data', () => {
  it('has unknown tries, is never asked for them, and is reset after a PIN', async () => {
    const { token, channel, card, desk } = await openFresh({ card: '2025' }, { profiles: [] });
    expect((await token.pins()).map(({ tries }) => tries)).toEqual(['unknown', 'unknown']);
    channel.take();
    expect((await sign(token, pins.PIN2)).length).toBe(96);
    expect(channel.marks.at(-1)).toBe('reset');
    expect(card.commandLog.queries).toBe(0);
    await token.verify('PIN2', code(pins.PIN2));
    const other = await desk.connect();
    expect(await useKey(other, '2025')).toBe('6982');
  });

  it('remembers what a refusal told, and guards the last try by that', async () => {
    const { token, channel, card } = await openFresh({ card: '2025' }, { profiles: [] });
    const tries = async () => (await token.pins()).find((pin) => pin.name === 'PIN2')?.tries;
    await failureOf(token.verify('PIN2', code('111222')));
    expect(await tries()).toBe('low');
    await failureOf(token.verify('PIN2', code('111222')));
    expect(await tries()).toBe('last');
    channel.take();
    expect((await failureOf(token.verify('PIN2', code('111222')))).code).toBe('pin-last-try');
    expect(secrets(channel)).toEqual([]);
    expect(card.tries('PIN2')).toBe(1);
    await token.verify('PIN2', code(pins.PIN2), { acknowledgeLastTry: true });
    expect(await tries()).toBe('unknown');
  });
});

describe('another card', () => {
  it('put in between reading and typing gets nothing', async () => {
    const [first, second] = [await freshCard({ card: '2025' }), await freshCard({ card: '2025' })];
    const desk = deskWith(first);
    const { token, channel } = await desk.open();
    desk.reader.insert(second);
    channel.take();
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2)))).code).toBe('card-removed');
    expect((await failureOf(sign(token, pins.PIN2))).code).toBe('card-removed');
    expect((await failureOf(token.pins())).code).toBe('card-removed');
    expect(channel.seen).toEqual([]);
    expect(second.commandLog.commands).toBe(0);
    // Also the first card, put back, is a new insertion: it has to be read again.
    desk.reader.insert(first);
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2)))).code).toBe('card-removed');
    await (await desk.open()).token.verify('PIN2', code(pins.PIN2));
  });

  it('is not assumed after another program reset this one: it is read again', async () => {
    const card = await freshCard({ card: '2025' });
    const desk = deskWith(card);
    const { token, channel } = await desk.open();
    await (await desk.connect()).close('reset');
    channel.take();
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2)))).code).toBe('card-changed');
    expect(secrets(channel)).toEqual([]);
  });

  it('is not reached through a token that was closed', async () => {
    const { token, card } = await openFresh({ card: '2025' });
    const before = card.commandLog.commands;
    await token.close();
    await token.close();
    expect((await failureOf(token.verify('PIN2', code(pins.PIN2)))).code).toBe('cancelled');
    expect(card.commandLog.commands).toBe(before);
  });
});
