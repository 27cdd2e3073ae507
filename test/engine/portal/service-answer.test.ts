import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { serviceAnswerSchema } from '../../../electron/contract/portal/services.ts';
import { parseServiceAnswer } from '../../../electron/engine/portal/data-services.ts';

/** A right answer, to be spoilt. */
const right = () => ({
  service: 'vehicles',
  readAt: '2026-03-01T12:00:00.000Z',
  source: 'Registru',
  items: [{ idnv: '1', plate: 'ABC 123', make: 'A', model: 'B', year: 2000, vin: null as unknown }],
});

/** Puts anything anywhere. */
const spoilt = fc
  .record({
    at: fc.constantFrom(
      '',
      'service',
      'readAt',
      'source',
      'items',
      'idnv',
      'plate',
      'make',
      'model',
      'year',
      'vin',
    ),
    key: fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'items'),
    ),
    value: fc.jsonValue({ maxDepth: 6 }),
    add: fc.boolean(),
  })
  .map(({ at, key, value, add }) => {
    if (at === '') return value;
    const answer = right() as Record<string, unknown>;
    const target = at in answer ? answer : (right().items[0] as Record<string, unknown>);
    if (target !== answer) answer.items = [target];
    // As JSON.parse would: also for a key like __proto__.
    Object.defineProperty(target, add ? key : at, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    return answer;
  });

describe('an answer of a data service', () => {
  it('is what the schema says or a named failure, whatever the portal sends', () => {
    let usable = 0;
    const run = fc.check(
      fc.property(spoilt, (json) => {
        try {
          const { answer, remarks } = parseServiceAnswer('vehicles', json, 'portal.example');
          usable += 1;
          return (
            serviceAnswerSchema.safeParse(answer).success &&
            remarks.every(({ field }) => /^[A-Za-z0-9_.?-]{0,64}$/.test(field))
          );
        } catch (thrown) {
          return thrown instanceof Failure && thrown.code === 'portal-answer-invalid';
        }
      }),
      { numRuns: 10_000 },
    );
    expect(run.counterexample).toBeNull();
    // Not everything was thrown away.
    expect(usable).toBeGreaterThan(500);
  });

  it('makes no more than a hundred remarks', () => {
    const extra = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`extra${index}`, index]));
    expect(parseServiceAnswer('vehicles', { ...right(), ...extra }, 'h').remarks).toHaveLength(100);
  });

  it('keeps a VIN that is there and drops one that is empty', () => {
    const json = right();
    (json.items[0] as Record<string, unknown>).vin = '';
    expect(parseServiceAnswer('vehicles', json, 'h').answer.items[0]?.vin).toBeNull();
    (json.items[0] as Record<string, unknown>).vin = 'X';
    expect(parseServiceAnswer('vehicles', json, 'h').answer.items[0]?.vin).toBe('X');
  });
});
