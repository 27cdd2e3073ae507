/** Which card it is, when it is none of ours: by its ATR, else by asking for applications (SELECT only). */
import { isFailure } from '../../../contract/failures/failure.ts';
import { atrPattern, matchesAtr } from '../../card/atr.ts';
import type { CheckContext } from '../doctor/check.ts';

export type OtherCard =
  | { readonly is: 'payment' | 'travel' | 'unknown' }
  | { readonly is: 'foreign'; readonly label: string };

/** Identity cards of other countries (pcsc-tools' list of ATRs). */
const foreignCards = [
  { label: 'EE', atr: '3BDB960080B1FE451F830012233F536549440F9000F1' },
  { label: 'EE', atr: '3BDC960080B1FE451F830012233F54654944320F9000C3' },
  { label: 'LV', atr: '3BDB960080B1FE451F830012428F536549440F900020' },
  { label: 'RO', atr: '3BDF96008131FE4580738421E05569780000808307900024' },
].map(({ label, atr }) => ({ label, pattern: atrPattern(atr) }));

/** Proximity and contact payment system environments (EMV book 1, 12.2.2), and the eMRTD application (ICAO 9303-10). */
const applications = {
  payment: ['325041592E5359532E4444463031', '315041592E5359532E4444463031'],
  travel: ['A0000002471001'],
} as const;

/** Which card lies there. Asks at most three times, with SELECT by name, and changes nothing. */
export function askWhichCard(context: CheckContext): Promise<OtherCard> {
  return context.facts.remember('which card', () => ask(context));
}

async function ask({ facts, world, signal }: CheckContext): Promise<OtherCard> {
  const reader = await facts.cardReader();
  const { readers, throughModule } = world;
  if (!reader?.atr || !readers || throughModule) return { is: 'unknown' };
  const { atr } = reader;
  const known = foreignCards.find(({ pattern }) => matchesAtr(pattern, atr));
  if (known) return { is: 'foreign', label: known.label };
  try {
    const channel = await readers.connect(reader.name, { signal });
    try {
      for (const [is, names] of Object.entries(applications)) {
        for (const name of names) {
          const aid = Buffer.from(name, 'hex');
          const command = Buffer.concat([
            Buffer.from([0x00, 0xa4, 0x04, 0x00, aid.length]),
            aid,
            Buffer.from([0x00]),
          ]);
          const answer = await channel.transmit(command);
          const [sw1] = answer.subarray(-2);
          // 61xx: T=0 has the file control information ready. 6A82 and all others: no such application.
          if (sw1 === 0x90 || sw1 === 0x61) return { is: is as 'payment' | 'travel' };
        }
      }
    } finally {
      await channel.close();
    }
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown;
  }
  return { is: 'unknown' };
}
