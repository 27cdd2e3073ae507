/** What systemd says of pcscd's units. */
import { AnswerInvalid, type SystemView } from './system-view.ts';

export interface UnitState {
  /** `loaded`, `masked`, `not-found`, … */
  readonly load: string;
  /** `active`, `inactive`, `failed`, … */
  readonly active: string;
  /** `enabled`, `disabled`, `static`, … or empty. */
  readonly file: string;
}

/**
 * A unit's state, or undefined where systemd does not run the system.
 * @throws AnswerInvalid
 */
export async function unitState(
  system: SystemView,
  unit: string,
  signal: AbortSignal,
): Promise<UnitState | undefined> {
  const args = ['show', '--no-pager', '--property=LoadState,ActiveState,UnitFileState', unit];
  const answer = await system.run('systemctl', args, signal);
  // "System has not been booted with systemd", "Failed to connect to bus": there is none.
  if (answer === undefined || answer.code !== 0) return undefined;
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}=([a-z-]*)$`, 'm').exec(answer.stdout)?.[1];
  const [load, active, file] = [value('LoadState'), value('ActiveState'), value('UnitFileState')];
  if (load === undefined || active === undefined) throw new AnswerInvalid('systemctl show');
  return { load, active, file: file ?? '' };
}
