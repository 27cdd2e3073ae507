import type { Demonstration } from '../../../contract/diagnostics/training.ts';
import type { FailureCode } from '../../../contract/failures/catalogue.ts';

/** Shows failures. Each in a simulated world of its own, which is gone afterwards: nothing at hand is touched. */
export interface Demonstrations {
  wayOf(code: FailureCode): Demonstration['way'];
  show(code: FailureCode): Promise<Demonstration>;
}
