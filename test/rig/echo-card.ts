import type { SimulatedCard } from '../../electron/sandbox/cards/simulated-card.ts';

/**
 * The smallest card that proves the rig: SELECT answers 9000; `80 10 00 00` echoes its data field;
 * `80 20 P1 P2` answers P1P2 bytes of 0x5A (0000: 65,536); `80 30 00 00` answers how many commands it has had
 * since power-up. Short and extended lengths (ISO 7816-4 clause 5.1).
 */
export class EchoCard implements SimulatedCard {
  readonly atr: Uint8Array;
  resets = 0;
  commandsSinceReset = 0;

  /** By default: direct convention, T=1, historical bytes "ECHO". */
  constructor(atr: Uint8Array = Uint8Array.of(0x3b, 0x84, 0x01, 0x45, 0x43, 0x48, 0x4f, 0x05)) {
    this.atr = atr;
  }

  reset(): void {
    this.resets++;
    this.commandsSinceReset = 0;
  }

  transmit(command: Uint8Array): Uint8Array {
    this.commandsSinceReset++;
    const [cla, ins, p1, p2] = command;
    if (cla === 0x00 && ins === 0xa4) return Uint8Array.of(0x90, 0x00);
    if (cla !== 0x80) return Uint8Array.of(0x6e, 0x00);
    if (ins === 0x10) return withStatus(dataField(command));
    if (ins === 0x20) {
      const length = (p1 ?? 0) * 256 + (p2 ?? 0) || 65_536;
      return withStatus(new Uint8Array(length).fill(0x5a));
    }
    if (ins === 0x30) return withStatus(Uint8Array.of(this.commandsSinceReset));
    return Uint8Array.of(0x6d, 0x00);
  }
}

function withStatus(data: Uint8Array): Uint8Array {
  const response = new Uint8Array(data.length + 2);
  response.set(data);
  response[data.length] = 0x90;
  return response;
}

function dataField(command: Uint8Array): Uint8Array {
  if (command.length <= 5) return new Uint8Array(0);
  const extended = command[4] === 0;
  const start = extended ? 7 : 5;
  const length = extended ? (command[5] ?? 0) * 256 + (command[6] ?? 0) : (command[4] ?? 0);
  return command.slice(start, start + length);
}
