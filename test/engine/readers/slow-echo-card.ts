import type { SimulatedCard } from '../../../electron/sandbox/cards/simulated-card.ts';
import { EchoCard } from '../../rig/echo-card.ts';

/** `EchoCard` with one more command: `80 40 P1 P2` answers 9000 after P1P2 milliseconds. */
export class SlowEchoCard implements SimulatedCard {
  readonly #card = new EchoCard();
  readonly atr = this.#card.atr;
  /** Slow commands that the card has begun, and those it has answered. */
  begun = 0;
  answered = 0;
  #onBegin: (() => void)[] = [];

  /** Resolves when the next slow command has reached the card. */
  nextBegins(): Promise<void> {
    return new Promise((resolve) => {
      this.#onBegin.push(resolve);
    });
  }

  reset(): void {
    this.#card.reset();
  }

  transmit(command: Uint8Array): Uint8Array | Promise<Uint8Array> {
    if (command[0] !== 0x80 || command[1] !== 0x40) return this.#card.transmit(command);
    this.begun++;
    for (const begun of this.#onBegin.splice(0)) begun();
    const milliseconds = (command[2] ?? 0) * 256 + (command[3] ?? 0);
    return new Promise((resolve) => {
      setTimeout(() => {
        this.answered++;
        resolve(Uint8Array.of(0x90, 0x00));
      }, milliseconds);
    });
  }
}

/** The command that takes this long. */
export const slowCommand = (milliseconds: number): Uint8Array =>
  Uint8Array.of(0x80, 0x40, milliseconds >> 8, milliseconds & 0xff);
