import { spawn } from 'node:child_process';
import path from 'node:path';
import { needs } from '../run/needs.ts';
import { type Bench, type Finding, median } from './bench.ts';

const runs = 7;
const client = path.join(import.meta.dirname, 'window-client.ts');
/** As `npm start` has it. */
const loader = path.join(import.meta.dirname, '..', '..', 'build', 'node-version.cjs');

/** Milliseconds from the start of the program to each of its words. */
async function start(): Promise<Record<string, number>> {
  const from = performance.now();
  const child = spawn(process.execPath, ['-r', loader, client], { stdio: ['ignore', 'pipe', 'inherit'] });
  const words: Record<string, number> = {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const word of text.trim().split('\n')) words[word] = performance.now() - from;
  });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`the window ended with ${code}`);
  return words;
}

async function run(): Promise<readonly Finding[]> {
  // The first one fills the caches.
  await start();
  const all: Record<string, number>[] = [];
  for (let round = 0; round < runs; round++) all.push(await start());
  const seconds = (word: string) => median(all.map((words) => words[word] ?? Number.NaN)) / 1_000;
  const usable = seconds('usable');
  return [
    {
      what: 'from the start of the program to a window that can be used',
      unit: 's',
      ours: usable,
      peers: [],
      goal: { text: 'at most 1.5 s', reached: usable <= 1.5 },
    },
    {
      what: "to the holder's name, read from the simulated card",
      unit: 's',
      ours: seconds('holder'),
      peers: [],
      goal: { text: 'reported', reached: true },
    },
  ];
}

/** How long a person waits for the window. */
export const window: Bench = {
  id: 'window',
  title: 'The window',
  method:
    'The Chromium host as it ships, without a display: Node, agent, browser, page, all started anew. ' +
    `${runs} runs, medians; the built window is there, the compile cache is filled.`,
  lacking: () => (needs('window') ? undefined : 'Chromium, or the built window'),
  run,
};
