import type { Guard } from '../guard.ts';

/** What may stand in the log. */
export const logGuards: readonly Guard[] = [
  {
    id: 'log-allow-list',
    protects: 'Nothing is logged but events and fields of the list.',
    file: 'electron/engine/diagnostics/log/program-log.ts',
    find: 'const parsed = logEventSchema.safeParse(event);',
    replace: 'const parsed = { success: true, data: event, schema: logEventSchema };',
    tests: ['test/engine/diagnostics/log/program-log.test.ts'],
  },
  {
    id: 'log-mode',
    protects: 'Other users of the computer cannot read the log.',
    file: 'electron/engine/diagnostics/log/rotated-file.ts',
    find: 'return openSync(this.path, flags, 0o600);',
    replace: 'return openSync(this.path, flags, 0o644);',
    tests: ['test/engine/diagnostics/log/program-log.test.ts'],
  },
  {
    id: 'log-links',
    protects: 'The log does not write through a link into another file.',
    file: 'electron/engine/diagnostics/log/rotated-file.ts',
    find: '(constants.O_NOFOLLOW ?? 0)',
    replace: '0',
    tests: ['test/engine/diagnostics/log/program-log.test.ts'],
  },
];
