import type { CardChannel } from '../../../electron/engine/card/channel.ts';

/** Times of `measureTransmits`, in the shape of the C loop's (`apduLoop` of the rig). */
export interface TransmitTimes {
  readonly count: number;
  readonly responseLength: number;
  /** One entry per APDU, in nanoseconds. */
  readonly nanoseconds: readonly number[];
}

/**
 * Sends one APDU `count` times, one after the other, after count / 10 to warm up: what the C loop does, through
 * the whole of our stack. `inTransaction`: inside one transaction, as the engine reads cards.
 */
export async function measureTransmits(
  channel: CardChannel,
  command: Uint8Array,
  count: number,
  inTransaction = false,
): Promise<TransmitTimes> {
  const nanoseconds: number[] = [];
  let responseLength = 0;
  const run = async (): Promise<void> => {
    for (let index = -Math.floor(count / 10); index < count; index++) {
      const start = process.hrtime.bigint();
      const response = await channel.transmit(command);
      const spent = Number(process.hrtime.bigint() - start);
      responseLength = response.length;
      if (index >= 0) nanoseconds.push(spent);
    }
  };
  await (inTransaction ? channel.transaction(run) : run());
  return { count, responseLength, nanoseconds };
}

/** Median of measured times. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
