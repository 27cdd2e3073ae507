/** The two kinds of windows. */
import type { BrowserWindow, BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { PageKind } from '../../contract/pages/page-messages.ts';

/** Sizes in device-independent pixels. */
export function windowOptions(
  kind: PageKind,
  webPreferences: WebPreferences,
  parent?: BrowserWindow,
): BrowserWindowConstructorOptions {
  const common = { show: false, autoHideMenuBar: true, title: 'Buletin', webPreferences };
  if (kind === 'main') return { ...common, width: 1280, height: 800, minWidth: 1024, minHeight: 768 };
  return {
    ...common,
    width: 420,
    height: 560,
    useContentSize: true,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    alwaysOnTop: true,
    skipTaskbar: true,
    center: true,
    ...(parent === undefined ? {} : { parent }),
  };
}

/**
 * Keeps what a PIN window shows out of screenshots, recordings and shared screens, where the system can (Windows and
 * macOS; Linux has no such thing).
 */
export function protectPinWindow(window: BrowserWindow): void {
  window.setContentProtection(true);
  window.setAlwaysOnTop(true, 'modal-panel');
  window.setMenu(null);
}
