import type { Guard } from '../guard.ts';

/** Guards around the reader: whose card it is, and who else is at it. */
export const readerGuards: readonly Guard[] = [
  {
    id: 'swapped-card',
    protects: 'A card that was swapped between two looks ends the channel of the old one.',
    file: 'electron/engine/readers/pcsc-service.ts',
    find: "      else if (this.#tracker.generation(channel.readerName) > channel.generation) channel.endWith('removed');\n",
    replace: '',
    tests: ['test/engine/readers/service-states.test.ts'],
  },
  {
    id: 'hold-taken-back',
    protects:
      'A command that waits for another program is taken back before its caller is told that it was not sent.',
    file: 'electron/engine/readers/pcsc-channel.ts',
    find: 'timers.push(setTimeout(() => this.#jobs.abandon(job) && giveUp(held), holdNoticeMs));',
    replace: 'timers.push(setTimeout(() => giveUp(held), holdNoticeMs));',
    tests: ['test/engine/readers/pcsc-channel.test.ts'],
  },
  {
    id: 'nested-transaction',
    protects: 'A transaction inside another is refused, so that none ends the other.',
    file: 'electron/engine/readers/pcsc-channel.ts',
    find: "if (this.#transaction !== 'none')",
    replace: "if (this.#transaction === 'beginning')",
    tests: ['test/engine/readers/pcsc-channel.test.ts'],
  },
  {
    id: 'late-opening',
    protects: 'A card that was opened when nobody waited for it any more is let go.',
    file: 'electron/engine/readers/card-openings.ts',
    find: '      this.#leftBehind.delete(key);\n      giveUp(jobs);\n',
    replace: '',
    tests: ['test/engine/readers/card-openings.test.ts'],
  },
  {
    id: 'reader-command-zeroing',
    protects: "The simulated reader's copy of a command, which may carry a PIN, is overwritten.",
    file: 'electron/engine/readers/in-process-channel.ts',
    find: '      copy.fill(0);\n',
    replace: '',
    tests: ['test/engine/readers/in-process.test.ts'],
  },
];
