/** Where the person wants a file saved. The browser has no dialog for that: the desktop's own is asked. */
import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { freePath } from '../pages/file-name.ts';
import { onPath } from './on-path.ts';

interface Target {
  readonly name: string;
  readonly extension: string;
}

/** Dialogs of the desktops, and their arguments. Each prints the chosen path. */
const dialogs: readonly { command: string; arguments: (path: string, extension: string) => string[] }[] = [
  {
    command: 'zenity',
    arguments: (path, extension) => [
      ...['--file-selection', '--save', '--confirm-overwrite', `--filename=${path}`],
      `--file-filter=${extension.toUpperCase()} | *.${extension}`,
    ],
  },
  {
    command: 'kdialog',
    arguments: (path, extension) => ['--getsavefilename', path, `*.${extension}`],
  },
];

/**
 * Asks with the desktop's dialog. Where there is none, names a new file in the folder for downloads.
 * @returns an absolute path, or null when the person cancelled
 */
export async function chooseTarget(target: Target, signal: AbortSignal): Promise<string | null> {
  const folder = downloadFolder();
  const proposed = await freePath(folder, target.name);
  const display = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY;
  const dialog = display ? dialogs.find(({ command }) => onPath(command)) : undefined;
  if (!dialog) return proposed;
  return new Promise((resolve) => {
    execFile(
      dialog.command,
      dialog.arguments(proposed, target.extension),
      { signal, encoding: 'utf8' },
      (error, answer) => {
        const path = answer.replace(/\n$/, '');
        if (error || path === '') resolve(null);
        else resolve(extname(path) === '' ? `${path}.${target.extension}` : path);
      },
    );
  });
}

/** The person's folder for downloads, as the desktop knows it (xdg-user-dirs), or their home. */
export function downloadFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment.HOME || homedir();
  const settings = join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'user-dirs.dirs');
  const candidates: string[] = [];
  try {
    const named = /^XDG_DOWNLOAD_DIR="(.*)"$/m.exec(readFileSync(settings, 'utf8'))?.[1];
    if (named) candidates.push(named.replace(/^\$HOME/, home));
  } catch {
    // No such settings.
  }
  candidates.push(join(home, 'Downloads'), home);
  return candidates.find((folder) => folder.startsWith('/') && writable(folder)) ?? home;
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
