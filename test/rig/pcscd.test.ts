import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { needs } from '../run/needs.ts';
import { EchoCard } from './echo-card.ts';
import { PrivatePcscd } from './pcscd.ts';
import { pcscdAnswers } from './pcscd-probe.ts';
import { VirtualReader } from './virtual-reader.ts';
import { ForeignClient, readerState } from './winscard/foreign-client.ts';

const selectCommand = Uint8Array.of(0x00, 0xa4, 0x04, 0x00);
/** SCARD_E_NO_SERVICE, SCARD_F_COMM_ERROR. */
const noService = '0x8010001D';
const communicationError = '0x80100013';

/** Inodes of the internet sockets (TCP and UDP, both families) in this network namespace. */
function internetSockets(): Set<string> {
  const tables = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => `/proc/self/net/${name}`).filter(existsSync);
  const rows = tables.flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1));
  return new Set(rows.map((row) => row.trim().split(/\s+/)[9] ?? ''));
}

/** Inodes of the sockets that a process has open. */
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      // Closed meanwhile.
      return [];
    }
  });
}

function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** A module of the rig, as an import specifier for `runScript`. */
const rig = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** Runs TypeScript in a Node process of its own. */
function runScript(script: string, stdout: 'pipe' | 'ignore', programArguments: string[] = []): ChildProcess {
  const node = ['--input-type=module-typescript', '-e', script, '--', ...programArguments];
  return spawn(process.execPath, node, { stdio: ['ignore', stdout, 'inherit'] });
}

