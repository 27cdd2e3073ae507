import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Small pages that keep what they were told, in place of the built window. */
export function writeTestPages(folder: string): string {
  const pages = join(folder, 'pages');
  mkdirSync(pages);
  const page = (title: string) =>
    `<!doctype html><title>${title}</title><script src="page.js"></script><h1>${title}</h1><input>`;
  writeFileSync(join(pages, 'index.html'), page('Main'));
  writeFileSync(join(pages, 'pin.html'), page('Pin'));
  writeFileSync(
    join(pages, 'page.js'),
    `globalThis.told = [];
     buletin.onMessage((text) => told.push(JSON.parse(text)));
     globalThis.ask = (method, params = {}) => {
       const id = crypto.randomUUID();
       buletin.send(JSON.stringify({ type: 'request', id, method, params }));
       return new Promise((resolve) => {
         const timer = setInterval(() => {
           const answer = told.find((message) => message.id === id);
           if (answer) { clearInterval(timer); resolve(answer); }
         }, 5);
       });
     };
     buletin.send(JSON.stringify({ type: 'hello' }));`,
  );
  return pages;
}
