import type { TrainingCause } from '../../../contract/diagnostics/training.ts';

/** How the simulated world is set up for an exercise. */
export type Scene =
  /** A reader without a card; the trainee puts this one in. */
  | { readonly kind: 'card-at-hand'; readonly card: string }
  /** Something is wrong. */
  | { readonly kind: 'fault'; readonly cause: TrainingCause };

/** The simulated world as training sees it. All of it lives in memory. */
export interface TrainingGround {
  /** Sets the world up; what was there before is gone. Returns the world's own date and time. */
  prepare(scene: Scene): Promise<Date>;
  /** Puts the card at hand in, as it is: with the PINs that it has by now. */
  insert(): void;
  remove(): void;
  /** The holder has called the authority: the card's certificates are suspended. */
  reportLoss(): void;
  /** The world is as training mode began. */
  restore(): Promise<void>;
}
