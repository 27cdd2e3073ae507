/** Paper, PDF, and the file manager. */
import { execFile, spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageWindow } from './page-window.ts';

/** The page as PDF, A4, as its print style sheet wants it. */
export async function printToPdf(window: PageWindow): Promise<Uint8Array> {
  const { data } = await window.cdp.send('Page.printToPDF', {
    printBackground: true,
    preferCSSPageSize: true,
    // A4 in inches.
    paperWidth: 8.27,
    paperHeight: 11.69,
    generateTaggedPDF: true,
  });
  return Buffer.from(data, 'base64');
}

/** The system's dialog for printing. What the person does there, no page learns. */
export async function printWithDialog(window: PageWindow): Promise<boolean> {
  await window.callAside('() => { print(); return Promise.resolve({}); }');
  return true;
}

/** Shows a file in the file manager, marked where the file manager can do that. */
export function showInFolder(path: string): Promise<void> {
  const url = pathToFileURL(path).href;
  const call = [
    ...['--session', '--print-reply', '--reply-timeout=3000', '--dest=org.freedesktop.FileManager1'],
    ...['/org/freedesktop/FileManager1', 'org.freedesktop.FileManager1.ShowItems'],
    ...[`array:string:${url.replaceAll(',', '%2C')}`, 'string:'],
  ];
  return new Promise((resolve) => {
    execFile('dbus-send', call, (error) => {
      if (error) {
        const opened = spawn('xdg-open', [dirname(path)], { stdio: 'ignore', detached: true });
        opened.once('error', () => undefined);
        opened.unref();
      }
      resolve();
    });
  });
}
