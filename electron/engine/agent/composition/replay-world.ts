/** A world whose cards are those of a trace. */
import { ReplayReaders } from '../../diagnostics/trace/replay-readers.ts';
import { readTraceFile } from '../../diagnostics/trace/trace-file.ts';
import type { World } from './world.ts';

/** @throws Failure `trace-invalid` */
export async function createReplayWorld(file: string, portal: World['portal']): Promise<World> {
  return { readers: new ReplayReaders(await readTraceFile(file)), portal };
}
