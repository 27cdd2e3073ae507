/** How long until something ends, in the units that people use. */
export interface Remaining {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

/** Null when it has ended. Days are calendar days of this machine's zone. */
export function remainingUntil(end: Date, now: Date): Remaining | null {
  if (end.getTime() < now.getTime()) return null;
  let months = (end.getFullYear() - now.getFullYear()) * 12 + end.getMonth() - now.getMonth();
  const anchor = (count: number) => {
    const day = new Date(now.getFullYear(), now.getMonth() + count, 1);
    const last = new Date(day.getFullYear(), day.getMonth() + 1, 0).getDate();
    return new Date(day.getFullYear(), day.getMonth(), Math.min(now.getDate(), last));
  };
  const lastDay = new Date(end.getFullYear(), end.getMonth(), end.getDate());
  if (anchor(months).getTime() > lastDay.getTime()) months -= 1;
  const days = Math.round((lastDay.getTime() - anchor(months).getTime()) / 86_400_000);
  return { years: Math.floor(months / 12), months: months % 12, days };
}

/** Whole calendar days until a moment; negative when it is past. */
export function daysUntil(end: Date, now: Date): number {
  const day = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(end) - day(now)) / 86_400_000);
}
