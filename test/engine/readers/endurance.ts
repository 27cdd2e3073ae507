import type { ReaderService } from '../../../electron/engine/readers/reader-service.ts';
import { EchoCard } from '../../rig/echo-card.ts';
import type { VirtualReader } from '../../rig/virtual-reader.ts';
import type { PcscRig } from './pcsc-rig.ts';
import { failureCode, until, untilReader } from './waiting.ts';

/** What `cycleCards` saw. */
export interface CardCycles {
  readonly insertions: number;
  readonly removals: number;
  /** How much the reader's generation grew. */
  readonly counted: number;
}

/** Puts a card in and pulls it, again and again, waiting for each event. Rejects when one is missed or false. */
export async function cycleCards(
  service: ReaderService,
  reader: VirtualReader,
  cycles: number,
): Promise<CardCycles> {
  const name = reader.pcscName;
  const start = (await untilReader(service, name, 'empty')).generation;
  let insertions = 0;
  let removals = 0;
  let last = 'empty';
  const stop = service.onChange(({ readers }) => {
    const now = readers.find((one) => one.name === name)?.state ?? 'gone';
    if (now === last) return;
    if (now === 'present') insertions++;
    else if (now === 'empty') removals++;
    else throw new Error(`a false event: ${now}`);
    last = now;
  });
  for (let cycle = 0; cycle < cycles; cycle++) {
    reader.insert(new EchoCard());
    await untilReader(service, name, 'present', start + 2 * cycle);
    reader.remove();
    await untilReader(service, name, 'empty', start + 2 * cycle + 1);
  }
  stop();
  return { insertions, removals, counted: (await untilReader(service, name, 'empty')).generation - start };
}

/** What `restartService` saw. */
export interface ServiceRestarts {
  readonly restarts: number;
  /** Channels whose `gone` said that the service stopped. */
  readonly channelsTold: number;
}

/** Ends pcscd (in turn as the system would and as a crash would) and starts it, using the card each time. */
export async function restartService(
  service: ReaderService,
  rig: PcscRig,
  times: number,
): Promise<ServiceRestarts> {
  const reader = rig.reader();
  reader.insert(new EchoCard());
  let channelsTold = 0;
  let restarts = 0;
  for (; restarts < times; restarts++) {
    await untilReader(service, reader.pcscName, 'present');
    const channel = await service.connect(reader.pcscName);
    await channel.transmit(Uint8Array.of(0x00, 0xa4, 0x00, 0x00));
    if (restarts % 2 === 0) await rig.pcscd.stop();
    else await rig.pcscd.kill();
    if ((await channel.gone) === 'service-stopped') channelsTold++;
    await until(service, (snapshot) => snapshot.service === 'stopped');
    if ((await failureCode(service.connect(reader.pcscName))) !== 'service-stopped')
      throw new Error('not stopped');
    await rig.pcscd.restart();
    await until(service, (snapshot) => snapshot.service === 'running');
  }
  return { restarts, channelsTold };
}
