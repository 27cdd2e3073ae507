/** Cards that are no identity cards. */
import type { InProcessCard } from '../../../readers/in-process.ts';

/** A card that lies the wrong way round: it gives no answer to reset. */
export function muteCard(): InProcessCard {
  return { atr: new Uint8Array(0), reset: () => undefined, transmit: () => Uint8Array.of(0x6f, 0x00) };
}

/** A bank card: it answers, and has none of the applications that are looked for (6A82). */
export function bankCard(): InProcessCard {
  return {
    atr: Uint8Array.from(Buffer.from('3B6800000073C84012009000', 'hex')),
    reset: () => undefined,
    transmit: () => Uint8Array.of(0x6a, 0x82),
  };
}
