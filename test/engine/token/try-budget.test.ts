import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { asFailure } from '../../../electron/contract/failures/failure.ts';
import type { IdentityToken } from '../../../electron/engine/token/identity-token.ts';
import type { SandboxCard } from '../../../electron/sandbox/cards/index.ts';
import { code, type Desk, deskWith, digestOf, freshCard, idOf, pins } from './desk.ts';

/**
 * Whatever a user does, in whatever order: the card gets at most one command with a PIN for each entry, and no
 * wrong entry costs more than one try. Counted at the card, not in our code.
 */

const holderPins = ['PIN1', 'PIN2'] as const;

/** Entries as people make them: right ones, wrong ones, and such as cannot be right. */
const entry = fc.constantFrom(
  pins.PIN1,
  pins.PIN2,
  pins.PUK,
  '9053',
  '905317',
  '1234',
  '111111',
  '11112222',
  '12',
  'abcdef',
  '',
);
const name = fc.constantFrom(...holderPins);
const acknowledged = fc.boolean();

const act = fc.oneof(
  fc.record({ kind: fc.constant('verify' as const), name, entry, acknowledged }),
  fc.record({ kind: fc.constant('change' as const), name, entry, next: entry, acknowledged }),
  fc.record({ kind: fc.constant('unblock' as const), name, entry, next: entry, acknowledged }),
  fc.record({ kind: fc.constant('sign' as const), name, entry, acknowledged, short: fc.boolean() }),
  fc.record({ kind: fc.constant('tries' as const) }),
  fc.record({ kind: fc.constant('pull' as const) }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function carryOut(token: IdentityToken, step: Exclude<Act, { kind: 'pull' }>): Promise<void> {
  switch (step.kind) {
    case 'tries':
      await token.pins();
      return;
    case 'verify':
      await token.verify(step.name, code(step.entry), { acknowledgeLastTry: step.acknowledged });
      return;
    case 'change':
      await token.change(step.name, code(step.entry), code(step.next), {
        acknowledgeLastTry: step.acknowledged,
      });
      return;
    case 'unblock':
      await token.unblock(step.name, code(step.entry), code(step.next), {
        acknowledgeLastTry: step.acknowledged,
      });
      return;
    case 'sign': {
      const id = token.certificates.find(({ pin }) => pin === step.name)?.id ?? idOf(token, 'signature');
      const digest = digestOf(step.short ? 'SHA-256' : 'SHA-384');
      await token.sign(id, { kind: 'ecdsa', hash: 'SHA-384' }, digest, code(step.entry), {
        acknowledgeLastTry: step.acknowledged,
      });
    }
  }
}

/** Commands that carried a PIN or PUK whose try was at stake. */
function presented({ commandLog }: SandboxCard): number {
  // RESET RETRY COUNTER with P1 = 02 carries the new PIN alone.
  const counterless = commandLog.headers.filter((header) => header.startsWith('002c02')).length;
  return commandLog.verifications + commandLog.changes + commandLog.unblockings - counterless;
}

/** Tries left of each PIN that the card has. */
function left(card: SandboxCard): number[] {
  const names = card.spec.card === '2025' ? (['PIN2', 'PUK'] as const) : ([...holderPins, 'PUK'] as const);
  return names.map((pin) => card.tries(pin));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

describe('the budget of tries', () => {
  const desks: Desk[] = [];
  afterAll(async () => {
    for (const desk of desks) await desk.close();
  });

  it.each([
    ['2025', undefined],
    ['2025', []],
    ['esteid2018', undefined],
  ] as const)('holds for any sequence of acts on %s (profiles: %j)', async (cardName, profiles) => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 8 }), async (steps) => {
        const card = await freshCard({ card: cardName });
        const desk = deskWith(card);
        desks.push(desk);
        const options = profiles === undefined ? {} : { profiles };
        let { token } = await desk.open(options);
        for (const step of steps) {
          if (step.kind === 'pull') {
            desk.reader.remove();
            desk.reader.insert(card);
            ({ token } = await desk.open(options));
            continue;
          }
          const before = { presented: presented(card), spent: card.commandLog.triesSpent, left: left(card) };
          const failure = await carryOut(token, step).then(
            () => undefined,
            (thrown: unknown) => asFailure(thrown),
          );
          expect(failure?.code).not.toBe('internal');
          const budget = step.kind === 'tries' ? 0 : 1;
          const after = { presented: presented(card), spent: card.commandLog.triesSpent, left: left(card) };
          expect(after.presented - before.presented).toBeLessThanOrEqual(budget);
          expect(after.spent - before.spent).toBeLessThanOrEqual(after.presented - before.presented);
          // A try is lost only with an entry that the card itself called wrong.
          const toldWrong = ['pin-wrong', 'puk-wrong', 'pin-blocked', 'puk-blocked'].includes(
            failure?.code ?? '',
          );
          if (sum(after.left) < sum(before.left)) expect(toldWrong).toBe(true);
          if (profiles === undefined && !('acknowledged' in step && step.acknowledged)) {
            // Where the counters can be read for nothing, no PIN is blocked without the user's word.
            expect(after.left.filter((tries) => tries === 0)).toEqual(
              before.left.filter((tries) => tries === 0),
            );
          }
        }
        await desk.close();
      }),
      { numRuns: 40 },
    );
  });
});
