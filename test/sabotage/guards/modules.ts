import type { Guard } from '../guard.ts';

/** Guards around vendor code: what it may be given, how long it may take, what it is believed. */
export const moduleGuards: readonly Guard[] = [
  {
    id: 'module-empty-pin',
    protects: 'A PKCS#11 module is never given an empty PIN.',
    file: 'electron/engine/modules/module-host.ts',
    find: 'if (typed.some((code) => code.length === 0)) {',
    replace: 'if (typed.length < 0) {',
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-pin-once',
    protects: 'A PIN that crashed a module is not given to it again.',
    file: 'electron/engine/modules/module-host.ts',
    find: '      return process.request({ ...header, slot, label, serial, pad }, parts, deadline);',
    replace: `      const send = () => process.request({ ...header, slot, label, serial, pad }, parts, deadline);
      return send().catch(async (error: unknown) => {
        if (error instanceof HostLost) await (await this.#running()).request({ ...header, slot, label, serial, pad }, parts, deadline);
        throw error;
      });`,
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-outcome',
    protects: 'A PIN that was with the module when it was lost is said to have an unknown outcome.',
    file: 'electron/engine/modules/module-failures.ts',
    find: '  if (!lost.presenting) return loss;\n',
    replace: '  if (lost.presenting || !lost.presenting) return loss;\n',
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-deadline',
    protects: 'A module that does not answer is killed at its deadline.',
    file: 'electron/engine/modules/host-process.ts',
    find: "const late = setTimeout(() => this.#end('timeout'), deadlineMs);",
    replace: "const late = setTimeout(() => this.#end('timeout'), deadlineMs * 1000);",
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-pinned',
    protects: 'A module that the settings name is loaded only with the SHA-256 that stands there.',
    file: 'electron/engine/modules/module-file.ts',
    find: "throw new Failure('module-changed', { parameters });",
    replace: 'void parameters;',
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-old-run',
    protects: 'A token of a module that was started anew is given no PIN.',
    file: 'electron/engine/modules/module-host.ts',
    find: "      throw new Failure('card-changed', { detail: 'the module was started anew' });\n    }\n  }",
    replace: '    }\n  }',
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-environment',
    protects: 'Vendor code does not see our environment.',
    file: 'electron/engine/modules/host-process.ts',
    find: 'return Object.fromEntries(given);',
    replace: 'return { ...from, ...Object.fromEntries(given) };',
    tests: ['test/engine/modules/evil-module.test.ts'],
  },
  {
    id: 'module-last-try',
    protects: 'The last try of a PKCS#11 token needs a deliberate act.',
    file: 'electron/engine/modules/module-token.ts',
    find: "if (tries === 'last' && !options.acknowledgeLastTry) {",
    replace: "if (tries === 'blocked' && !options.acknowledgeLastTry) {",
    tests: ['test/engine/modules/opensc.rig.test.ts'],
  },
  {
    id: 'module-frame-zeroing',
    protects: 'The message that carried a PIN to a module host is overwritten.',
    file: 'electron/engine/modules/host-process.ts',
    find: 'this.#child.stdin.write(frame, () => frame.fill(0));',
    replace: 'this.#child.stdin.write(frame);',
    tests: ['test/engine/modules/module-host.test.ts'],
  },
];
