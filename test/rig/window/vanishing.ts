/**
 * Watches, inside a page, how personal data leave it: from the moment in which the page is told that the card has
 * gone, every frame that it shows is looked at.
 */
import type { PageDriver } from './page-driver.ts';

export interface Vanishing {
  /** Milliseconds from the page's learning of it to a document without anything personal. */
  readonly tookMs: number;
  /** Frames after that moment, and how many of them still had something personal. */
  readonly frames: number;
  readonly personalFrames: number;
}

/**
 * Begins to watch. What the host says is parsed by `JSON.parse`, in the same turn in which it arrives: that is the
 * page's clock.
 * @param personal what must go; looked for in the whole document, not only in what is in sight
 */
export async function watchVanishing(page: PageDriver, personal: RegExp): Promise<void> {
  await page.evaluate(`void (() => {
    const personal = ${personal};
    const has = () => personal.test(document.documentElement.outerHTML) || personal.test(document.title)
      || [...document.querySelectorAll('input, textarea')].some((field) => personal.test(field.value))
      || document.querySelector('canvas') !== null;
    if (!has()) throw new Error('the page shows nothing personal');
    globalThis.vanishing = new Promise((resolve) => {
      const parse = JSON.parse;
      let arrived, gone, frames = 0, personalFrames = 0;
      const look = () => { if (arrived !== undefined && gone === undefined && !has()) gone = performance.now(); };
      JSON.parse = function (text, ...rest) {
        if (arrived === undefined && /"kind":"(token|readers|session)"/.test(text)
          && /"state":"empty"|"token":null|"wipedBecause":"removed"/.test(text)) {
          arrived = performance.now();
          queueMicrotask(look);
        }
        return Reflect.apply(parse, this, [text, ...rest]);
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      const frame = () => {
        if (arrived !== undefined) {
          frames += 1;
          if (has()) personalFrames += 1;
          look();
        }
        if (gone !== undefined && performance.now() - gone > 300) {
          JSON.parse = parse;
          resolve({ tookMs: gone - arrived, frames, personalFrames });
        } else requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  })()`);
}

/** What was seen, once everything personal has gone. */
export const vanished = (page: PageDriver): Promise<Vanishing> =>
  page.evaluate<Vanishing>(
    "Promise.race([vanishing, new Promise((_, reject) => setTimeout(() => reject(new Error('it stays')), 8000))])",
  );
