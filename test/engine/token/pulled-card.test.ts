import { beforeAll, describe, expect, it } from 'vitest';
import { asFailure } from '../../../electron/contract/failures/failure.ts';
import type { IdentityToken, SignatureAlgorithm } from '../../../electron/engine/token/identity-token.ts';
import type { SandboxCard, SandboxCardName } from '../../../electron/sandbox/cards/index.ts';
import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { code, type Desk, deskWith, digestOf, freshCard, idOf, pins } from './desk.ts';

/** When the card leaves: before it has the command, or after it has carried it out and before it is heard. */
const moments = ['unheard', 'unanswered'] as const;

/** A card that is pulled at one command. */
class PullableCard implements SimulatedCard {
  readonly card: SandboxCard;
  /** Headers of the commands since the last `arm`. */
  readonly headers: string[] = [];
  #pull: (() => void) | undefined;
  #at = -1;
  #moment: (typeof moments)[number] = 'unheard';

  constructor(card: SandboxCard) {
    this.card = card;
  }

  get atr(): Uint8Array {
    return this.card.atr;
  }

  reset(): void {
    this.card.reset();
  }

  /** From now on counts commands, and calls `pull` at number `at`. */
  arm(at = -1, moment: (typeof moments)[number] = 'unheard', pull?: () => void): void {
    this.headers.length = 0;
    this.#at = at;
    this.#moment = moment;
    this.#pull = pull;
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const index = this.headers.length;
    const carriesData = command.length > 5;
    const header = Buffer.from(command.subarray(0, 4)).toString('hex').toUpperCase();
    this.headers.push(carriesData ? header : `${header} (empty)`);
    if (index === this.#at && this.#moment === 'unheard') this.#pull?.();
    if (index === this.#at && this.#moment === 'unheard') return Uint8Array.of(0x6f, 0x00);
    const answer = await this.card.transmit(command);
    if (index === this.#at) this.#pull?.();
    return answer;
  }
}

const carriesSecret = (header: string): boolean =>
  /^00(?:20|24|2C)/.test(header) && !header.endsWith('(empty)');

const other = { PIN1: '9053', PIN2: '905317' } as const;

/** The acts, each with what the card must look like before it. `undo` brings the first PIN back. */
const acts: Record<
  string,
  {
    readonly run: (token: IdentityToken, algorithm: SignatureAlgorithm) => Promise<unknown>;
    readonly wrong?: true;
  }
> = {
  'reading the tries': { run: (token) => token.pins() },
  'verifying a right PIN': { run: (token) => token.verify('PIN2', code(pins.PIN2)) },
  'verifying a wrong PIN': { run: (token) => token.verify('PIN2', code('111222')), wrong: true },
  'changing a PIN': { run: (token) => token.change('PIN2', code(pins.PIN2), code(other.PIN2)) },
  'changing a PIN with a wrong old one': {
    run: (token) => token.change('PIN2', code('111222'), code(other.PIN2)),
    wrong: true,
  },
  'unblocking a PIN': { run: (token) => token.unblock('PIN2', code(pins.PUK), code(other.PIN2)) },
  'unblocking a PIN with a wrong PUK': {
    run: (token) => token.unblock('PIN2', code('11112222'), code(other.PIN2)),
    wrong: true,
  },
  signing: {
    run: (token, algorithm) =>
      token.sign(idOf(token, 'signature'), algorithm, digestOf(algorithm.hash), code(pins.PIN2)),
  },
  'signing with a wrong PIN': {
    run: (token, algorithm) =>
      token.sign(idOf(token, 'signature'), algorithm, digestOf(algorithm.hash), code('111222')),
    wrong: true,
  },
};

/** Puts the card back as it was: PIN2 at its first value with all tries, the PUK with all tries. */
async function restore(desk: Desk, pullable: PullableCard): Promise<void> {
  pullable.arm();
  desk.reader.insert(pullable);
  const { token } = await desk.open();
  const acknowledged = { acknowledgeLastTry: true };
  // The PUK sets PIN2 to a known value; a right entry gives the PUK its tries back.
  await token.unblock('PIN2', code(pins.PUK), code('413907'), acknowledged);
  await token.change('PIN2', code('413907'), code(pins.PIN2), acknowledged);
  expect(pullable.card.tries('PIN2')).toBe(3);
  await token.close();
}

/** The outcome of a promise: what it failed with, or `done`. */
async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'done';
  } catch (thrown) {
    return asFailure(thrown).code;
  }
}

const ecdsa = { kind: 'ecdsa', hash: 'SHA-384' } as const;
const rsa = { kind: 'rsa-pkcs1', hash: 'SHA-256' } as const;
const pss = { kind: 'rsa-pss', hash: 'SHA-256' } as const;

describe.each([
  ['eid', rsa],
  ['eid', pss],
  ['2025', ecdsa],
  ['esteid2018', ecdsa],
] as const satisfies readonly (readonly [SandboxCardName, SignatureAlgorithm])[])(
  'a card (%s) pulled at any command',
  (name, algorithm) => {
    let pullable: PullableCard;
    beforeAll(async () => {
      pullable = new PullableCard(await freshCard({ card: name }));
    });

    it('of reading: card-removed each time, no try, and the next card is read', async () => {
      const desk = deskWith(pullable);
      pullable.arm();
      await (await desk.open()).token.close();
      const count = pullable.headers.length;
      expect(count).toBeGreaterThan(10);
      for (const moment of moments) {
        for (let at = 0; at < count; at += 1) {
          pullable.arm(at, moment, () => desk.reader.remove());
          expect([at, await outcome(desk.open())]).toEqual([at, 'card-removed']);
          expect(desk.reader.card).toBeNull();
          pullable.arm();
          desk.reader.insert(pullable);
        }
      }
      const { token } = await desk.open();
      expect(token.certificates.length).toBe(name === '2025' ? 1 : 2);
      expect(pullable.card.commandLog).toMatchObject({ verifications: 0, queries: 0, triesSpent: 0 });
      await desk.close();
    });

    it.each(Object.entries(acts))(
      'of %s: a named failure, no try that was not entered',
      async (_, { run, wrong }) => {
        const desk = deskWith(pullable);
        const { token } = await desk.open();
        pullable.arm();
        const undisturbed = await outcome(run(token, algorithm));
        const headers = [...pullable.headers];
        const secretAt = headers.findIndex(carriesSecret);
        await token.close();
        expect(
          headers.filter((header) => carriesSecret(header) && !header.startsWith('002C02')).length,
        ).toBeLessThanOrEqual(1);
        await restore(desk, pullable);

        for (const moment of moments) {
          for (let at = 0; at < headers.length; at += 1) {
            desk.reader.insert(pullable);
            const { token: read } = await desk.open();
            const spent = pullable.card.commandLog.triesSpent;
            pullable.arm(at, moment, () => desk.reader.remove());
            const failed = await outcome(run(read, algorithm));
            expect([at, headers[at], failed]).toEqual([at, headers[at], expected(headers, at, undisturbed)]);
            // Nothing is tried again behind the user's back.
            expect(pullable.headers.length).toBe(at + 1);
            const lost = pullable.card.commandLog.triesSpent - spent;
            expect(lost).toBe(
              wrong && (at > secretAt || (at === secretAt && moment === 'unanswered')) ? 1 : 0,
            );
            expect(await outcome(read.verify('PIN2', code(pins.PIN2)))).toBe('card-removed');
            await restore(desk, pullable);
          }
        }
        await desk.close();
      },
    );
  },
);

/** What must come of an act that is cut off at a command. */
function expected(headers: readonly string[], at: number, undisturbed: string): string {
  if (carriesSecret(headers[at] ?? '')) return 'pin-outcome-unknown';
  // After the answer that decides there is only the log-out, which takes nothing back.
  const isLogout = at === headers.length - 1 && at > 0 && headers.some(carriesSecret);
  return isLogout && undisturbed === 'done' ? 'done' : 'card-removed';
}
