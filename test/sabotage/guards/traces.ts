import type { Guard } from '../guard.ts';

/** What may leave the house in a trace, and what a replay may answer. */
export const traceGuards: readonly Guard[] = [
  {
    id: 'observed-secrets',
    protects: 'Nobody who looks on sees a PIN, nor how long it is.',
    file: 'electron/engine/diagnostics/observing/observed-command.ts',
    find: 'if (secretInstructions.includes(ins)) return',
    replace: 'if (secretInstructions.includes(ins) && bytes.length === 0) return',
    tests: ['test/engine/diagnostics/traces/observed-command.test.ts'],
  },
  {
    id: 'observed-templates',
    protects: 'Data fields are open only where they are references.',
    file: 'electron/engine/diagnostics/observing/observed-command.ts',
    find: 'referenceTags.includes(tag) && value.length <= 4',
    replace: 'tag > 0 && value.length <= 255',
    tests: ['test/engine/diagnostics/traces/observed-command.test.ts'],
  },
  {
    id: 'trace-words',
    protects: 'Of a label only words of cards stay in a trace.',
    file: 'electron/engine/diagnostics/trace/known-words.ts',
    find: 'if (isKnown(word)) ',
    replace: '',
    tests: ['test/engine/diagnostics/traces/redacted-files.test.ts'],
  },
  {
    id: 'trace-identifiers',
    protects: 'Hashes of keys do not stand in a trace.',
    file: 'electron/engine/diagnostics/trace/identifier-names.ts',
    find: 'if (identifier.length <= shortBytes)',
    replace: 'if (identifier.length <= shortBytes * 64)',
    tests: ['test/engine/diagnostics/traces/redacted-files.test.ts'],
  },
  {
    id: 'trace-unknown-files',
    protects: 'Of a file that no rule knows nothing stays in a trace.',
    file: 'electron/engine/diagnostics/trace/redacted-files.ts',
    find: 'else fillUnknownFile(filling);',
    replace: 'else filling.keep(0, content.length);',
    tests: ['test/engine/diagnostics/traces/redacted-files.test.ts'],
  },
  {
    id: 'replay-strict',
    protects: 'A trace answers nothing but what was asked when it was recorded.',
    file: 'electron/engine/diagnostics/trace/replay-session.ts',
    find: 'recorded.header === asked.header &&',
    replace: 'recorded.header.length === asked.header.length &&',
    tests: ['test/engine/diagnostics/traces/replay.test.ts'],
  },
  {
    id: 'trace-names',
    protects: 'Names in certificates do not stand in a trace.',
    file: 'electron/engine/diagnostics/trace/certificate-filler.ts',
    find: "return new Uint8Array(value.length).fill('x'.charCodeAt(0));",
    replace: 'return value;',
    tests: ['test/engine/diagnostics/secrets/nothing-leaks.test.ts'],
  },
  {
    id: 'trace-answers',
    protects: 'What a card answers is redacted before it stands in a trace.',
    file: 'electron/engine/diagnostics/trace/group-redaction.ts',
    find: 'const redacted = redact?.(whole);',
    replace: 'const redacted = redact === undefined ? undefined : Uint8Array.from(whole);',
    tests: ['test/engine/diagnostics/secrets/nothing-leaks.test.ts'],
  },
];
