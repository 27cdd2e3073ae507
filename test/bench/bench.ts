/** One line of the results: what we need, beside what others need in the same run. */
export interface Finding {
  /** What was measured, in a phrase. */
  readonly what: string;
  readonly unit: 'µs' | 'ms' | 's' | 'MB' | 'APDUs';
  readonly ours: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
  /** What must be reached, in words, and whether it is. */
  readonly goal: { readonly text: string; readonly reached: boolean };
}

/** A measurement. Others are measured beside us, alternately, in the same run: absolute figures of one machine
 * say little. */
export interface Bench {
  readonly id: string;
  readonly title: string;
  /** How it was measured: what runs where, how often, what is left out. */
  readonly method: string;
  /** Undefined when the machine can run it, else what is lacking. */
  lacking(): string | undefined;
  run(): Promise<readonly Finding[]>;
}

/**
 * The value in the middle of the sorted values; of an even number, the mean of the two.
 * @throws RangeError for no values
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values');
  return (lower + upper) / 2;
}

/** The value below which `share` (0 to 1) of the values lie (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

/** Milliseconds that `work` takes. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}
