/**
 * What runs in a page before its own scripts: the page's port, and the traps for keys with which the browser would
 * open windows of its own. As text, because it crosses into the page.
 */

/** The name under which the browser hands over what a page says; the page itself never sees it. */
export const bindingName = '__buletinPort';

/** The name of the function that takes what the shell says. A symbol: no page script can come upon it by name. */
const receiver = "Symbol.for('buletin.receive')";

/** Called in the page with a text, or with a piece of one and whether more of it follow. */
export const receiveFunction = `function (text, more) { globalThis[${receiver}]?.(text, more); }`;

/** Longest piece, in UTF-16 units: a page takes a megabyte over the protocol in tens of milliseconds, at one go. */
const longestPiece = 128 * 1024;

/** Cuts a text into pieces, never between the halves of one character. */
export function piecesOf(text: string, longest = longestPiece): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(from + longest, text.length);
    const last = text.charCodeAt(to - 1);
    if (to < text.length && to - from > 1 && last >= 0xd800 && last <= 0xdbff) to -= 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces.length === 0 ? [''] : pieces;
}

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
  const pieces = [];
  let listener;
  const take = (text) => { if (listener) listener(text); else early.push(text); };
  Object.defineProperty(globalThis, ${receiver}, {
    value: (text, more) => {
      pieces.push(text);
      // At once when it is whole: nothing that is said later may come first.
      if (!more) take(pieces.splice(0).join(''));
    },
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
