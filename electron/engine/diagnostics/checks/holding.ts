/** D08 and D09: another program keeps the reader, or is busy with the card. It is named where it can be. */
import type { Check, CheckContext, Observation } from '../doctor/check.ts';
import { failedWith, readerOf } from '../doctor/facts.ts';
import { gnupgFix } from './gnupg.ts';
import { whyNoReader } from './readers.ts';

/** Names of the programs that may be it, at most three. */
async function names({
  facts,
}: CheckContext): Promise<{ readonly program: string; readonly gnupg: boolean } | undefined> {
  const others = await facts.others();
  if (others.length === 0) return undefined;
  const program = [...new Set(others.map(({ name }) => name))].slice(0, 3).join(', ');
  return { program, gnupg: others[0]?.gnupg === true };
}

async function heldReader(context: CheckContext): Promise<Observation | undefined> {
  const { facts } = context;
  const look = await facts.card();
  // The doctor may know it from the service's list alone, or from having been refused.
  const busy = (await facts.realReaders()).find(({ state }) => state === 'busy');
  const refused = failedWith(look, 'reader-busy');
  if (!refused && (!busy || 'card' in look)) return undefined;
  const reader = busy?.name ?? readerOf(look) ?? '';
  const holder = await names(context);
  if (!holder) return { cause: 'reader-held-unnamed', parameters: { reader } };
  if (holder.gnupg) return { cause: 'gnupg-holds-reader', parameters: { reader }, fix: gnupgFix };
  return { cause: 'reader-held', parameters: { reader, program: holder.program } };
}

export const holdingChecks: readonly Check[] = [
  {
    id: 'D08',
    budgetMs: 2_600,
    real: true,
    run: async (context) => {
      const { running } = await context.facts.service();
      if (!running) return 'not-applicable';
      const device = await whyNoReader(context);
      if (device?.cause === 'gnupg-holds-reader' || device?.cause === 'device-held') return [device];
      const held = await heldReader(context);
      return held ? [held] : [];
    },
  },
  {
    id: 'D09',
    budgetMs: 2_600,
    real: true,
    run: async (context) => {
      const { running } = await context.facts.service();
      if (!running) return 'not-applicable';
      const look = await context.facts.card();
      if (!failedWith(look, 'reader-held', 'card-timeout')) return [];
      const reader = (await context.facts.cardReader())?.name ?? '';
      const holder = await names(context);
      if (!holder) return [{ cause: 'card-in-use-unnamed', parameters: { reader } }];
      return [{ cause: 'card-in-use', parameters: { reader, program: holder.program } }];
    },
  },
];
