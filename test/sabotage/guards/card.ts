import type { Guard } from '../guard.ts';

/** What a card answers is hostile input: read with bounds. */
export const cardGuards: readonly Guard[] = [
  {
    id: 'get-response-bound',
    protects: 'A card that always has more to say is stopped.',
    file: 'electron/engine/card/command-transport.ts',
    find: 'if (round === maxResponseRounds) {',
    replace: 'if (round === maxResponseRounds * 2) {',
    tests: ['test/engine/card/iso7816.test.ts'],
  },
  {
    id: 'answer-size-bound',
    protects: 'An answer put together from parts does not grow without end.',
    file: 'electron/engine/card/command-transport.ts',
    find: 'if (length > maxResponseBytes) {',
    replace: 'if (length > maxResponseBytes * 2) {',
    tests: ['test/engine/card/iso7816.test.ts'],
  },
  {
    id: 'task-bound',
    protects: 'No card makes a task of ours longer than it may be.',
    file: 'electron/engine/card/command-transport.ts',
    find: 'if (this.#exchanges >= this.#exchangeLimit) {',
    replace: 'if (this.#exchanges >= this.#exchangeLimit * 2) {',
    tests: ['test/engine/card/iso7816.test.ts'],
  },
  {
    id: 'tlv-depth',
    protects: 'Data objects inside one another end somewhere.',
    file: 'electron/engine/card/tlv.ts',
    find: 'if (depth > bounds.maxDepth) ',
    replace: 'if (depth > bounds.maxDepth * 2) ',
    tests: ['test/engine/card/tlv.test.ts'],
  },
  {
    id: 'tlv-items',
    protects: 'Data objects are not countless.',
    file: 'electron/engine/card/tlv.ts',
    find: 'if (reading.itemsLeft-- <= 0) ',
    replace: 'if (false) ',
    tests: ['test/engine/card/tlv.test.ts'],
  },
  {
    id: 'signature-check',
    protects: 'A signature that does not hold never leaves the token.',
    file: 'electron/engine/token/signature-check.ts',
    find: 'if (!holds) ',
    replace: 'if (false) ',
    tests: ['test/engine/token/wrong-signature.test.ts'],
  },
  {
    id: 'simulated-said',
    protects: 'What is simulated says so.',
    file: 'electron/engine/token/open-token.ts',
    find: 'const simulated = channel.simulated || model.simulated || saysSimulated(model);',
    replace: 'const simulated = false;',
    tests: ['test/engine/token/simulated-cards.test.ts'],
  },
];
