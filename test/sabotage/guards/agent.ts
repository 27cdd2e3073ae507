import type { Guard } from '../guard.ts';

/** Who may ask the agent for what. */
export const agentGuards: readonly Guard[] = [
  {
    id: 'prompt-key-once',
    protects: 'The key of a PIN envelope serves one envelope.',
    file: 'electron/engine/agent/pin-prompts.ts',
    find: 'if (!this.#open.delete(prompt.promptId)) return;',
    replace: '',
    tests: ['test/engine/agent/pin-prompts.test.ts'],
  },
  {
    id: 'prompt-owner',
    protects: "A client cannot answer another client's question for a PIN.",
    file: 'electron/engine/agent/pin-prompts.ts',
    find: 'open.owner !== owner)',
    replace: 'false)',
    tests: ['test/engine/agent/pin-prompts.test.ts'],
  },
  {
    id: 'prompt-last-try',
    protects: 'The last try needs a deliberate act before the envelope is opened.',
    file: 'electron/engine/agent/pin-prompts.ts',
    find: 'if (!lastTry || acknowledged) return false;',
    replace: 'if (lastTry || !lastTry) return false;',
    tests: ['test/engine/agent/pin-prompts.test.ts'],
  },
  {
    id: 'envelope-bound-to-prompt',
    protects: 'An envelope is good for the prompt it was sealed for.',
    file: 'electron/engine/agent/pin-prompts.ts',
    find: '    decipher.final();\n',
    replace: '',
    tests: ['test/engine/agent/pin-prompts.test.ts'],
  },
  {
    id: 'connection-key',
    protects: 'The agent serves nobody who cannot read the key beside its socket.',
    file: 'electron/engine/agent/agent.ts',
    find: 'return expected === undefined || sameKey(key, expected);',
    replace: 'return true;',
    tests: ['test/engine/agent/admission.test.ts'],
  },
  {
    id: 'socket-folder',
    protects: "The agent's socket does not lie in a folder that others can enter.",
    file: 'electron/engine/agent/socket.ts',
    find: 'if (uid !== userInfo().uid || (mode & 0o077) !== 0) {',
    replace: 'if (false) {',
    tests: ['test/engine/agent/admission.test.ts'],
  },
  {
    id: 'hello-first',
    protects: 'Nothing is answered before a client has shown its key.',
    file: 'electron/engine/agent/connection.ts',
    find: `    if (!this.#greeted) {
      this.#stream.destroy();
      return;
    }
`,
    replace: '',
    tests: ['test/engine/agent/admission.test.ts'],
  },
  {
    id: 'wipe-on-removal',
    protects: 'The session ends with the card.',
    file: 'electron/engine/agent/agent.ts',
    find: "    this.#portal.wipe('removed');\n",
    replace: '',
    tests: ['test/engine/agent/wiping.test.ts'],
  },
  {
    id: 'frame-limit',
    protects: 'A client cannot make the agent hold an endless message.',
    file: 'electron/contract/protocol/framing.ts',
    find: 'if (length === 0 || length > this.#limit) ',
    replace: 'if (false) ',
    tests: ['test/contract/framing.test.ts'],
  },
  {
    id: 'operation-owner',
    protects: "A client does not learn the answer to another's request.",
    file: 'electron/engine/agent/operations.ts',
    find: 'return operation?.owner === owner ? operation.outcome : undefined;',
    replace: 'return operation?.outcome;',
    tests: ['test/engine/agent/operations.test.ts'],
  },
];
