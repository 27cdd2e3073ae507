import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Bench, type Finding, median, timed } from './bench.ts';

const runs = 5;
const root = path.resolve(import.meta.dirname, '..', '..');

const report = z.object({
  demo: z.object({ steps: z.array(z.object({ step: z.string(), ms: z.number() })), totalMs: z.number() }),
});

async function node(...args: readonly string[]): Promise<{ readonly ms: number; readonly result: string }> {
  const { ms, result } = await timed(() =>
    promisify(execFile)(process.execPath, [...args], { cwd: root, maxBuffer: 16 * 1024 * 1024 }),
  );
  return { ms, result: result.stdout };
}

async function run(): Promise<readonly Finding[]> {
  const whole: number[] = [];
  const steps = new Map<string, number[]>();
  for (let round = 0; round < runs; round++) {
    const { ms, result } = await node('electron/cli/main.ts', 'demo', '--json');
    whole.push(ms);
    for (const { step, ms: time } of report.parse(JSON.parse(result)).demo.steps) {
      steps.set(step, [...(steps.get(step) ?? []), time]);
    }
  }
  const seconds = median(whole) / 1_000;
  const data = median(steps.get('read') ?? []);
  return [
    {
      what: 'the demo from start to end',
      unit: 's',
      ours: seconds,
      peers: [],
      goal: { text: 'at most 6 s', reached: seconds <= 6 },
    },
    {
      what: "the portal's services, all at once, after signing in",
      unit: 'ms',
      ours: data,
      peers: [],
      goal: { text: 'within 150 ms', reached: data <= 150 },
    },
  ];
}

/** How long the whole way takes a person who only wants to see it. */
export const demo: Bench = {
  id: 'demo',
  title: 'The whole way',
  method:
    'The demo on the embedded sandbox (simulated card in process, portal on loopback TLS): two PINs verified, ' +
    `signed in, data read, signed out, card pulled. ${runs} runs, medians, key generation and program start included.`,
  lacking: () => undefined,
  run,
};
