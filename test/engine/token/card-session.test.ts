import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { CardChannel } from '../../../electron/engine/card/channel.ts';
import { CardSession } from '../../../electron/engine/token/card-session.ts';
import { failureOf } from '../card/scripted-channel.ts';

type End = Awaited<CardChannel['gone']>;

/**
 * A channel that refuses nothing by itself, as if another card had taken the place of the first: what is refused
 * is refused by the session.
 */
class TrustingChannel implements CardChannel {
  readonly readerName = 'Reader';
  readonly atr = Uint8Array.of(0x3b, 0x00);
  readonly simulated = true;
  readonly #gone = Promise.withResolvers<End>();
  transactions = 0;
  closedWith: string | undefined;

  get gone(): Promise<End> {
    return this.#gone.promise;
  }

  end(reason: End): void {
    this.#gone.resolve(reason);
  }

  async transmit(): Promise<Uint8Array> {
    return Uint8Array.of(0x90, 0x00);
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    this.transactions += 1;
    return work();
  }

  async control(): Promise<Uint8Array> {
    return new Uint8Array(0);
  }

  async attribute(): Promise<undefined> {
    return undefined;
  }

  async close(disposition?: 'leave' | 'reset'): Promise<void> {
    this.closedWith = disposition;
  }
}

describe('a session with one card', () => {
  it.each([
    ['removed', 'card-removed'],
    ['reader-removed', 'reader-removed'],
    ['service-stopped', 'service-stopped'],
    ['closed', 'cancelled'],
  ] as const)('is over when the channel says %s', async (reason, expected) => {
    const channel = new TrustingChannel();
    const session = new CardSession(channel);
    channel.end(reason);
    await channel.gone;
    let worked = false;
    const act = session.run(async () => {
      worked = true;
    });
    expect((await failureOf(act)).code).toBe(expected);
    expect(worked).toBe(false);
    expect(channel.transactions).toBe(0);
  });

  it.each(['card-removed', 'card-absent', 'card-changed', 'card-mute', 'reader-removed'] as const)(
    'is over when an act has met %s',
    async (met) => {
      const channel = new TrustingChannel();
      const session = new CardSession(channel);
      expect((await failureOf(session.run(() => Promise.reject(new Failure(met))))).code).toBe(met);
      expect((await failureOf(session.run(async () => 'next'))).code).toBe(met);
      expect(channel.transactions).toBe(1);
    },
  );

  it('is over after a PIN whose outcome nobody knows, but says so to that act alone', async () => {
    const channel = new TrustingChannel();
    const session = new CardSession(channel);
    const unknown = new Failure('pin-outcome-unknown', { cause: new Failure('card-removed') });
    expect((await failureOf(session.run(() => Promise.reject(unknown)))).code).toBe('pin-outcome-unknown');
    expect((await failureOf(session.run(async () => 'next'))).code).toBe('card-removed');
  });

  it('goes on after what a card may well answer', async () => {
    const session = new CardSession(new TrustingChannel());
    expect((await failureOf(session.run(() => Promise.reject(new Failure('pin-wrong'))))).code).toBe(
      'pin-wrong',
    );
    await expect(session.run(async () => 'next')).resolves.toBe('next');
  });

  it('refuses inside the transaction, too, when the card went while it was waited for', async () => {
    const channel = new TrustingChannel();
    const session = new CardSession(channel);
    const first = session.run(async () => {
      channel.end('removed');
      await channel.gone;
    });
    const second = session.run(async () => 'second');
    await first;
    expect((await failureOf(second)).code).toBe('card-removed');
  });

  it('takes one act at a time', async () => {
    const session = new CardSession(new TrustingChannel());
    const order: string[] = [];
    const act = (name: string) =>
      session.run(async () => {
        order.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends`);
      });
    await Promise.all([act('a'), act('b')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('is closed for good', async () => {
    const channel = new TrustingChannel();
    const session = new CardSession(channel);
    await session.close();
    expect(channel.closedWith).toBe('leave');
    expect((await failureOf(session.run(async () => 'x'))).code).toBe('cancelled');
  });

  it('is abandoned with a reset, and then has to be read again', async () => {
    const channel = new TrustingChannel();
    const session = new CardSession(channel);
    await session.abandon();
    expect(channel.closedWith).toBe('reset');
    expect((await failureOf(session.run(async () => 'x'))).code).toBe('card-changed');
  });
});
