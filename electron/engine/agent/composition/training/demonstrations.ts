/** What every failure looks like: really provoked where the sandbox can, else the failure itself. */
import type { Demonstration } from '../../../../contract/diagnostics/training.ts';
import type { FailureCode } from '../../../../contract/failures/catalogue.ts';
import { asFailure, Failure, type FailureParameters } from '../../../../contract/failures/failure.ts';
import { failureToWire } from '../../../../contract/model/failure.ts';
import type { Demonstrations } from '../../training/demonstrations.ts';
import { cardScenes } from './card-scenes.ts';
import { documentScenes } from './document-scenes.ts';
import { pinScenes } from './pin-scenes.ts';
import { portalScenes } from './portal-scenes.ts';
import type { Scene, Scenes } from './scenes.ts';
import { Stage } from './stage.ts';

const scenes: Scenes = { ...cardScenes, ...pinScenes, ...portalScenes, ...documentScenes };

/** Values for the sentences of failures that are only shown; a sentence takes what it needs. */
const samples: FailureParameters = {
  pin: 'PIN1',
  reader: 'Buletin Simulated Reader',
  host: 'portal.example',
  expected: 'mpass.example',
  file: 'modul-exemplu.so',
  path: 'cerere.pdf',
  name: 'cerere.csv',
  field: 'portal',
  portal: 'https://portal.example',
  reason: 'SIMULATED',
  argument: '--exemplu',
  command: '00A4040C',
  program: 'program-exemplu',
  version: '1.0',
  status: 503,
  length: 20,
  min: 4,
  max: 12,
};

async function provoke(code: FailureCode, scene: Scene): Promise<Demonstration> {
  const stage = new Stage();
  try {
    await stage.service.start();
    await scene(stage);
  } catch (thrown) {
    const failure = asFailure(thrown);
    // A demonstration of something else would teach wrongly.
    if (failure.code !== code)
      throw new Failure('internal', { detail: `${code} was to be shown`, cause: thrown });
    return {
      simulated: true,
      code,
      way: 'provoked',
      actions: [...stage.actions],
      failure: failureToWire(failure),
    };
  } finally {
    await stage.close();
  }
  throw new Failure('internal', { detail: `${code} did not happen` });
}

export const demonstrations: Demonstrations = {
  wayOf: (code) => (scenes[code] ? 'provoked' : 'shown'),
  show: async (code) => {
    const scene = scenes[code];
    if (scene) return provoke(code, scene);
    const failure = failureToWire(new Failure(code, { parameters: samples }));
    return { simulated: true, code, way: 'shown', actions: ['look-at-failure'], failure };
  },
};
