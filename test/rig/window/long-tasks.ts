import { ana } from '../../../electron/sandbox/people.ts';
import { registers } from '../../../electron/sandbox/portal/data/registers.ts';
import type { Registers } from '../../../electron/sandbox/portal/site/store.ts';
import type { PageDriver } from './page-driver.ts';

/** The registers of the sandbox, with an access log of so many entries for the first of its people. */
export function withAccesses(count: number): Registers {
  const operators = [
    'Agenția Servicii Publice',
    'Serviciul Fiscal de Stat',
    'Inspectoratul de Probă',
    'Primăria',
  ];
  const items = Array.from({ length: count }, (_, index) => ({
    operator: `${operators[index % operators.length]} ${index % 7} (SIMULAT)`,
    time: new Date(Date.UTC(2026, 0, 1) - index * 3_000_000).toISOString(),
    action: ['Access', 'Search', 'Validate'][index % 3] as string,
    legal_basis: 'Legea nr. 133/2011, art. 5',
    reason: index % 5 === 0 ? null : `Cererea nr. ${index}`,
    user: index % 4 === 3 ? null : '2500*******21',
    object: index % 2 === 0 ? 'date personale, domiciliu' : null,
  }));
  return { ...registers, 'access-log': { ...registers['access-log'], [ana.idnp]: items } };
}

/** Begins to watch for tasks of more than 50 ms in a page (W3C Long Tasks). */
export const watchLongTasks = (page: PageDriver): Promise<void> =>
  page.evaluate(`void (() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' });
  })()`);

/** The longest task since the last call, in ms; 0 when none took more than 50. */
export const longestTask = async (page: PageDriver): Promise<number> => {
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 400))');
  return page.evaluate<number>('Math.max(0, ...longTasks.splice(0))');
};
