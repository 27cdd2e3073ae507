/**
 * An exercise under way. Its steps are done when they really happen in the simulated world: the trainer is told of
 * every request that was carried out, and of every card that comes and goes; nobody ticks anything off.
 */
import {
  type Exercise,
  type ExerciseId,
  type TrainingAct,
  type TrainingCause,
  type TrainingState,
  type TrainingStep,
  trainingCauses,
} from '../../../contract/diagnostics/training.ts';
import { Failure } from '../../../contract/failures/failure.ts';
import type { MethodName } from '../../../contract/protocol/methods.ts';
import { type ExercisePlan, exercises } from './exercises.ts';
import type { TrainingGround } from './ground.ts';

/** What has happened. */
export type Observation =
  | { readonly kind: 'card'; readonly present: boolean }
  | {
      readonly kind: 'request';
      readonly method: MethodName;
      readonly params: unknown;
      /** Undefined when it was carried out. */
      readonly failure: Failure | undefined;
      readonly result: unknown;
    };

/** Steps that have to be done before what comes after them counts. */
const milestones: readonly TrainingStep[] = [
  'card-inserted',
  'card-removed',
  'pin1-blocked',
  'loss-reported',
  'found-card-inserted',
];

/** Requests by which helpdesk staff look into a case. */
const looking =
  /^(?:doctor\.run|pin\.status|pin\.verify|session\.login|inspect\..*|monitor\.start|trace\.start|report\.make)$/;

export class Trainer {
  readonly #ground: TrainingGround | undefined;
  readonly #changed: (state: TrainingState | null) => void;
  #plan: ExercisePlan | undefined;
  #done = new Set<TrainingStep>();
  #worldTime = new Date(0);
  #diagnosis: TrainingState['diagnosis'] = null;
  /** The world is being set up: what happens meanwhile is nobody's doing. */
  #preparing = false;

  /** @param ground absent outside training mode */
  constructor(ground: TrainingGround | undefined, changed: (state: TrainingState | null) => void) {
    this.#ground = ground;
    this.#changed = changed;
  }

  /** The exercise under way, or null. Never says what is wrong in a case. */
  get state(): TrainingState | null {
    const plan = this.#plan;
    if (!plan) return null;
    const steps = plan.steps.map((step) => ({ step, done: this.#done.has(step) }));
    return {
      simulated: true,
      exercise: plan.id,
      audience: plan.audience,
      steps,
      acts: [...plan.acts],
      finished: steps.every(({ done }) => done),
      worldTime: this.#worldTime.toISOString(),
      diagnosis: this.#diagnosis,
    };
  }

  list(): { exercises: Exercise[]; causes: TrainingCause[] } {
    return {
      exercises: exercises.map(({ id, audience, steps, acts }) => ({
        id,
        audience,
        steps: [...steps],
        acts: [...acts],
      })),
      causes: [...trainingCauses],
    };
  }

  /** @throws Failure `training-off` outside training mode */
  async start(id: ExerciseId): Promise<TrainingState> {
    const ground = this.#needGround();
    const plan = exercises.find((exercise) => exercise.id === id);
    if (!plan) throw new Failure('internal', { detail: `no exercise ${id}` });
    this.#preparing = true;
    try {
      this.#forget();
      this.#worldTime = await ground.prepare(plan.scene);
      this.#plan = plan;
    } finally {
      this.#preparing = false;
    }
    return this.#announce();
  }

  async stop(): Promise<void> {
    if (!this.#plan) return;
    this.#forget();
    this.#changed(null);
    await this.#needGround().restore();
  }

  /** @throws Failure `training-none` without an exercise, or when the exercise has no such act */
  act(act: TrainingAct): TrainingState {
    const plan = this.#needExercise();
    const ground = this.#needGround();
    if (!plan.acts.includes(act)) throw new Failure('training-none');
    switch (act) {
      case 'insert':
        ground.insert();
        break;
      case 'remove':
        ground.remove();
        break;
      case 'report-loss':
        // Who has the card in the reader has not lost it.
        if (plan.steps.includes('card-removed') && !this.#done.has('card-removed')) break;
        ground.reportLoss();
        this.#mark('loss-reported');
        break;
    }
    return this.#announce();
  }

  /** Answers a case. @throws Failure `training-none` when none is under way */
  diagnose(cause: TrainingCause): { right: boolean; cause: TrainingCause; training: TrainingState } {
    const { scene } = this.#needExercise();
    if (scene.kind !== 'fault') throw new Failure('training-none');
    const right = cause === scene.cause;
    this.#diagnosis = { cause, right };
    this.#done.add('diagnosed');
    return { right, cause: scene.cause, training: this.#announce() };
  }

  observe(observation: Observation): void {
    if (!this.#plan || this.#preparing) return;
    const before = this.#done.size;
    for (const step of stepsOf(observation)) this.#mark(step);
    if (this.#done.size !== before) this.#announce();
  }

  /** A step counts when no milestone before it is still open; taking the card, when everything before it is done. */
  #mark(step: TrainingStep): void {
    const steps = this.#plan?.steps ?? [];
    const at = steps.findIndex((one) => one === step && !this.#done.has(one));
    if (at < 0) return;
    const open = steps.slice(0, at).filter((one) => !this.#done.has(one));
    const waiting = step === 'card-removed' ? open.length > 0 : open.some((one) => milestones.includes(one));
    if (!waiting) this.#done.add(step);
  }

  #announce(): TrainingState {
    const { state } = this;
    if (!state) throw new Failure('training-none');
    this.#changed(state);
    return state;
  }

  #forget(): void {
    this.#plan = undefined;
    this.#done = new Set();
    this.#diagnosis = null;
  }

  #needGround(): TrainingGround {
    if (!this.#ground) throw new Failure('training-off');
    return this.#ground;
  }

  #needExercise(): ExercisePlan {
    this.#needGround();
    if (!this.#plan) throw new Failure('training-none');
    return this.#plan;
  }
}

/** The steps that an observation may be. */
function stepsOf(observation: Observation): TrainingStep[] {
  if (observation.kind === 'card') {
    return observation.present ? ['card-inserted', 'found-card-inserted'] : ['card-removed'];
  }
  const { method, params, failure, result } = observation;
  const looked: TrainingStep[] = looking.test(method) ? ['looked'] : [];
  const pin = (params as { pin?: unknown } | null)?.pin;
  if (failure) return [...looked, ...stepsOfFailure(method, pin, failure)];
  switch (method) {
    case 'pin.verify':
      return [...looked, pin === 'PIN1' ? 'pin1-verified' : 'pin2-verified'];
    case 'pin.change':
      return [pin === 'PIN1' ? 'pin1-changed' : 'pin2-changed'];
    case 'pin.unblock':
      return pin === 'PIN1' ? ['pin1-unblocked'] : [];
    case 'sign.documents': {
      const { results } = result as { results: readonly object[] };
      return results.some((one) => !('failure' in one)) ? ['document-signed'] : [];
    }
    case 'session.login':
      return [...looked, 'signed-in'];
    case 'session.logout':
      return ['signed-out'];
    case 'data.read':
      return ['data-read'];
    default:
      return looked;
  }
}

function stepsOfFailure(method: MethodName, pin: unknown, { code }: Failure): TrainingStep[] {
  if (method === 'session.login' && code.startsWith('certificate-')) return ['sign-in-refused'];
  if (pin !== 'PIN1') return [];
  if (code === 'pin-wrong') return ['pin1-wrong'];
  return code === 'pin-blocked' ? ['pin1-blocked'] : [];
}
