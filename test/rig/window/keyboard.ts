/**
 * A person who has no mouse: goes through a page with Tab, and remarks where the focus could not be seen, or was
 * nowhere.
 */
import type { Locator, Page } from 'playwright-core';

/** Where the focus is, in the page's own words; undefined while it is nowhere (on the body). */
interface Focus {
  readonly what: string;
  /** Why a person could not see it, or null. */
  readonly hidden: string | null;
}

const lookAtFocus = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement) return null;
  const words = (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().slice(0, 40);
  const what = element.tagName.toLowerCase() + (element.className ? '.' + String(element.className).split(' ')[0] : '') + ' "' + words + '"';
  const outlined = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  // A radio's input is out of sight and its mark has the outline; of the PIN's cells, the next one has.
  const near = [element, element.closest('label'), ...element.querySelectorAll('.pin-cell'),
    ...(element.closest('label')?.querySelectorAll('*') ?? [])].filter(Boolean);
  const box = (near.find(outlined) ?? element).getBoundingClientRect();
  // A menu shows where it is by colour.
  const inMenu = element.closest('[role=menu]') !== null;
  const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  const hidden = !inView ? 'it is out of view' : inMenu || near.some(outlined) ? null : 'it has no outline';
  return { what, hidden };
})()`;

export class Keyboard {
  readonly page: Page;
  /** What was wrong with the focus on the way. */
  readonly remarks: string[] = [];

  constructor(page: Page) {
    this.page = page;
  }

  focus(): Promise<Focus | null> {
    return this.page.evaluate<Focus | null>(lookAtFocus);
  }

  /** Presses a key, and looks where the focus is after it. */
  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    // Past the last element Tab leaves the page for the browser, and comes back with the next press.
    if (key.endsWith('Tab') && (await this.focus()) === null) await this.page.keyboard.press(key);
    await this.look(`after ${key}`);
  }

  /** Remarks when the focus is nowhere or cannot be seen. Waits a moment: a page may take a turn to put it right. */
  async look(when: string): Promise<void> {
    const until = performance.now() + 1_500;
    for (;;) {
      const focus = await this.focus();
      if (focus !== null && focus.hidden === null) return;
      if (performance.now() > until) {
        this.remarks.push(focus === null ? `${when}: nowhere` : `${when}: ${focus.what}: ${focus.hidden}`);
        return;
      }
      await this.page.waitForTimeout(50);
    }
  }

  /** Goes on with Tab (or Shift+Tab, or an arrow) until the focus is there. */
  async to(target: Locator, key = 'Tab', most = 80): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses <= most; presses++) {
      if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
      await this.press(key);
    }
    throw new Error(`${key} does not lead to ${target}; the focus is at ${(await this.focus())?.what}`);
  }
}
