import type { SimulatedCard } from '../../electron/sandbox/cards/simulated-card.ts';
import { timed } from './bench.ts';

/** A card that keeps the time which it needs itself. */
export class TimedCard implements SimulatedCard {
  readonly #card: SimulatedCard;
  /** Milliseconds of its own work since the last `restart`. */
  ownTime = 0;

  constructor(card: SimulatedCard) {
    this.#card = card;
  }

  get atr(): Uint8Array {
    return this.#card.atr;
  }

  reset(): void {
    this.#card.reset();
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const { ms, result } = await timed(async () => this.#card.transmit(command));
    this.ownTime += ms;
    return result;
  }
}
