import type { ReaderState } from '../drawings/reader.tsx';
import type { WindowState } from './window-store.ts';

/** What the reader in the rail shows. */
export function readerState(state: WindowState): ReaderState {
  if (state.connection !== 'up' || state.service !== 'running') return 'off';
  if (state.readers.length === 0) return 'none';
  const { personal, session } = state;
  if (personal !== null) return session.state === 'signed-in' ? 'session' : 'ready';
  if (session.state === 'reading') return 'reading';
  const lying = state.readers.some((reader) => reader.state !== 'empty');
  if (lying) return state.problem === null && !onlyMute(state) ? 'reading' : 'remove';
  return 'wait';
}

const onlyMute = ({ readers }: WindowState): boolean =>
  readers.every((reader) => reader.state === 'mute' || reader.state === 'busy' || reader.state === 'empty');
