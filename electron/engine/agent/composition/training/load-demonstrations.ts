import type { Demonstrations } from '../../training/demonstrations.ts';

/** Loads the simulated world of demonstrations, and with it the sandbox: when the first is asked for, not before. */
export async function loadDemonstrations(): Promise<Demonstrations> {
  const { demonstrations } = await import('./demonstrations.ts');
  return demonstrations;
}
