import { accessLog } from './access-log.ts';
import { apduOverhead } from './apdu-overhead.ts';
import type { Bench } from './bench.ts';
import { cardWork } from './card-work.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { holder } from './holder.ts';
import { pades } from './pades.ts';
import { window } from './window.ts';

/** All benches, in the order of the results page. */
export const benches: readonly Bench[] = [
  apduOverhead,
  cardWork,
  demo,
  pades,
  window,
  holder,
  accessLog,
  doctor,
];
