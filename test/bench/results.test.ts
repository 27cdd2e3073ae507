import { describe, expect, it } from 'vitest';
import { type Bench, type Finding, median, quantile } from './bench.ts';
import { page, section } from './results.ts';

const bench = (title: string): Bench => ({
  id: title,
  title,
  method: 'By hand.',
  lacking: () => undefined,
  run: async () => [],
});
const finding: Finding = {
  what: 'one APDU',
  unit: 'µs',
  ours: 60,
  peers: [{ name: 'C', value: 40 }],
  goal: { text: 'at most 150 µs more', reached: true },
};

describe('figures', () => {
  it('have the middle of odd and even numbers of values', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 2, 10, 20])).toBe(6);
    expect(() => median([])).toThrow(RangeError);
  });

  it('have quantiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    expect([
      quantile(hundred, 0),
      quantile(hundred, 0.5),
      quantile(hundred, 0.99),
      quantile(hundred, 1),
    ]).toEqual([1, 50, 99, 100]);
  });
});

describe('the results page', () => {
  it('sets ours beside the others', () => {
    expect(section({ bench: bench('APDUs'), findings: [finding] })).toContain(
      '| one APDU | 60 µs | C: 40 µs | × 1.50 (+20) | at most 150 µs more | yes |',
    );
    const missed = { ...finding, goal: { text: 'at most 10 µs more', reached: false } };
    expect(section({ bench: bench('APDUs'), findings: [missed] })).toContain('| **no** |');
  });

  it('keeps the sections that were not measured again, and replaces the others', () => {
    const first = page(
      [
        { bench: bench('A'), findings: [finding] },
        { bench: bench('B'), findings: [finding] },
      ],
      '',
      '2026-01-02',
    );
    const second = page([{ bench: bench('B'), findings: [{ ...finding, ours: 50 }] }], first, '2026-03-04');
    expect(second.match(/^## .*$/gm)).toEqual(['## A', '## B']);
    expect(second.match(/^\d{4}-\d\d-\d\d/gm)).toEqual(['2026-01-02', '2026-03-04']);
    expect(second).toContain('| one APDU | 50 µs |');
    expect(second.match(/# What was measured/g)).toHaveLength(1);
  });
});
