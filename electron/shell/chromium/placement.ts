/** Where windows stand on the screen, and how large they are. */
import { pinWindowSize, type WindowSize } from '../pages/pin-window-size.ts';
import type { CdpSession } from './cdp-pipe.ts';
import type { PageWindow } from './page-window.ts';

interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** In CSS pixels, without the frame that the desktop may add. */
const mainSize: WindowSize = { width: 1280, height: 860 };

export interface Placing {
  readonly browser: CdpSession;
  readonly window: PageWindow;
  readonly main: PageWindow | undefined;
  readonly headless: boolean;
  /** Of its text, in percent. */
  readonly textSize: number;
}

async function boundsOf(
  browser: CdpSession,
  window: PageWindow,
): Promise<{ readonly windowId: number; readonly bounds: Bounds }> {
  return browser.send('Browser.getWindowForTarget', { targetId: window.targetId });
}

/**
 * Gives a new window its size; a PIN window stands in the middle of the main window. The desktop may decide
 * otherwise.
 */
export async function placeWindow({ browser, window, main, headless, textSize }: Placing): Promise<void> {
  if (headless) {
    const { width, height } = window.kind === 'main' ? mainSize : pinWindowSize(textSize, mainSize);
    await window.cdp.send('Emulation.setDeviceMetricsOverride', {
      ...{ width, height, deviceScaleFactor: 1, mobile: false },
    });
    return;
  }
  const { windowId } = await boundsOf(browser, window);
  const over = main === undefined || main === window ? undefined : (await boundsOf(browser, main)).bounds;
  const { width, height } = window.kind === 'main' ? mainSize : pinWindowSize(textSize, over);
  const position =
    over === undefined
      ? {}
      : {
          left: Math.max(0, Math.round(over.left + (over.width - width) / 2)),
          top: Math.max(0, Math.round(over.top + (over.height - height) / 2)),
        };
  await browser.send('Browser.setWindowBounds', { windowId, bounds: { ...position, width, height } });
}
