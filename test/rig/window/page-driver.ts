/**
 * A person in front of a page: finds things by their role and name as assistive technology does, clicks and types
 * with the browser's own input events, reads what is shown.
 */
import { writeFileSync } from 'node:fs';
import type { CdpSession } from '../../../electron/shell/chromium/cdp-pipe.ts';
import type { PageWindow } from '../../../electron/shell/chromium/page-window.ts';

interface AxNode {
  readonly ignored: boolean;
  readonly backendDOMNodeId?: number;
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

const patienceMs = 20_000;

export class PageDriver {
  readonly window: PageWindow;
  readonly cdp: CdpSession;

  constructor(window: PageWindow) {
    this.window = window;
    this.cdp = window.cdp;
  }

  /** What an expression gives in the page; waits for promises. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.cdp.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** The text that the page shows. */
  text(): Promise<string> {
    return this.evaluate('document.body.innerText');
  }

  /** Waits until the page shows a text. */
  async shows(wanted: string | RegExp): Promise<string> {
    const until = performance.now() + patienceMs;
    let text = '';
    while (performance.now() < until) {
      text = await this.text().catch(() => '');
      if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text;
      await pause();
    }
    throw new Error(`the page does not show ${wanted}; it shows: ${text.slice(0, 1_500)}`);
  }

  /** Whether there is something of this role and name now. */
  async has(role: string, name: string | RegExp): Promise<boolean> {
    return (await this.#find(role, name)) !== undefined;
  }

  /** Clicks on the middle of something, once it is there and can be clicked. */
  async click(role: string, name: string | RegExp): Promise<void> {
    const until = performance.now() + patienceMs;
    let why = 'it is not there';
    while (performance.now() < until) {
      const node = await this.#find(role, name);
      if (node?.backendDOMNodeId !== undefined) {
        if (isDisabled(node)) why = 'it is disabled';
        else {
          const point = await this.#point(node.backendDOMNodeId);
          if (point) {
            await this.clickAt(point.x, point.y);
            return;
          }
          why = 'it is covered, or moves';
        }
      }
      await pause();
    }
    throw new Error(
      `no click on ${role} ${name}: ${why}; the page shows: ${(await this.text()).slice(0, 1_000)}`,
    );
  }

  async clickAt(x: number, y: number): Promise<void> {
    const at = { x, y, button: 'left', clickCount: 1 } as const;
    await this.cdp.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
    await this.cdp.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at });
    await this.cdp.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at });
  }

  /** Presses and releases a key (`Tab`, `Enter`, `a`). */
  async press(key: string, modifiers = 0): Promise<void> {
    const code = keyCodes[key] ?? key.toUpperCase().charCodeAt(0);
    const text = key === 'Enter' ? '\r' : key === 'Space' ? ' ' : key.length === 1 ? key : undefined;
    const common = {
      key: key === 'Space' ? ' ' : key,
      code: key.length === 1 ? (/\d/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`) : key,
      windowsVirtualKeyCode: code,
      modifiers,
    };
    await this.cdp.send('Input.dispatchKeyEvent', {
      type: text === undefined ? 'rawKeyDown' : 'keyDown',
      ...common,
      ...(text === undefined ? {} : { text }),
    });
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  /** Goes to a page by its address within the window. */
  async visit(path: string): Promise<void> {
    await this.evaluate(`void (location.hash = ${JSON.stringify(path)})`);
  }

  async screenshot(file: string): Promise<void> {
    const { data } = await this.cdp.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(file, Buffer.from(data, 'base64'));
  }

  async #find(role: string, name: string | RegExp): Promise<AxNode | undefined> {
    const { result } = await this.cdp.send('Runtime.evaluate', { expression: 'document' });
    const { nodes } = await this.cdp
      .send('Accessibility.queryAXTree', {
        objectId: result.objectId,
        role,
        ...(typeof name === 'string' ? { accessibleName: name } : {}),
      })
      .catch(() => ({ nodes: [] }));
    return (nodes as AxNode[]).find(
      (node) => !node.ignored && (typeof name === 'string' || name.test(node.name?.value ?? '')),
    );
  }

  /** A point of the element where a click meets it, or undefined. */
  async #point(backendNodeId: number): Promise<{ x: number; y: number } | undefined> {
    const { object } = await this.cdp.send('DOM.resolveNode', { backendNodeId }).catch(() => ({}));
    if (object === undefined) return undefined;
    const { result } = await this.cdp.send('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: findPoint,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value ?? undefined;
  }
}

/** Scrolls it into view, waits until it stands still, and looks whether something lies over it. */
const findPoint = `async function () {
  this.scrollIntoView({ block: 'center', behavior: 'instant' });
  const frame = () => new Promise((resolve) => setTimeout(resolve, 20));
  await frame();
  const first = this.getBoundingClientRect();
  await frame();
  const box = this.getBoundingClientRect();
  if (first.x !== box.x || first.y !== box.y || box.width === 0) return null;
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  const label = this.closest('label');
  const hit = document.elementFromPoint(x, y);
  return hit && (this.contains(hit) || hit.contains(this) || label?.contains(hit)) ? { x, y } : null;
}`;

const isDisabled = (node: AxNode): boolean =>
  node.properties?.some(({ name, value }) => name === 'disabled' && value.value === true) ?? false;

const pause = () => new Promise((resolve) => setTimeout(resolve, 25));

const keyCodes: Readonly<Record<string, number>> = {
  Backspace: 8,
  Tab: 9,
  Enter: 13,
  Escape: 27,
  Space: 32,
  End: 35,
  Home: 36,
  ArrowLeft: 37,
  ArrowUp: 38,
  ArrowRight: 39,
  ArrowDown: 40,
};
