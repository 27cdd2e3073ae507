/** What the person is told when something goes in the middle of an act, and that no try is lost by it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../electron/contract/failures/failure.ts';
import { createText } from '../../electron/contract/text/text.ts';
import { needs } from '../run/needs.ts';
import { actCases, Workplace } from './cases/act-cases.ts';
import { cell, writeResults } from './results-file.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!needs('pcscd'))('faults in the middle of an act', () => {
  let place: Workplace;
  const rows: { readonly fault: string; readonly failure: Failure | undefined }[] = [];

  beforeAll(async () => {
    place = await Workplace.open();
  }, 60_000);
  afterAll(async () => {
    await place?.[Symbol.asyncDispose]();
    const { failure: words } = createText('en');
    const lines = [
      'A private pcscd with a simulated card, an agent, a portal: nothing is set by hand. The first sentence that the person',
      'reads, and who can help. No case costs a try.',
      '',
      '| fault | code | we say | who can fix it |',
      '|---|---|---|---|',
      ...rows.map(({ fault, failure }) => {
        const { code = '(none)', message = '', owner = '' } = failure ? words(failure) : {};
        return `| ${[fault, code, message, owner].map(cell).join(' | ')} |`;
      }),
    ];
    try {
      writeResults({ acts: lines.join('\n') });
    } catch {
      // A tree that this user may not write: the table is for those who may.
    }
  });

  it.each(actCases.map((one) => [one.fault, one] as const))('%s', async (_, one) => {
    await place.ready();
    const failure = await one.run(place);
    rows.push({ fault: one.fault, failure });
    expect(failure?.code).toBe(one.expected);
    expect(place.card.commandLog.triesSpent).toBe(0);
  });
});
