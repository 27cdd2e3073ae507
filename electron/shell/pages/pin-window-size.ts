/** How large a PIN window is: its letters may be twice as large, and everything must still be seen at once. */

export interface WindowSize {
  readonly width: number;
  readonly height: number;
}

/** With text of its normal size, in device-independent pixels. */
const normal: WindowSize = { width: 420, height: 560 };

/**
 * @param textSize in percent, 100 to 200
 * @param over size of the window that it stands over, which fits on the screen: never larger than that
 */
export function pinWindowSize(textSize: number, over: WindowSize = { width: 1024, height: 768 }): WindowSize {
  const scaled = (length: number, most: number) =>
    Math.max(length, Math.min(Math.round((length * textSize) / 100), most));
  return { width: scaled(normal.width, over.width), height: scaled(normal.height, over.height) };
}
