/**
 * The browser with its first window, started before the rest of the program is loaded: a browser takes half a second
 * to come up by itself, and needs nothing from us until then. Imports little, on purpose.
 */
import { randomUUID } from 'node:crypto';
import { Browser, type BrowserOptions } from './browser.ts';

export interface FirstWindow {
  readonly browser: Browser;
  /** By this the window is recognised as ours when the browser tells of it. */
  readonly nonce: string;
}

/** Shown until the page is there: the page's own colours, so that nothing flashes. */
export const splash = (nonce: string) =>
  `data:text/html,<!doctype html><title>Buletin</title><meta name=color-scheme content="light dark"><!--${nonce}-->`;

/** Starts a browser. It says nothing before it is spoken to, so whoever takes it over misses nothing. */
export function openFirstWindow(options: BrowserOptions, nonce: string = randomUUID()): FirstWindow {
  return { browser: Browser.start(options, { splash: splash(nonce) }), nonce };
}
