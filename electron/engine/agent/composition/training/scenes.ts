import type { FailureCode } from '../../../../contract/failures/catalogue.ts';
import type { Stage } from './stage.ts';

/** Makes a failure happen on a stage: does what leads to it and ends in the failure itself. */
export type Scene = (stage: Stage) => Promise<unknown>;

export type Scenes = { readonly [Code in FailureCode]?: Scene };
