/** The doctor's methods: run the checks, put one thing right, say what a short code means. */
import { z } from 'zod';
import { causeCodeSchema, checkIdSchema, findingSchema } from './finding.ts';
import { shortCodeSchema } from './short-code.ts';

/** What `buletin doctor --json` prints. */
export const doctorReportSchema = z.strictObject({
  version: z.literal(1),
  /** The checks ran in a simulated world. */
  simulated: z.boolean(),
  /** What is to be fixed first comes first; then what could not be looked at, then the rest. */
  findings: z.array(findingSchema),
  /** The same findings to be read over the phone. */
  code: shortCodeSchema,
  durationMs: z.number().nonnegative(),
});

/** What a short code says. */
export const explanationSchema = z.strictObject({
  code: shortCodeSchema,
  platform: z.enum(['linux', 'win32', 'darwin', 'other']),
  /** Version of the program that made it: major and minor, the latter modulo 16. */
  release: z.strictObject({ major: z.int(), minor: z.int() }),
  /** In the order of fixing. No parameters: a short code has no room for names. */
  causes: z.array(causeCodeSchema),
  /** Causes that this version does not know: the program that made the code is newer. */
  unknownCauses: z.int().nonnegative(),
  /** More was found than the code has room for. */
  more: z.boolean(),
});

export const doctorMethods = {
  /** Runs the checks, all at once. Changes nothing; costs no try of any PIN. */
  'doctor.run': {
    params: z.strictObject({
      reader: z.string().min(1).max(256).optional(),
      only: z.array(checkIdSchema).min(1).max(30).optional(),
    }),
    result: doctorReportSchema,
  },
  /**
   * What a short code says. Needs no card and no network (and no agent: `explainShortCode` is in the contract).
   * @throws Failure `doctor-code-invalid`
   */
  'doctor.explain': { params: z.strictObject({ code: z.string().max(64) }), result: explanationSchema },
  /**
   * Makes the change of a finding that has `fix.byApp`. `lines` are those that the person was shown: when the check
   * would do anything else by now, nothing is done.
   * @throws Failure `doctor-fix-none`, `doctor-fix-failed`, `cancelled`
   */
  'doctor.fix': {
    params: z.strictObject({
      id: checkIdSchema,
      cause: causeCodeSchema,
      lines: z.array(z.string().max(300)).min(1).max(8),
    }),
    result: z.strictObject({
      /** The check ran again and the cause is gone. */
      solved: z.boolean(),
      findings: z.array(findingSchema),
    }),
  },
} as const;

export type DoctorReport = z.infer<typeof doctorReportSchema>;
export type Explanation = z.infer<typeof explanationSchema>;
