import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PageDriver } from './page-driver.ts';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core (WCAG 2.2 A and AA, best practices) finds wrong with the page: a line for each element. */
export async function axeViolations(page: PageDriver): Promise<string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(`${source}; undefined`);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160) + ' ' +
      (node.any[0]?.message ?? node.all[0]?.message ?? node.none[0]?.message ?? ''))))`);
}
