import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import type { HostLink } from './host-link.ts';

let printing = false;
const listeners = new Set<() => void>();

function set(now: boolean): void {
  printing = now;
  flushSync(() => {
    for (const listener of [...listeners]) listener();
  });
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Whether the page is going to paper: what is otherwise rendered in parts must then be there as a whole. */
export const usePrinting = (): boolean => useSyncExternalStore(subscribe, () => printing);

/**
 * Prints the page, or saves it as PDF.
 * @returns the name of the file, when one was saved, and whether anything was done
 * @throws Failure
 */
export async function printPage(link: HostLink, to: 'printer' | 'pdf') {
  set(true);
  try {
    // Two frames: the whole page is laid out before the host takes it.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return await link.request('host.print', { to });
  } finally {
    set(false);
  }
}
