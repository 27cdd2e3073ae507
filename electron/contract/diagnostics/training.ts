/**
 * Training: what every failure looks like, and exercises that are done by hand in the simulated world. All of it is
 * simulated and says so. The words are in `renderer/locales/<lang>/training.json`: besides those named below,
 * `training.exercise.ID.title` and `.intro` (in a case, what the citizen says).
 */
import { z } from 'zod';
import { failureCodes } from '../failures/catalogue.ts';
import { failureWireSchema } from '../model/failure.ts';

/**
 * `provoked`: the failure really happens, in a simulated world of its own that is made for it and thrown away.
 * `shown`: the sandbox cannot make it happen (it concerns this computer's own parts); the failure itself is shown.
 */
export const demonstrationWaySchema = z.enum(['provoked', 'shown']);

/** What is done in a demonstration, in words of `training.json` under `training.action.NAME`. */
export const demonstrationActions = [
  'service-away',
  'reader-without-card',
  'no-reader',
  'reader-unplugged',
  'reader-held-by-other-program',
  'card-in',
  'card-upside-down',
  'other-card-in',
  'damaged-card-in',
  'card-pulled',
  'card-swapped',
  'card-reset-by-other-program',
  'pin-right',
  'pin-wrong',
  'pin-unfit',
  'pin-cancelled',
  'puk-wrong',
  'new-pin-unfit',
  'sign-in',
  'portal-fails',
  'read-data',
  'sign-document',
  'document-unfit',
  'module-loaded',
  'settings-read',
  'look-at-failure',
] as const;
export const demonstrationActionSchema = z.enum(demonstrationActions);

export const demonstrationSchema = z.strictObject({
  simulated: z.literal(true),
  code: z.enum(failureCodes),
  way: demonstrationWaySchema,
  /** What happened, in order; the failure came with the last of them. */
  actions: z.array(demonstrationActionSchema).min(1).max(12),
  /** As the window shows it when it happens. */
  failure: failureWireSchema,
});

export const trainingAudienceSchema = z.enum(['citizen', 'helpdesk']);

export const exerciseIds = [
  'first-use',
  'signing',
  'forgotten-pin',
  'lost-card',
  'case-01',
  'case-02',
  'case-03',
  'case-04',
  'case-05',
  'case-06',
  'case-07',
  'case-08',
  'case-09',
  'case-10',
] as const;
export const exerciseIdSchema = z.enum(exerciseIds);

/** Steps of exercises; each is done when it really happens in the simulated world. Words under `training.step.NAME`. */
export const trainingSteps = [
  'card-inserted',
  'card-removed',
  'pin1-changed',
  'pin2-changed',
  'pin1-verified',
  'pin2-verified',
  'pin1-wrong',
  'pin1-blocked',
  'pin1-unblocked',
  'document-signed',
  'signed-in',
  'signed-out',
  'data-read',
  'loss-reported',
  'found-card-inserted',
  'sign-in-refused',
  'looked',
  'diagnosed',
] as const;
export const trainingStepSchema = z.enum(trainingSteps);

/** What helpdesk staff choose from. Words under `training.cause.NAME` and `training.explanation.NAME`. */
export const trainingCauses = [
  'pin-blocked',
  'card-mute',
  'card-foreign',
  'certificate-expired',
  'certificate-revoked',
  'certificate-suspended',
  'portal-down',
  'reader-held',
  'reader-missing',
  'clock-wrong',
  'card-missing',
  'service-down',
  'certificate-missing',
  'pin-change-needed',
] as const;
export const trainingCauseSchema = z.enum(trainingCauses);

/** What can be done in an exercise beside what the window does anyway. Words under `training.act.NAME`. */
export const trainingActSchema = z.enum(['insert', 'remove', 'report-loss']);

export const exerciseSchema = z.strictObject({
  id: exerciseIdSchema,
  audience: trainingAudienceSchema,
  steps: z.array(trainingStepSchema).min(1),
  acts: z.array(trainingActSchema),
});

export const trainingStateSchema = z.strictObject({
  simulated: z.literal(true),
  exercise: exerciseIdSchema,
  audience: trainingAudienceSchema,
  steps: z.array(z.strictObject({ step: trainingStepSchema, done: z.boolean() })),
  acts: z.array(trainingActSchema),
  /** All steps are done. */
  finished: z.boolean(),
  /** What the citizen's phone shows as date and time: the simulated world's own clock. */
  worldTime: z.iso.datetime(),
  /** The answer to `training.diagnose`, once given. */
  diagnosis: z.strictObject({ cause: trainingCauseSchema, right: z.boolean() }).nullable(),
});

/** Methods of the agent for training. Those of exercises need training mode (`training-off` otherwise). */
export const trainingMethods = {
  'training.catalogue': {
    params: z.strictObject({}),
    result: z.strictObject({
      simulated: z.literal(true),
      items: z.array(z.strictObject({ code: z.enum(failureCodes), way: demonstrationWaySchema })),
    }),
  },
  /** Shows what a failure looks like, in a simulated world of its own: nothing at hand is touched. */
  'training.show': {
    params: z.strictObject({ code: z.enum(failureCodes) }),
    result: demonstrationSchema,
  },
  'training.exercises': {
    params: z.strictObject({}),
    result: z.strictObject({
      simulated: z.literal(true),
      exercises: z.array(exerciseSchema),
      causes: z.array(trainingCauseSchema),
    }),
  },
  /** Makes the simulated world ready for an exercise; one that was under way ends. */
  'training.start': {
    params: z.strictObject({ exercise: exerciseIdSchema }),
    result: z.strictObject({ training: trainingStateSchema }),
  },
  /** Ends the exercise; the simulated world is as after the start of training mode. */
  'training.stop': { params: z.strictObject({}), result: z.strictObject({}) },
  'training.state': {
    params: z.strictObject({}),
    result: z.strictObject({ training: trainingStateSchema.nullable() }),
  },
  'training.act': {
    params: z.strictObject({ act: trainingActSchema }),
    result: z.strictObject({ training: trainingStateSchema }),
  },
  /** Answers a helpdesk exercise. */
  'training.diagnose': {
    params: z.strictObject({ cause: trainingCauseSchema }),
    result: z.strictObject({
      right: z.boolean(),
      /** The true cause, with its words under `training.explanation.NAME`. */
      cause: trainingCauseSchema,
      training: trainingStateSchema,
    }),
  },
} as const;

export type Demonstration = z.infer<typeof demonstrationSchema>;
export type DemonstrationAction = z.infer<typeof demonstrationActionSchema>;
export type Exercise = z.infer<typeof exerciseSchema>;
export type ExerciseId = z.infer<typeof exerciseIdSchema>;
export type TrainingState = z.infer<typeof trainingStateSchema>;
export type TrainingStep = z.infer<typeof trainingStepSchema>;
export type TrainingCause = z.infer<typeof trainingCauseSchema>;
export type TrainingAct = z.infer<typeof trainingActSchema>;
