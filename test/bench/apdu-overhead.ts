import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { EchoCard } from '../rig/echo-card.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { apduLoop } from '../rig/winscard/foreign-client.ts';
import { needs } from '../run/needs.ts';
import type { ApduTimes } from './apdu-client.ts';
import { type Bench, type Finding, median } from './bench.ts';

const rounds = 6;
const perRound = 2_000;
/** Echoes 16 bytes: a short APDU of case 4. */
const command = Uint8Array.of(0x80, 0x10, 0x00, 0x00, 0x10, ...new Uint8Array(16).fill(0x5a), 0x00);
const slowAnswerMs = 100;

async function ours(pcscd: PrivatePcscd, reader: string, count: number): Promise<ApduTimes> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      path.join(import.meta.dirname, 'apdu-client.ts'),
      reader,
      String(count),
      Buffer.from(command).toString('hex'),
    ],
    { env: { ...process.env, ...pcscd.environment }, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as ApduTimes;
}

async function run(): Promise<readonly Finding[]> {
  await using reader = await VirtualReader.open();
  reader.insert(new EchoCard());
  await using pcscd = await PrivatePcscd.start(reader);
  const bare: number[] = [];
  const mine: number[] = [];
  const delays: number[] = [];
  const idleDelays: number[] = [];
  for (let round = 0; round < rounds; round++) {
    bare.push(...(await apduLoop(pcscd, reader.pcscName, perRound, command)).nanoseconds);
    const times = await ours(pcscd, reader.pcscName, perRound);
    mine.push(...times.nanoseconds);
    delays.push(times.longestDelayMs);
    idleDelays.push((await ours(pcscd, reader.pcscName, 0)).longestDelayMs);
  }
  // A card that takes its time: the wait must not be ours.
  reader.onApdu = () => ({ delayMs: slowAnswerMs });
  const slowDelays: number[] = [];
  for (let round = 0; round < rounds; round++) {
    slowDelays.push((await ours(pcscd, reader.pcscName, 10)).longestDelayMs);
  }
  const [own, other] = [median(mine) / 1_000, median(bare) / 1_000];
  const holdUp = (what: string, values: readonly number[]): Finding => ({
    what,
    unit: 'ms',
    ours: median(values),
    peers: [{ name: 'an idle Node', value: median(idleDelays) }],
    goal: { text: 'under 10 ms', reached: median(values) < 10 },
  });
  return [
    {
      what: 'one APDU and its answer',
      unit: 'µs',
      ours: own,
      peers: [{ name: 'C winscard loop', value: other }],
      goal: { text: 'at most 150 µs more', reached: own - other <= 150 },
    },
    holdUp(`longest hold-up of the event loop in ${perRound} APDUs`, delays),
    holdUp(`longest hold-up while each answer takes ${slowAnswerMs} ms`, slowDelays),
  ];
}

/** What our stack costs for each APDU. */
export const apduOverhead: Bench = {
  id: 'apdu',
  title: 'The time of one APDU',
  method:
    `A private pcscd with one virtual reader; the card echoes 16 bytes. ${rounds} rounds in turn of ${perRound} ` +
    'APDUs each: a bare C program (SCardTransmit in a loop), then our reader service and card channel, each in a ' +
    'process of its own. Medians; of the longest hold-ups, the median over the rounds, beside a Node process that ' +
    'does nothing on the same machine.',
  lacking: () => (needs('pcscd') ? undefined : 'pcscd with the test rig and the native part'),
  run,
};
