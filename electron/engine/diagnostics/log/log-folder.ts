/** Where programs of a system keep logs of a user: XDG state folder, Library/Logs, LOCALAPPDATA. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export function logFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'win32') {
    const local = environment.LOCALAPPDATA;
    return join(local && isAbsolute(local) ? local : join(home, 'AppData', 'Local'), 'Buletin', 'Logs');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Logs', 'Buletin');
  const state = environment.XDG_STATE_HOME;
  return join(state && isAbsolute(state) ? state : join(home, '.local', 'state'), 'buletin', 'log');
}
