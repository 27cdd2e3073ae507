/**
 * PUBLIC TRAINING VALUES. The PINs and the PUK of every simulated card; they stand in the documentation, open
 * nothing but the sandbox and are kept as strings for that reason alone. A real PIN is never a string here.
 */
export const trainingPins = {
  /** Four digits, guards the authentication key. */
  PIN1: '4271',
  /** Six digits, guards the signature key. */
  PIN2: '836145',
  /** Eight digits, unblocks both. */
  PUK: '70318264',
} as const;

/** The PINs of one simulated card, ASCII digits. */
export type TrainingPins = Readonly<Record<keyof typeof trainingPins, string>>;