/** Command lines of all processes. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        // Ended meanwhile.
        return '';
      }
    });
}

describe.skipIf(!needs('rig'))('a private pcscd', () => {
  it('runs without a reader', async () => {
    await using pcscd = await PrivatePcscd.start();
    await using client = new ForeignClient(pcscd);
    expect(await client.readers()).toEqual([]);
  });

  it('listens on Unix sockets that are closed to others, and on nothing else', async () => {
    await using reader = await VirtualReader.open();
    await using pcscd = await PrivatePcscd.start(reader);
    expect(statSync(reader.socketPath).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(reader.socketPath)).mode & 0o777).toBe(0o700);
    expect(statSync(dirname(dirname(pcscd.socketPath))).mode & 0o777).toBe(0o700);
    const pid = pcscd.pid ?? 0;
    expect(readlinkSync(`/proc/${pid}/exe`)).toMatch(/pcscd$/);
    const sockets = socketsOf(pid);
    expect(sockets.length).toBeGreaterThanOrEqual(3);
    const internet = internetSockets();
    expect(sockets.filter((inode) => internet.has(inode))).toEqual([]);
  });

  it('does not touch the pcscd of the machine', async () => {
    await using one = await PrivatePcscd.start();
    await using other = await PrivatePcscd.start();
    expect(one.socketPath).not.toBe(other.socketPath);
    const ofThisMachine = existsSync('/run/pcscd') ? readdirSync('/run/pcscd') : [];
    await one.stop();
    expect(existsSync('/run/pcscd') ? readdirSync('/run/pcscd') : []).toEqual(ofThisMachine);
    expect(await pcscdAnswers(other.socketPath, 1_000)).toBe(true);
  });

  it('is absent before it is started, and after it was stopped', async () => {
    await using reader = await VirtualReader.open();
    reader.insert(new EchoCard());
    await using pcscd = PrivatePcscd.notRunning(reader);
    await using early = new ForeignClient(pcscd);
    await expect(early.readers()).rejects.toThrow(noService);
    await pcscd.restart();
    await using client = new ForeignClient(pcscd);
    expect((await client.connect(reader.pcscName)).atr).toBe('3b84014543484f05');
    await pcscd.stop();
    expect(existsSync(pcscd.socketPath)).toBe(false);
    await using late = new ForeignClient(pcscd);
    await expect(late.readers()).rejects.toThrow(noService);
  });

  it('can crash and come back, with the reader and its card found again', async () => {
    await using reader = await VirtualReader.open();
    const card = new EchoCard();
    reader.insert(card);
    await using pcscd = await PrivatePcscd.start(reader);
    const firstPid = pcscd.pid;
    for (let round = 0; round < 3; round++) {
      await using client = new ForeignClient(pcscd);
      await client.connect(reader.pcscName);
      await client.watch(reader.pcscName);
      expect((await client.nextState()).state & readerState.present).toBe(readerState.present);
      await pcscd.kill();
      await expect(client.transmit(selectCommand)).rejects.toMatchObject({
        code: expect.stringMatching(`${noService}|${communicationError}`),
      });
      await pcscd.restart();
      await using again = new ForeignClient(pcscd);
      expect((await again.connect(reader.pcscName)).atr).toBe('3b84014543484f05');
      expect(await again.transmit(selectCommand)).toEqual(Uint8Array.of(0x90, 0x00));
    }
    expect(pcscd.pid).not.toBe(firstPid);
    expect(reader.card).toBe(card);
  });

  it('can be suspended: it accepts and does not answer, until it is resumed', async () => {
    await using pcscd = await PrivatePcscd.start();
    pcscd.suspend();
    expect(await pcscdAnswers(pcscd.socketPath, 200)).toBe(false);
    pcscd.resume();
    expect(await pcscdAnswers(pcscd.socketPath, 5_000)).toBe(true);
  });

  it.skipIf(!needs('unprivileged'))('can refuse access', async () => {
    await using pcscd = await PrivatePcscd.start();
    pcscd.refuseAccess();
    await using refused = new ForeignClient(pcscd);
    await expect(refused.readers()).rejects.toThrow(noService);
    pcscd.allowAccess();
    await using allowed = new ForeignClient(pcscd);
    expect(await allowed.readers()).toEqual([]);
  });

  it('says what went wrong when it cannot start', async () => {
    const reader = { name: 'A "quoted" reader', socketPath: '/nowhere', settled: true };
    await expect(PrivatePcscd.start(reader)).rejects.toThrow(/pcscd did not get ready/);
  });

  it('leaves no process behind when its owner is killed while it starts', async () => {
    const script = `
      import { PrivatePcscd } from ${rig('./pcscd.ts')};
      const [delay] = process.argv.slice(1);
      PrivatePcscd.start();
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(delay));
    `;
    const owners = await Promise.all(
      [0, 2, 4, 6, 8, 10, 15, 20].map(async (delay) => {
        const owner = runScript(script, 'ignore', [String(delay)]);
        await new Promise((resolve) => owner.once('exit', resolve));
        return owner.pid ?? 0;
      }),
    );
    const left = (): string[] =>
      commandLines().filter((line) => owners.some((owner) => new RegExp(`/blt-\\d+-${owner}-`).test(line)));
    for (let wait = 0; wait < 200 && left().length > 0; wait++) await sleep(25);
    expect(left()).toEqual([]);
  });

  it('leaves no process and no folder behind when its owner is killed', async () => {
    const script = `
      import { PrivatePcscd } from ${rig('./pcscd.ts')};
      import { VirtualReader } from ${rig('./virtual-reader.ts')};
      const reader = await VirtualReader.open();
      const pcscd = await PrivatePcscd.start(reader);
      console.log(JSON.stringify([pcscd.pid, pcscd.socketPath]));
    `;
    const owner = runScript(script, 'pipe');
    const line = await new Promise<string>((resolve) => {
      createInterface({ input: owner.stdout as Readable }).once('line', resolve);
      owner.once('exit', () => resolve('[0, ""]'));
    });
    const [pid, socketPath] = JSON.parse(line) as [number, string];
    expect(alive(pid)).toBe(true);
    owner.kill('SIGKILL');
    while (alive(pid)) await sleep(5);
    // The next process that uses the rig sweeps the folder.
    const next = runScript(script, 'ignore');
    const folder = dirname(dirname(socketPath));
    while (existsSync(folder)) await sleep(5);
    next.kill('SIGKILL');
    expect(existsSync(socketPath)).toBe(false);
  });
});
