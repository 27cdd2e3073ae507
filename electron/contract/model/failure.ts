import { z } from 'zod';
import { failureCodes } from '../failures/catalogue.ts';
import { Failure } from '../failures/failure.ts';

/** A failure as it crosses a process border: without sentences, which are made where it is shown. */
export const failureWireSchema = z.strictObject({
  code: z.enum(failureCodes),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
  triesLeft: z.int().nonnegative().optional(),
});

export type FailureWire = z.infer<typeof failureWireSchema>;

/** A failure for the wire. The developer's `detail` stays in the agent: it may quote what a card answered. */
export function failureToWire(failure: Failure): FailureWire {
  return {
    code: failure.code,
    parameters: { ...failure.parameters },
    ...(failure.triesLeft === undefined ? {} : { triesLeft: failure.triesLeft }),
  };
}

export function failureFromWire(wire: FailureWire): Failure {
  return new Failure(wire.code, {
    parameters: wire.parameters,
    ...(wire.triesLeft === undefined ? {} : { triesLeft: wire.triesLeft }),
  });
}

/** A failure as the command line prints it with `--json`; sentences in the chosen language. */
export const failureSchema = z.strictObject({
  code: z.enum(failureCodes),
  message: z.string().min(1),
  cause: z.string().min(1),
  fix: z.array(z.string().min(1)).min(1),
  owner: z.enum(['citizen', 'administrator', 'helpdesk', 'issuer', 'portal', 'developer']),
  triesLeft: z.int().nonnegative().optional(),
});

export type FailureJson = z.infer<typeof failureSchema>;
