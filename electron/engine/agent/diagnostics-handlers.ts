/** What the agent answers to the helpdesk: traces, the monitor, inspections, the log. */
import { Failure } from '../../contract/failures/failure.ts';
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';
import type { DiagnosticsDesk } from './diagnostics-desk.ts';
import type { OperationContext } from './operations.ts';

type DiagnosticsMethod = Extract<
  MethodName,
  `trace.${string}` | `monitor.${string}` | `inspect.${string}` | `log.${string}`
>;

export type DiagnosticsHandlers = {
  [M in DiagnosticsMethod]: (params: MethodParams<M>, context: OperationContext) => Promise<MethodResult<M>>;
};

export function diagnosticsHandlers(desk: DiagnosticsDesk): DiagnosticsHandlers {
  const notYet = async (): Promise<never> => {
    throw new Failure('internal', { detail: 'not there yet' });
  };
  return {
    'trace.start': async (_, { owner }) => {
      await desk.startTrace(owner);
      return {};
    },
    'trace.stop': async (_, { owner }) => ({ trace: desk.stopTrace(owner) }),
    'monitor.start': async (_, { owner }) => {
      desk.startMonitor(owner);
      return {};
    },
    'monitor.stop': async (_, { owner }) => {
      desk.stopMonitor(owner);
      return {};
    },
    'inspect.certificate': notYet,
    'inspect.modules': notYet,
    'inspect.connection': notYet,
    'log.level': async ({ level }) => desk.logLevel(level),
    'log.place': async () => desk.logPlace(),
  };
}
