import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandboxCard } from '../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import { SandboxPki } from '../../electron/sandbox/pki/sandbox-pki.ts';
import { SandboxPortal } from '../../electron/sandbox/portal/sandbox-portal.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { needs } from '../run/needs.ts';
import { type Bench, type Finding, median, timed } from './bench.ts';

const runs = 7;
const root = path.resolve(import.meta.dirname, '..', '..');

/** One call of the command; its exit code says nothing here. */
function examine(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['electron/cli/main.ts', 'doctor', '--json', ...args],
      { cwd: root, env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment } },
      (error, stdout) => (stdout.includes('"findings"') ? resolve() : reject(error)),
    );
  });
}

async function run(): Promise<readonly Finding[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
  const pki = await SandboxPki.start();
  const portal = await SandboxPortal.start({ authority: pki.authority, people: sandboxPeople });
  const reader = await VirtualReader.open();
  const pcscd = await PrivatePcscd.start(reader);
  try {
    reader.insert(await createSandboxCard({ card: '2025' }, pki.authority));
    await reader.whenSettled();
    const settings = path.join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ portal: portal.settings, timestampUrl: pki.timestampUrl }));
    const environment = { ...pcscd.environment };
    const measure = async (): Promise<number> => {
      const times: number[] = [];
      await examine([`--settings=${settings}`], environment);
      for (let round = 0; round < runs; round++) {
        times.push((await timed(() => examine([`--settings=${settings}`], environment))).ms);
      }
      return median(times) / 1_000;
    };
    const healthy = await measure();
    // Every server takes what it is sent and says nothing, which is worse than a network that is not there.
    portal.faults.always('login-start', { kind: 'silence' });
    pki.faults.always('ocsp', { kind: 'silence' });
    pki.faults.always('revocation-list', { kind: 'silence' });
    pki.faults.always('timestamp', { kind: 'silence' });
    const dead = await measure();
    const finding = (what: string, ours: number, most: number): Finding => ({
      what,
      unit: 's',
      ours,
      peers: [],
      goal: { text: `at most ${most} s`, reached: ours <= most },
    });
    return [
      finding('`buletin doctor`, all in order', healthy, 1.5),
      finding('`buletin doctor`, no server answers', dead, 4),
    ];
  } finally {
    await pcscd.dispose();
    await reader.close();
    await portal.stop();
    await pki.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How long somebody waits who has the helpdesk on the phone. */
export const doctor: Bench = {
  id: 'doctor',
  title: 'The doctor',
  method:
    'The command from start to end (program, agent, 30 checks) with a real pcscd, a simulated card in its virtual ' +
    `reader, and portal, OCSP, revocation list and time stamps on loopback. ${runs} runs after one, medians.`,
  lacking: () => (needs('pcscd') ? undefined : 'a private pcscd'),
  run,
};
