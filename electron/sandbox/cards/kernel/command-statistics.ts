import type { CommandApdu } from './command-apdu.ts';

/** Headers kept at most; the oldest are forgotten. */
const headerLimit = 4096;

/**
 * What a card was asked, for tests: counts, and command headers without any data, so that a PIN can never be
 * found in it.
 */
export interface CommandLog {
  /** Command APDUs received, well formed or not. */
  readonly commands: number;
  /** VERIFYs that carried reference data. */
  readonly verifications: number;
  /** VERIFYs without data: queries of the try counter. */
  readonly queries: number;
  /** CHANGE REFERENCE DATA commands. */
  readonly changes: number;
  /** RESET RETRY COUNTER commands. */
  readonly unblockings: number;
  /** Wrong entries that cost a try, over all PINs and the PUK. */
  readonly triesSpent: number;
  /** CLA INS P1 P2 of the commands as 8 hexadecimal digits, oldest first, 4,096 at most. */
  readonly headers: readonly string[];
}

/** Counts commands as they arrive. */
export class CommandStatistics {
  commands = 0;
  verifications = 0;
  queries = 0;
  changes = 0;
  unblockings = 0;
  readonly #headers: string[] = [];

  /** A command APDU arrived; `bytes` may be malformed. */
  received(bytes: Uint8Array): void {
    this.commands += 1;
    this.#headers.push(Buffer.from(bytes.subarray(0, 4)).toString('hex'));
    if (this.#headers.length > headerLimit) this.#headers.shift();
  }

  /** A whole command (chains joined) is about to be executed. */
  executing(command: CommandApdu): void {
    if (command.ins === 0x20 && command.data.length > 0) this.verifications += 1;
    if (command.ins === 0x20 && command.data.length === 0) this.queries += 1;
    if (command.ins === 0x24) this.changes += 1;
    if (command.ins === 0x2c) this.unblockings += 1;
  }

  snapshot(triesSpent: number): CommandLog {
    const { commands, verifications, queries, changes, unblockings } = this;
    return {
      commands,
      verifications,
      queries,
      changes,
      unblockings,
      triesSpent,
      headers: [...this.#headers],
    };
  }
}
