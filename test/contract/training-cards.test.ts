import { expect, it } from 'vitest';
import { sandboxCardNames, sandboxVariants, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { envelope, trainingCards, trainingVariants } from '../../renderer/pages/training/training-cards.ts';

it('the window offers the cards, the variants and the codes that the simulated world has', () => {
  expect([...trainingCards].sort()).toEqual([...sandboxCardNames].sort());
  expect([...trainingVariants].sort()).toEqual([...sandboxVariants].sort());
  expect(envelope).toEqual(trainingPins);
});
