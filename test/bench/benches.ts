import type { Bench } from './bench.ts';

/** All benches, in the order of the results page. */
export const benches: readonly Bench[] = [];
