import type { AccessLogItem } from '../../../electron/contract/portal/items.ts';

/** Accesses of one institution in one month. */
export interface LaneMark {
  /** From 0, the earliest month shown. */
  readonly month: number;
  readonly count: number;
}

export interface Lane {
  readonly operator: string;
  readonly count: number;
  readonly marks: readonly LaneMark[];
}

export interface Lanes {
  /** First days of the months shown, earliest first. */
  readonly months: readonly Date[];
  /** Institutions, the busiest first. */
  readonly lanes: readonly Lane[];
}

/** Who looked in which of the last twelve months, of this machine's zone. */
export function accessLanes(items: readonly AccessLogItem[], now: Date): Lanes {
  const months = Array.from(
    { length: 12 },
    (_, index) => new Date(now.getFullYear(), now.getMonth() - 11 + index, 1),
  );
  const first = now.getFullYear() * 12 + now.getMonth() - 11;
  const found = new Map<string, { count: number; months: Map<number, number> }>();
  for (const item of items) {
    const at = new Date(item.time);
    const month = at.getFullYear() * 12 + at.getMonth() - first;
    let lane = found.get(item.operator);
    if (!lane) {
      lane = { count: 0, months: new Map() };
      found.set(item.operator, lane);
    }
    lane.count += 1;
    if (month >= 0 && month < 12) lane.months.set(month, (lane.months.get(month) ?? 0) + 1);
  }
  const lanes = [...found]
    .map(([operator, { count, months: marks }]) => ({
      operator,
      count,
      marks: [...marks]
        .map(([month, inMonth]) => ({ month, count: inMonth }))
        .sort((a, b) => a.month - b.month),
    }))
    .sort((one, other) => other.count - one.count || one.operator.localeCompare(other.operator));
  return { months, lanes };
}
