/** What a check found: one cause, or that nothing is wrong, or that it could not look. */
import { z } from 'zod';
import { causeCodes, causeParameterNames, checkIds } from './causes.ts';

export const checkIdSchema = z.enum(checkIds);
export const causeCodeSchema = z.enum(causeCodes);

/** Why a check has no answer. */
export const unknownReasons = [
  /** It did not end within its time. */
  'timeout',
  /** The system does not let this user look. */
  'not-permitted',
  /** The system answered something that cannot be understood. */
  'answer-invalid',
  /** The check itself failed: a fault of this program. */
  'internal',
] as const;
export const unknownReasonSchema = z.enum(unknownReasons);

export const causeParametersSchema = z.partialRecord(
  z.enum(causeParameterNames),
  z.union([z.string().max(200), z.number()]),
);

/** The exact change that puts it right, as it is shown before anything is done. */
export const fixSchema = z.strictObject({
  /** `command`: lines are commands. `setting`: lines are added to `file`; `afterwards` are commands that follow. */
  kind: z.enum(['command', 'setting']),
  /** `~` stands for the user's folder. */
  file: z.string().max(200).optional(),
  lines: z.array(z.string().min(1).max(300)).min(1).max(8),
  afterwards: z.array(z.string().min(1).max(300)).max(4).optional(),
  needsAdministrator: z.boolean(),
  /** `doctor.fix` can do it; else a person does it with these lines. */
  byApp: z.boolean(),
});

export const findingSchema = z.strictObject({
  id: checkIdSchema,
  /** `not-applicable` also when an earlier cause explains it: see `because`. */
  state: z.enum(['ok', 'notice', 'problem', 'unknown', 'not-applicable']),
  /** With `notice` and `problem`. */
  cause: causeCodeSchema.nullable(),
  severity: z.enum(['notice', 'error', 'fatal']).nullable(),
  owner: z.enum(['citizen', 'administrator', 'helpdesk', 'issuer', 'portal', 'developer']).nullable(),
  parameters: causeParametersSchema,
  fix: fixSchema.nullable(),
  /** Place in the order of fixing, 1 first; null where nothing is to be fixed. */
  rank: z.int().positive().nullable(),
  /** With `unknown`. */
  reason: unknownReasonSchema.optional(),
  /** With `not-applicable`: the cause that stands in the way of this check. */
  because: causeCodeSchema.optional(),
  durationMs: z.number().nonnegative(),
});

export type Finding = z.infer<typeof findingSchema>;
export type FindingFix = z.infer<typeof fixSchema>;
export type CauseParameters = z.infer<typeof causeParametersSchema>;
export type UnknownReason = z.infer<typeof unknownReasonSchema>;
