import { once } from 'node:events';
import { basename } from 'node:path';
import type { PageDriver } from './page-driver.ts';

/** Chooses a document on the page for signing, in the browser's own dialog. */
export async function chooseDocument(page: PageDriver, file: string): Promise<void> {
  await page.cdp.send('Page.setInterceptFileChooserDialog', { enabled: true });
  const opened = once(page.cdp, 'Page.fileChooserOpened');
  await page.click('button', 'Choose PDF documents');
  const [{ backendNodeId }] = await opened;
  await page.cdp.send('DOM.setFileInputFiles', { files: [file], backendNodeId });
  await page.shows(basename(file));
}
