import { Failure } from '../../../electron/contract/failures/failure.ts';
import type { SessionJson } from '../../../electron/contract/model/status.ts';
import type { WindowState } from '../../app/window-store.ts';

/** What the start page shows. */
export type StartView =
  | { readonly kind: 'connecting'; readonly again: boolean }
  | { readonly kind: 'failure'; readonly failure: Failure; readonly picture: 'service' | 'card' }
  | { readonly kind: 'no-reader' }
  | {
      readonly kind: 'place-card';
      readonly readers: WindowState['readers'];
      /** Why the last person has gone. */
      readonly left: SessionJson['wipedBecause'];
    }
  | { readonly kind: 'reading' }
  | { readonly kind: 'ready' };

const serviceFailures = {
  absent: new Failure('service-absent'),
  stopped: new Failure('service-stopped'),
  refused: new Failure('service-refused'),
} as const;
const agentLost = new Failure('agent-lost');
const mute = new Failure('card-mute');
const busy = new Failure('reader-busy');

/** The first thing that is missing decides. */
export function startView(state: WindowState): StartView {
  const { connection, service, readers, problem, personal, session } = state;
  if (connection === 'lost') return { kind: 'failure', failure: agentLost, picture: 'service' };
  if (connection !== 'up') return { kind: 'connecting', again: connection === 'down' };
  if (service !== 'running') {
    const failure = problem?.code.startsWith('service-') ? problem : serviceFailures[service];
    return { kind: 'failure', failure, picture: 'service' };
  }
  if (personal !== null) return { kind: 'ready' };
  if (readers.length === 0)
    return problem === null || problem.code === 'reader-none'
      ? { kind: 'no-reader' }
      : { kind: 'failure', failure: problem, picture: 'service' };
  if (session.state === 'reading') return { kind: 'reading' };
  if (problem !== null && problem.code !== 'card-absent' && problem.code !== 'reader-none')
    return { kind: 'failure', failure: problem, picture: 'card' };
  if (readers.every((reader) => reader.state === 'empty'))
    return { kind: 'place-card', readers, left: session.wipedBecause };
  if (readers.some((reader) => reader.state === 'present')) return { kind: 'reading' };
  const silent = readers.some((reader) => reader.state === 'mute');
  return { kind: 'failure', failure: silent ? mute : busy, picture: 'card' };
}
