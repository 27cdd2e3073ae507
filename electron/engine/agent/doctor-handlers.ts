/** What the agent answers about the doctor. */
import { explainShortCode } from '../../contract/diagnostics/short-code.ts';
import { Failure } from '../../contract/failures/failure.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';
import type { OperationContext } from './operations.ts';

type DoctorMethod = Extract<MethodName, `doctor.${string}`>;

export type DoctorHandlers = {
  [M in DoctorMethod]: (params: MethodParams<M>, context: OperationContext) => Promise<MethodResult<M>>;
};

export function doctorHandlers(): DoctorHandlers {
  const notYet = async (): Promise<never> => {
    throw new Failure('internal', { detail: 'not there yet' });
  };
  return {
    'doctor.run': notYet,
    'doctor.explain': async ({ code }) => {
      const reading = explainShortCode(code);
      return { ...reading, causes: [...reading.causes] };
    },
    'doctor.fix': notYet,
  };
}
