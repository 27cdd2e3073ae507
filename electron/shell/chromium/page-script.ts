/**
 * What runs in a page before its own scripts: the page's port, and the traps for keys with which the browser would
 * open windows of its own. As text, because it crosses into the page.
 */

/** The name under which the browser hands over what a page says; the page itself never sees it. */
export const bindingName = '__buletinPort';

/** The name of the function that takes what the shell says. A symbol: no page script can come upon it by name. */
const receiver = "Symbol.for('buletin.receive')";

/** Called in the page with one text. */
export const receiveFunction = `function (text) { globalThis[${receiver}]?.(text); }`;

/** Keys that open windows, tabs, help, the task manager, or leave the page; with Ctrl, Alt or Meta unless said. */
const traps = `
  const plain = new Set(['F1', 'F3', 'F5', 'F6', 'F7', 'F10', 'F11', 'F12', 'BrowserBack', 'BrowserForward',
    'BrowserHome', 'BrowserSearch', 'BrowserFavorites', 'BrowserRefresh', 'OpenFile', 'Help', 'LaunchMail']);
  const editing = new Set(['a', 'c', 'v', 'x', 'y', 'z']);
  const moving = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'Backspace', 'Delete',
    'PageUp', 'PageDown', 'Enter', 'Control', 'Shift', 'Alt', 'AltGraph', 'Meta']);
  const trap = (event) => {
    const { key, ctrlKey, altKey, metaKey, shiftKey } = event;
    const lower = key.length === 1 ? key.toLowerCase() : key;
    const allowed = plain.has(key) || (shiftKey && key === 'Escape')
      ? false
      : ctrlKey || metaKey
        ? (altKey && key.length === 1) || (!shiftKey && editing.has(lower)) || moving.has(key)
        : !(altKey && (key === 'ArrowLeft' || key === 'ArrowRight' || key === 'Home'));
    if (!allowed) event.preventDefault();
  };
  addEventListener('keydown', trap, { capture: true });
  addEventListener('auxclick', (event) => event.preventDefault(), { capture: true });
  addEventListener('contextmenu', (event) => {
    const field = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
    if (!field) event.preventDefault();
  }, { capture: true });
`;

/**
 * The script for pages of this origin.
 * @param origin of the page; anywhere else the script does nothing
 */
export function pageScript(origin: string): string {
  return `(() => {
  const hand = globalThis.${bindingName};
  delete globalThis.${bindingName};
  if (globalThis !== globalThis.top || location.origin !== ${JSON.stringify(origin)}) return;
  const early = [];
  let listener;
  Object.defineProperty(globalThis, ${receiver}, {
    value: (text) => { if (listener) listener(text); else early.push(text); },
  });
  Object.defineProperty(globalThis, 'buletin', {
    value: Object.freeze({
      send: (text) => hand(String(text)),
      onMessage: (next) => {
        listener = next;
        for (const text of early.splice(0)) listener(text);
      },
    }),
  });
  ${traps}
})();`;
}
