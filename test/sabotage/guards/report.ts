import type { Guard } from '../guard.ts';

/** The support bundle tells nothing of a person; training never touches what is real. */
export const reportGuards: readonly Guard[] = [
  {
    id: 'bundle-versions',
    protects: 'Of a version only its numbers are told: what follows may be a name.',
    file: 'electron/engine/diagnostics/report/versions.ts',
    find: 'const numbers = /^v?(\\d{1,6}(?:\\.\\d{1,6}){0,3})/.exec(text)?.[1];',
    replace: 'const numbers = /^v?(.*)/.exec(text)?.[1];',
    tests: ['test/engine/diagnostics/report/bundle.test.ts'],
  },
  {
    id: 'bundle-strict',
    protects: 'What is not in the allow-list cannot be written.',
    file: 'electron/contract/diagnostics/bundle.ts',
    find: 'JSON.stringify(supportBundleSchema.parse(bundle), null, 2)',
    replace: 'JSON.stringify(bundle, null, 2)',
    tests: ['test/engine/diagnostics/report/bundle.test.ts'],
  },
  {
    id: 'training-simulated-only',
    protects: 'Exercises are done in the simulated world, or not at all.',
    file: 'electron/engine/agent/training/trainer.ts',
    find: "    if (!this.#ground) throw new Failure('training-off');\n    return this.#ground;",
    replace: '    return this.#ground as TrainingGround;',
    tests: ['test/engine/agent/training/exercises.test.ts'],
  },
];
