/** What of the demo's options matters to its window; the demo itself has looked at them already. */
import { parseArgs } from 'node:util';

export interface DemoChoice {
  readonly card: string;
  readonly language: string | undefined;
}

/** The card and the language that the demo's arguments name. */
export function demoChoice(args: readonly string[]): DemoChoice {
  const { values } = parseArgs({
    args: [...args],
    options: { card: { type: 'string' }, lang: { type: 'string' } },
    strict: false,
    allowPositionals: true,
  });
  return {
    card: typeof values.card === 'string' ? values.card : 'eid',
    language: typeof values.lang === 'string' ? values.lang : undefined,
  };
}
