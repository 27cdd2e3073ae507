import type { Page } from 'playwright-core';
import type { ScenarioName } from '../../../renderer/test-support/scenarios.ts';

/** Pages that a state changes; the others look as without it. */
export function pagesOf(scenario: ScenarioName, pages: readonly string[]): readonly string[] {
  if (['signed-in', 'place-card', 'removed', 'training', 'agent-lost'].includes(scenario)) return pages;
  const data = pages.filter((page) => page.startsWith('/data/'));
  if (scenario.startsWith('data-')) return data;
  if (scenario.startsWith('sign-')) return ['/sign'];
  if (scenario.startsWith('pins-') || scenario === 'change-first') return ['/', '/pins', '/sign'];
  if (scenario.startsWith('doctor-')) return ['/diagnostics', '/diagnostics/report'];
  if (scenario.startsWith('desk')) return ['/diagnostics/helpdesk'];
  if (scenario.startsWith('training-')) return ['/diagnostics/training'];
  if (scenario.startsWith('ready')) return ['/', '/data/personal', '/certificates', '/pins', '/sign'];
  return ['/', '/data/personal', '/certificates', '/pins', '/sign', '/settings', '/help'];
}

/** Waits until nothing loads or changes. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    let before;
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      const now = document.body.innerText;
      if (now === before && now.trim() !== '') break;
      before = now;
    }
  })()`);
}
