/**
 * The part of Electron that the host uses. It is handed in rather than imported, so that tests can put a recording
 * double in its place; `electron/main.ts` alone loads the real one.
 */
import type * as electron from 'electron';

export type ElectronModule = Pick<
  typeof electron,
  'app' | 'BrowserWindow' | 'dialog' | 'Menu' | 'nativeTheme' | 'protocol' | 'session' | 'shell'
>;
