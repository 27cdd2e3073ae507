/**
 * Runs in every page before its own scripts, in a world of its own: hands the page one object with two functions, and
 * tells the shell what was dropped on the page. Built to `out/electron/preload.cjs`, one file that needs nothing but
 * `electron`, because sandboxed preload scripts can load nothing else.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { exposePage, type PageGlobal } from './shell/electron/page-bridge.ts';

exposePage({ contextBridge, ipcRenderer, webUtils, page: globalThis as unknown as PageGlobal });
