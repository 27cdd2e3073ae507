import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import {
  describeStatusWord,
  expectSuccess,
  pinPadEvent,
  pinResult,
  refusedByCard,
  statusOf,
} from '../../../electron/engine/card/status-word.ts';

describe('the answer to a PIN', () => {
  it.each([
    [0x9000, 'accepted', undefined],
    [0x63c2, 'wrong', 2],
    [0x63c1, 'wrong', 1],
    [0x63cf, 'wrong', 15],
    [0x63c0, 'blocked', 0],
    [0x6300, 'wrong', undefined],
    [0x6983, 'blocked', undefined],
    [0x6984, 'blocked', undefined],
    [0x6700, 'length', undefined],
    [0x6a80, 'length', undefined],
    [0x6982, 'not-satisfied', undefined],
    [0x6985, 'not-usable', undefined],
    [0x6a88, 'not-found', undefined],
    [0x6a82, 'not-found', undefined],
    [0x6d00, 'unexpected', undefined],
    [0x6100, 'unexpected', undefined],
    [0x6283, 'unexpected', undefined],
    [0x9001, 'unexpected', undefined],
  ])('%i', (sw, verdict, triesLeft) => {
    expect(pinResult(sw)).toEqual({ sw, verdict, triesLeft });
  });

  it('tells what a PIN pad says in place of the card', () => {
    const events = [0x6400, 0x6401, 0x6402, 0x6403, 0x6404, 0x6405, 0x9000].map(pinPadEvent);
    expect(events).toEqual([
      'timeout',
      'cancelled',
      'mismatch',
      'length',
      'entry-disabled',
      undefined,
      undefined,
    ]);
  });
});

describe('a refusal', () => {
  it('names the command and the status word', () => {
    const failure = refusedByCard(0x6982, 'READ BINARY');
    expect(failure.code).toBe('card-refused');
    expect(failure.parameters).toEqual({ status: '6982', command: 'READ BINARY' });
    expect(failure.detail).toBe('READ BINARY answered 6982 (security status not satisfied)');
    expect(statusOf(failure)).toBe(0x6982);
  });

  it('has no status word when it is another failure', () => {
    expect(statusOf(new Failure('card-removed'))).toBeUndefined();
    expect(statusOf(new Failure('card-refused'))).toBeUndefined();
    expect(statusOf(new Error('6982'))).toBeUndefined();
  });

  it('is everything but 9000', () => {
    const data = new Uint8Array(0);
    expect(expectSuccess({ data, sw: 0x9000 }, 'SELECT').data).toBe(data);
    expect(() => expectSuccess({ data, sw: 0x6282 }, 'SELECT')).toThrow(Failure);
  });
});

it.each([
  [0x9000, 'success'],
  [0x63c3, 'counter at 3'],
  [0x6110, '16 bytes still available'],
  [0x6c00, 'wrong Le, exact length 256'],
  [0x6983, 'authentication method blocked'],
  [0x6a8f, 'wrong parameters P1-P2'],
  [0x9f10, 'not an ISO 7816-4 status word'],
])('describes %i', (sw, text) => {
  expect(describeStatusWord(sw)).toBe(text);
});
