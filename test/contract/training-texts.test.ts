import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  demonstrationActions,
  exerciseIds,
  trainingActSchema,
  trainingCauses,
  trainingSteps,
} from '../../electron/contract/diagnostics/training.ts';
import { languages } from '../../electron/contract/text/languages.ts';
import { root } from '../architecture/source-files.ts';

describe('the words of training', () => {
  const expected = [
    ...exerciseIds.flatMap((id) => [`training.exercise.${id}.title`, `training.exercise.${id}.intro`]),
    ...demonstrationActions.map((action) => `training.action.${action}`),
    ...trainingSteps.map((step) => `training.step.${step}`),
    ...trainingActSchema.options.map((act) => `training.act.${act}`),
    ...trainingCauses.flatMap((cause) => [`training.cause.${cause}`, `training.explanation.${cause}`]),
  ];

  it.each(languages)('are there for everything that can be shown, and for nothing else (%s)', (language) => {
    const file = path.join(root, 'renderer', 'locales', language, 'training.json');
    const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    expect(Object.keys(texts).sort()).toEqual([...expected].sort());
    // What the citizen says in a case names no cause.
    const said = exerciseIds
      .filter((id) => id.startsWith('case-'))
      .map((id) => texts[`training.exercise.${id}.intro`]);
    expect(new Set(said).size).toBe(10);
  });
});
