import type { FailureCode } from '../../../electron/contract/failures/catalogue.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { WindowText } from '../../app/text.tsx';

/** In place of the values of a sentence that is not about anything yet. */
const anything = {
  ...{ argument: '…', card: '…', command: '…', expected: '…', field: '…', file: '…', host: '…' },
  ...{ max: '…', min: '…', name: '…', path: '…', portal: '…', reader: '…', reason: '…', status: '…' },
  ...{ length: 0, pin: 'PIN1' },
};

/** A failure's sentence before it has happened. */
export const situation = (code: FailureCode, { failure }: WindowText): string =>
  failure(new Failure(code, { parameters: anything })).message;
