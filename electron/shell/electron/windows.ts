/** The two kinds of windows. */
import type { BrowserWindow, BrowserWindowConstructorOptions, WebPreferences } from 'electron';
import type { PageKind } from '../../contract/pages/page-messages.ts';
import { pinWindowSize, type WindowSize } from '../pages/pin-window-size.ts';

/** Sizes in device-independent pixels; `textSize` in percent. */
export function windowOptions(
  kind: PageKind,
  webPreferences: WebPreferences,
  parent?: BrowserWindow,
  textSize = 100,
): BrowserWindowConstructorOptions {
  const common = { show: false, autoHideMenuBar: true, title: 'Buletin', webPreferences };
  if (kind === 'main') return { ...common, width: 1280, height: 800, minWidth: 1024, minHeight: 768 };
  return {
    ...common,
    ...pinWindowSize(textSize, contentSize(parent)),
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

function contentSize(window: BrowserWindow | undefined): WindowSize | undefined {
  const [width, height] = window?.getContentSize() ?? [];
  return width === undefined || height === undefined ? undefined : { width, height };
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
