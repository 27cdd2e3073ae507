import type { Guard } from '../guard.ts';

const file = 'electron/engine/token/pin-pad/pin-pad.ts';
const tests = ['test/engine/token/pin-pad.rig.test.ts'];

/** PINs that are typed at the reader. */
export const pinPadGuards: readonly Guard[] = [
  {
    id: 'pin-pad-trust',
    protects: 'Keys that a reader only claims are not used.',
    file,
    find: 'return trusted(channel.readerName, properties.usb) ? ',
    replace: 'return trusted ? ',
    tests,
  },
  {
    id: 'pin-pad-once',
    protects: 'One act asks at the reader once, whatever comes of it.',
    file,
    find: 'const answer = await this.#channel.control(code, structure).catch(',
    replace: `await this.#channel.control(code, structure).catch(() => undefined);
    const answer = await this.#channel.control(code, structure).catch(`,
    tests,
  },
  {
    id: 'pin-pad-outcome',
    protects: 'A card that goes while a PIN is typed at the reader may have lost a try: that is said.',
    file,
    find: '      throw secretFailure(thrown);\n',
    replace: '      throw thrown;\n',
    tests,
  },
  {
    id: 'pin-pad-digits',
    protects: 'What belongs on the reader’s keys is not taken from anywhere else.',
    file: 'electron/engine/agent/pin-prompts.ts',
    find: '    if (open.prompt.atReader !== undefined) throw noSuchPrompt();\n',
    replace: '',
    tests: ['test/engine/agent/pin-prompts.test.ts'],
  },
  {
    id: 'pin-pad-features',
    protects: 'Half a list of features is none.',
    file: 'electron/engine/token/pin-pad/features.ts',
    find: 'if (view.getUint8(at + 1) !== 4 || code === 0 || codes.has(tag)) return new Map();',
    replace: '',
    tests: ['test/engine/token/pin-pad-structures.test.ts'],
  },
];
