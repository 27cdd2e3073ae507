/** What the agent answers to the helpdesk: traces, the monitor, inspections, the log. */
import type { MethodName, MethodParams, MethodResult } from '../../contract/protocol/methods.ts';
import type { DiagnosticsDesk } from './diagnostics-desk.ts';
import type { Inspections } from './inspections.ts';
import type { OperationContext } from './operations.ts';

type DiagnosticsMethod = Extract<
  MethodName,
  `trace.${string}` | `monitor.${string}` | `inspect.${string}` | `log.${string}`
>;

export type DiagnosticsHandlers = {
  [M in DiagnosticsMethod]: (params: MethodParams<M>, context: OperationContext) => Promise<MethodResult<M>>;
};

export function diagnosticsHandlers(desk: DiagnosticsDesk, inspections: Inspections): DiagnosticsHandlers {
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
    'inspect.certificate': (params, { signal }) => inspections.certificate(params, signal),
    'inspect.modules': async () => ({ modules: await inspections.modules() }),
    'inspect.connection': ({ which }, { signal }) => inspections.connection(which, signal),
    'log.level': async ({ level }) => desk.logLevel(level),
    'log.place': async () => desk.logPlace(),
  };
}
