import { describe, expect, it } from 'vitest';
import { isFailure } from '../../../electron/contract/failures/failure.ts';
import { Operations } from '../../../electron/engine/agent/operations.ts';

describe('operations', () => {
  it('never runs the same request twice: the second asks for the answer of the first', async () => {
    const operations = new Operations();
    let runs = 0;
    const work = async () => ++runs;
    const first = operations.run('id-1', 'a', 'pin.verify', work);
    const second = operations.run('id-1', 'a', 'pin.verify', work);
    expect(await first).toEqual({ ok: true, result: 1 });
    expect(await second).toEqual({ ok: true, result: 1 });
    expect(runs).toBe(1);
  });

  it("does not hand out another client's operation", async () => {
    const operations = new Operations();
    await operations.run('id-1', 'a', 'status', async () => 'private');
    expect(operations.find('id-1', 'b')).toBeUndefined();
    expect(operations.ofOwner('b')).toEqual([]);
    expect(() => operations.run('id-1', 'b', 'status', async () => 0)).toThrow('contract-violation');
  });

  it('aborts what a client that is gone had under way, and only that', async () => {
    const operations = new Operations();
    const never = (signal: AbortSignal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const mine = operations.run('id-1', 'a', 'pin.verify', ({ signal }) => never(signal));
    let otherAborted = false;
    void operations.run('id-2', 'b', 'status', ({ signal }) => {
      signal.addEventListener('abort', () => {
        otherAborted = true;
      });
      return never(signal);
    });
    operations.abandon('a');
    const outcome = await mine;
    expect(outcome.ok).toBe(false);
    expect(otherAborted).toBe(false);
    operations.abandon('b');
  });

  it('forgets waiting answers when personal data must go, but not what still runs', async () => {
    const operations = new Operations();
    await operations.run('id-1', 'a', 'data.read', async () => ({ items: ['personal'] }));
    const running = Promise.withResolvers<string>();
    void operations.run('id-2', 'a', 'status', () => running.promise);
    operations.forgetAnswers();
    expect(operations.find('id-1', 'a')).toBeUndefined();
    expect(operations.ofOwner('a')).toEqual([{ operationId: 'id-2', method: 'status', state: 'running' }]);
    running.resolve('done');
  });

  it('bounds what runs at once', async () => {
    const operations = new Operations();
    const gate = Promise.withResolvers<void>();
    for (let i = 0; i < 64; i++) void operations.run(`id-${i}`, 'a', 'status', () => gate.promise);
    expect(() => operations.run('one-more', 'a', 'status', async () => 0)).toThrow('agent-busy');
    gate.resolve();
  });

  it('turns what is thrown into a failure of the catalogue', async () => {
    const operations = new Operations();
    const outcome = await operations.run('id-1', 'a', 'status', async () => {
      throw new TypeError('oops');
    });
    expect(outcome.ok).toBe(false);
    if (!outcome.ok) expect(isFailure(outcome.failure, 'internal')).toBe(true);
  });
});
