/**
 * Whoever uses the keyboard must not lose their place: when the element that had the focus goes away or is switched
 * off, the browser leaves the focus nowhere. Here it goes back to the element when that can be used again, else to
 * what stands in its place.
 */

const focusable =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]:not([tabindex="-1"])';

/** Others put the focus right themselves (menus give it back); they are let go first. Milliseconds. */
const patienceMs = 60;

interface Place {
  readonly element: HTMLElement;
  /** From the element outwards: each parent, and which of its children led here. */
  readonly path: readonly { readonly parent: Element; readonly index: number }[];
  /** The person saw where the focus was. */
  readonly seen: boolean;
}

const placeOf = (element: HTMLElement): Place => {
  const path: { parent: Element; index: number }[] = [];
  for (let child: Element = element; child.parentElement !== null; child = child.parentElement)
    path.push({ parent: child.parentElement, index: [...child.parentElement.children].indexOf(child) });
  return { element, path, seen: element.matches(':focus-visible') };
};

const usable = (element: Element): element is HTMLElement =>
  element instanceof HTMLElement && element.matches(focusable) && element.checkVisibility();

/** The first thing inside that can have the focus, or it itself. */
const firstIn = (element: Element): HTMLElement | undefined =>
  usable(element) ? element : [...element.querySelectorAll(focusable)].find(usable);

/** What stands where the place was: after it, before it, and further out. Never beyond `main`. */
function standIn({ path }: Place, main: HTMLElement): HTMLElement {
  for (const { parent, index } of path) {
    if (!parent.isConnected || !main.contains(parent)) continue;
    const children = [...parent.children];
    for (const child of [...children.slice(index), ...children.slice(0, index).reverse()]) {
      const found = firstIn(child);
      if (found !== undefined) return found;
    }
  }
  return main;
}

/**
 * Watches over the focus inside the window.
 * @param main the page's part of the window
 * @returns how to stop
 */
export function keepFocus(main: HTMLElement): () => void {
  let last: Place | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const nowhere = () => document.activeElement === null || document.activeElement === document.body;
  const onFocus = ({ target }: FocusEvent) => {
    last = target instanceof HTMLElement && main.contains(target) ? placeOf(target) : null;
  };
  const onBlur = ({ target }: FocusEvent) => {
    // The person pressed beside everything: the focus is nowhere because they want it so.
    queueMicrotask(() => {
      if (nowhere() && target instanceof HTMLElement && target.isConnected && usable(target)) last = null;
    });
  };
  const check = () => {
    timer = undefined;
    if (last === null || !nowhere()) return;
    const { element, seen } = last;
    if (element.isConnected && !usable(element)) return;
    const next = element.isConnected ? element : standIn(last, main);
    next.focus({ preventScroll: !seen });
  };
  const observer = new MutationObserver(() => {
    if (last !== null && nowhere()) timer ??= setTimeout(check, patienceMs);
  });
  document.addEventListener('focusin', onFocus);
  document.addEventListener('focusout', onBlur);
  observer.observe(main, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener('focusin', onFocus);
    document.removeEventListener('focusout', onBlur);
  };
}
