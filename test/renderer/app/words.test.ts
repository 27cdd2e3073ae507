import { describe, expect, it } from 'vitest';
import { clean } from '../../../renderer/app/clean-text.ts';
import { daysUntil, remainingUntil } from '../../../renderer/app/remaining.ts';
import { loadText } from '../../../renderer/app/text.tsx';
import { validityText } from '../../../renderer/components/CertificateTile.tsx';

describe('text of others', () => {
  it.each([
    ['a\u202eb', 'a\ufffdb'],
    ['\u2066x\u2069', '\ufffdx\ufffd'],
    ['line\u2028break\u0007', 'line\ufffdbreak\ufffd'],
    ['half \ud800 pair \udc00', 'half \ufffd pair \ufffd'],
    ['whole 😀 pair', 'whole 😀 pair'],
    ['<b>Ștefan</b> & Co', '<b>Ștefan</b> & Co'],
  ])('%j is shown as %j', (text, shown) => {
    expect(clean(text)).toBe(shown);
  });

  it('is cut where it would fill the window, never inside a character', () => {
    expect(clean('😀'.repeat(10_000), 3)).toBe('😀😀😀…');
    expect(clean('x'.repeat(300))).toHaveLength(300);
    expect(clean('x'.repeat(10_000))).toHaveLength(301);
  });
});

describe('what is left of a time', () => {
  const at = (text: string) => new Date(`${text}T12:00:00`);

  it.each([
    ['2026-11-12', '2028-03-12', { years: 1, months: 4, days: 0 }],
    ['2026-01-31', '2026-02-28', { years: 0, months: 1, days: 0 }],
    ['2026-01-31', '2026-03-01', { years: 0, months: 1, days: 1 }],
    ['2026-10-20', '2026-12-06', { years: 0, months: 1, days: 16 }],
    ['2024-02-29', '2025-02-28', { years: 1, months: 0, days: 0 }],
  ])('from %s to %s', (now, end, left) => {
    expect(remainingUntil(at(end), at(now))).toEqual(left);
  });

  it('is nothing when it is over, and whole days by the calendar', () => {
    expect(remainingUntil(at('2026-01-01'), at('2026-01-02'))).toBeNull();
    expect(daysUntil(new Date('2026-12-06T00:10:00'), new Date('2026-10-20T23:50:00'))).toBe(47);
  });

  it.each([
    ['ro', '2028-03-12', 'Încă un an și 4 luni, până la 12 martie 2028'],
    ['ru', '2028-03-12', 'Ещё 1 год и 4 месяца, до 12 марта 2028 г.'],
    ['en', '2028-03-12', '1 year 4 months left, until 12 March 2028'],
    ['ro', '2026-11-13', 'Încă o zi, până la 13 noiembrie 2026'],
    ['ro', '2026-12-08', 'Încă 26 de zile, până la 8 decembrie 2026'],
    ['ru', '2026-11-14', 'Ещё 2 дня, до 14 ноября 2026 г.'],
    ['en', '2026-11-01', 'Expired on 1 November 2026'],
    ['ro', '2026-12-29', 'Încă 47 de zile, până la 29 decembrie 2026'],
    ['ro', '2046-11-12', 'Încă 20 de ani, până la 12 noiembrie 2046'],
  ] as const)('is said in %s until %s', async (language, end, said) => {
    expect(validityText(end, at('2026-11-12'), await loadText(language))).toBe(said);
  });
});
