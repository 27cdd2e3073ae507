/** What the simulated world has; a test holds it to that. */
export const trainingCards = ['eid', '2025', 'esteid2018'] as const;
export const trainingVariants = [
  'normal',
  'change-first',
  'last-try',
  'pin1-blocked',
  'pin2-blocked',
  'blocked',
  'puk-blocked',
  'expired',
  'not-yet-valid',
  'suspended',
  'revoked',
  'no-certificate',
] as const;

/** PUBLIC TRAINING VALUES of the simulated cards; they stand in the documentation and open nothing else. */
export const envelope = { PIN1: '4271', PIN2: '836145', PUK: '70318264' } as const;
