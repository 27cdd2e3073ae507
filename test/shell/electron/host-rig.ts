import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { prepareApplication } from '../../../electron/shell/electron/application.ts';
import { ElectronHost } from '../../../electron/shell/electron/electron-host.ts';
import type { HostPort } from '../../../electron/shell/pages/shell-services.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { RecordingElectron, type RecordingSession, type RecordingWindow } from './recording-electron.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) removeScratchFolder(folder);
});

/** A folder of this test file's own, gone after it. */
export function ownFolder(): string {
  const folder = makeScratchFolder();
  folders.push(folder);
  return folder;
}

/** A folder as `npm run build:window` would leave it, with a file that is not for pages. */
export function builtWindow(): string {
  const parent = ownFolder();
  const folder = join(parent, 'window');
  mkdirSync(folder);
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>main</title>');
  writeFileSync(join(folder, 'pin.html'), '<!doctype html><title>pin</title>');
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.key'), 'x');
  writeFileSync(join(parent, 'outside.json'), '{}');
  return folder;
}

/** One page as the shell sees it. */
export interface ConnectedPage {
  readonly kind: string;
  readonly port: HostPort;
  readonly heard: unknown[];
  gone: boolean;
}

export interface HostRig {
  readonly recording: RecordingElectron;
  readonly host: ElectronHost;
  readonly pages: ConnectedPage[];
  readonly dropped: (readonly string[])[];
  readonly log: string[];
  readonly session: (kind: 'main' | 'pin') => RecordingSession;
  readonly window: (index: number) => RecordingWindow;
}

/** A host on the double, with the shell's place taken by a list. */
export function startHost(options: { production?: boolean; folder?: string } = {}): HostRig {
  const recording = new RecordingElectron();
  prepareApplication(recording.electron);
  const pages: ConnectedPage[] = [];
  const dropped: (readonly string[])[] = [];
  const log: string[] = [];
  const host = new ElectronHost({
    electron: recording.electron,
    info: { kind: 'electron', hostVersion: '45.4.1', platform: 'linux', version: '0.1.0' },
    pages: options.folder ?? builtWindow(),
    preload: '/app/out/electron/preload.cjs',
    production: options.production ?? true,
    log: (line) => log.push(line),
    connect: ({ kind, port }) => {
      const page: ConnectedPage = { kind, port, heard: [], gone: false };
      port.onMessage((message) => page.heard.push(message));
      port.onClose(() => {
        page.gone = true;
      });
      pages.push(page);
    },
    dropped: (paths) => dropped.push(paths),
  });
  return {
    recording,
    host,
    pages,
    dropped,
    log,
    session: (kind) => {
      const found = recording.sessions.find(({ partition }) => partition === `buletin-${kind}`);
      if (!found) throw new Error(`no session of ${kind}`);
      return found;
    },
    window: (index) => {
      const found = recording.windows[index];
      if (!found) throw new Error(`no window ${index}`);
      return found;
    },
  };
}
