/** The exercises. What is told about them stands in the locale files; which cause a case has stands here alone. */
import type { Exercise, ExerciseId, TrainingCause } from '../../../contract/diagnostics/training.ts';
import type { Scene } from './ground.ts';

export interface ExercisePlan extends Exercise {
  readonly scene: Scene;
}

const citizen = (
  id: ExerciseId,
  card: string,
  steps: Exercise['steps'],
  acts: Exercise['acts'],
): ExercisePlan => ({
  id,
  audience: 'citizen',
  steps,
  acts,
  scene: { kind: 'card-at-hand', card },
});

const inAndOut: Exercise['acts'] = ['insert', 'remove'];

const helpdeskCase = (number: number, cause: TrainingCause): ExercisePlan => ({
  id: `case-${String(number).padStart(2, '0')}` as ExerciseId,
  audience: 'helpdesk',
  steps: ['looked', 'diagnosed'],
  acts: [],
  scene: { kind: 'fault', cause },
});

export const exercises: readonly ExercisePlan[] = [
  citizen(
    'first-use',
    'eid:change-first',
    ['card-inserted', 'pin1-changed', 'pin2-changed', 'pin1-verified', 'card-removed'],
    inAndOut,
  ),
  citizen('signing', 'eid', ['card-inserted', 'document-signed', 'card-removed'], inAndOut),
  citizen(
    'forgotten-pin',
    'eid',
    ['card-inserted', 'pin1-wrong', 'pin1-blocked', 'pin1-unblocked', 'pin1-verified', 'card-removed'],
    inAndOut,
  ),
  citizen(
    'lost-card',
    'eid',
    ['card-inserted', 'signed-in', 'card-removed', 'loss-reported', 'found-card-inserted', 'sign-in-refused'],
    [...inAndOut, 'report-loss'],
  ),
  helpdeskCase(1, 'pin-blocked'),
  helpdeskCase(2, 'card-mute'),
  helpdeskCase(3, 'certificate-expired'),
  helpdeskCase(4, 'portal-down'),
  helpdeskCase(5, 'reader-held'),
  helpdeskCase(6, 'certificate-suspended'),
  helpdeskCase(7, 'card-foreign'),
  helpdeskCase(8, 'clock-wrong'),
  helpdeskCase(9, 'certificate-revoked'),
  helpdeskCase(10, 'reader-missing'),
];
