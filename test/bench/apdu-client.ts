import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { PcscReaderService } from '../../electron/engine/readers/pcsc-service.ts';

/** With no APDUs to send the client only watches its event loop, for so long. */
const idleMs = 1_000;

/**
 * Ours against the C winscard loop: one APDU again and again through the reader service and its channel, in a
 * process of its own, as the agent would. `apdu-client.ts READER COUNT APDU` prints what `ApduTimes` says. COUNT 0
 * tells how long this machine holds up a Node process that does nothing.
 */

/** What one run of the client measured. */
export interface ApduTimes {
  /** One entry per APDU, in nanoseconds. */
  readonly nanoseconds: readonly number[];
  /** The longest that the event loop was held up, in milliseconds. */
  readonly longestDelayMs: number;
}

if (import.meta.main) {
  const [readerName = '', count = '0', apdu = ''] = process.argv.slice(2);
  const command = Uint8Array.from(Buffer.from(apdu, 'hex'));
  const service = new PcscReaderService();
  await service.start();
  const channel = await service.connect(readerName);
  const total = Number(count);
  for (let warm = 0; warm < total / 10; warm++) await channel.transmit(command);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const nanoseconds: number[] = [];
  for (let i = 0; i < total; i++) {
    const started = process.hrtime.bigint();
    await channel.transmit(command);
    nanoseconds.push(Number(process.hrtime.bigint() - started));
  }
  if (total === 0) await sleep(idleMs);
  delay.disable();
  await channel.close();
  await service.close();
  // The histogram counts from one expected tick to the next: the resolution itself is no delay.
  const times: ApduTimes = { nanoseconds, longestDelayMs: Math.max(0, delay.max / 1e6 - 1) };
  process.stdout.write(JSON.stringify(times));
}
