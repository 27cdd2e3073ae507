/**
 * Documents that the person chooses or drops. The page never learns where they lie: the browser's own dialog is
 * opened from a world beside the page's, and the paths of what was chosen go to the shell alone.
 */
import type { PageWindow } from './page-window.ts';

/** Opens the dialog and waits for it. Gives the chosen files, none when cancelled. */
const openDialog = `() => new Promise((resolve) => {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.accept = 'application/pdf,.pdf';
  input.addEventListener('change', () => resolve([...input.files]));
  input.addEventListener('cancel', () => resolve([]));
  input.click();
})`;

/** Waits for files to be dropped. Whether the page takes drops at all is the page's to show. */
const nextDrop = `() => new Promise((resolve) => {
  addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  }, { capture: true });
  addEventListener('drop', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    resolve([...event.dataTransfer.files]);
  }, { capture: true, once: true });
})`;

/** The system's dialog for PDF files: absolute paths. */
export async function chooseDocuments(window: PageWindow, signal: AbortSignal): Promise<readonly string[]> {
  // The browser shows one dialog at a time, and tells nobody of the second.
  if (signal.aborted || choosing.has(window)) return [];
  choosing.add(window);
  try {
    return await pathsOf(window, await window.callAside(openDialog));
  } finally {
    choosing.delete(window);
  }
}

const choosing = new WeakSet<PageWindow>();

/** Tells of every drop until the page goes. */
export function watchDrops(window: PageWindow, dropped: (paths: readonly string[]) => void): void {
  const wait = async (): Promise<void> => {
    for (;;) {
      const files = await window.callAside(nextDrop);
      const paths = await pathsOf(window, files);
      if (paths.length > 0) dropped(paths);
    }
  };
  // Ends with the page: another one gets a watch of its own.
  wait().catch(() => undefined);
}

/** Where the files of an array in the page lie. */
async function pathsOf(window: PageWindow, array: string): Promise<string[]> {
  const { cdp } = window;
  const { result } = await cdp.send('Runtime.getProperties', { objectId: array, ownProperties: true });
  const paths: string[] = [];
  for (const { name, value } of result) {
    if (!/^\d+$/.test(name) || value?.objectId === undefined) continue;
    const { path } = await cdp.send('DOM.getFileInfo', { objectId: value.objectId });
    // A file that was made in the page has none.
    if (path) paths.push(path);
  }
  await cdp.send('Runtime.releaseObject', { objectId: array });
  return paths;
}
