/**
 * The main job with nothing of ours left out: the command line, its agent, the native addon, a real pcscd, a
 * simulated card on a virtual reader, and a portal reached over TLS by a settings file.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSandboxCard, type SandboxCard, trainingPins } from '../../electron/sandbox/cards/index.ts';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../electron/sandbox/portal/sandbox-portal.ts';
import { startAgent } from '../cli/run-agent.ts';
import { type CliRun, cliEntry, cliEnvironment, runCli } from '../cli/run-cli.ts';
import { PrivatePcscd } from '../rig/pcscd.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { VirtualReader } from '../rig/virtual-reader.ts';
import { holdCard } from '../rig/winscard/foreign-client.ts';
import { needs } from '../run/needs.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

describe.skipIf(!needs('pcscd'))('the main job over a real pcscd', () => {
  let authority: SandboxAuthority;
  let portal: SandboxPortal;
  let reader: VirtualReader;
  let second: VirtualReader;
  let pcscd: PrivatePcscd;
  let folder: string;
  let settings: string;
  let card: SandboxCard;

  beforeAll(async () => {
    authority = await SandboxAuthority.create();
    portal = await SandboxPortal.start({ authority, people: sandboxPeople });
    reader = await VirtualReader.open('Buletin Virtual Reader');
    second = await VirtualReader.open('Buletin Virtual Second');
    pcscd = await PrivatePcscd.start(reader, second);
    folder = makeScratchFolder();
    settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ portal: portal.settings }));
  });
  afterAll(async () => {
    await pcscd?.dispose();
    await reader?.close();
    await second?.close();
    await portal?.stop();
    if (folder) removeScratchFolder(folder);
  });
  beforeEach(async () => {
    second.remove();
    reader.remove();
  });

  const insert = async (spec: Parameters<typeof createSandboxCard>[0], into = reader) => {
    card = await createSandboxCard(spec, authority);
    into.insert(card);
    await into.whenSettled();
  };
  const call = (args: string[], pins?: string[]): Promise<CliRun> =>
    runCli([...args, '--json', ...(pins ? ['--pin-stdin'] : [])], {
      env: pcscd.environment,
      ...(pins ? { pins } : {}),
    });

  it('reads, verifies, signs in, shows the three services and signs out', async () => {
    await insert({ card: 'eid' });
    const status = (await call(['status'])).json();
    expect(status).toMatchObject({
      service: { state: 'running' },
      token: { source: 'pkcs15', simulated: true },
      session: { state: 'ready' },
    });
    expect((await call(['pin', 'verify', '1'], [trainingPins.PIN1])).code).toBe(0);
    expect((await call(['pin', 'verify', '2'], [trainingPins.PIN2])).code).toBe(0);
    for (const service of ['documents', 'domicile', 'vehicles']) {
      const run = await call(['data', service, `--settings=${settings}`], [trainingPins.PIN1]);
      expect(run.stderr).toBe('');
      expect(run.code).toBe(0);
      expect(run.json()).toMatchObject({ service });
    }
    // Five entries of a PIN, five VERIFYs that carried one.
    expect(card.commandLog.verifications).toBe(5);
    expect([card.tries('PIN1'), card.tries('PIN2')]).toEqual([3, 3]);
  });

  it('signs in with PIN2 on the card of 2025, and with the EstEID card', async () => {
    for (const [name, pin] of [
      ['2025', trainingPins.PIN2],
      ['esteid2018', trainingPins.PIN1],
    ] as const) {
      await insert({ card: name });
      const run = await call(['data', 'documents', `--settings=${settings}`], [pin]);
      expect(run.code, run.stdout).toBe(0);
    }
  });

  it('spends one try for one wrong entry, and none for anything else', async () => {
    await insert({ card: 'eid' });
    for (let i = 0; i < 3; i++) await call(['status']);
    await call(['pin', 'status']);
    await call(['certificates']);
    expect(card.tries('PIN1')).toBe(3);
    const wrong = await call(['pin', 'verify', '1'], ['9999']);
    expect(wrong.code).toBe(7);
    expect(wrong.json()).toMatchObject({ failure: { code: 'pin-wrong', triesLeft: 2 } });
    expect(card.tries('PIN1')).toBe(2);
    const login = await call(['login', `--settings=${settings}`], ['9999']);
    expect(login.code).toBe(7);
    expect(card.tries('PIN1')).toBe(1);
    expect((await call(['login', `--settings=${settings}`], ['9999'])).code).toBe(11);
    expect(card.tries('PIN1')).toBe(1);
  });

  it('changes and unblocks PINs on the card itself', async () => {
    await insert({ card: 'eid', variant: 'blocked' });
    expect((await call(['pin', 'verify', '1'], [trainingPins.PIN1])).code).toBe(8);
    expect((await call(['pin', 'unblock', '1'], [trainingPins.PUK, '8305'])).code).toBe(0);
    expect((await call(['pin', 'change', '1'], ['8305', '2950'])).code).toBe(0);
    expect((await call(['pin', 'verify', '1'], ['2950'])).code).toBe(0);
    expect(card.tries('PIN1')).toBe(3);
  });

  it('tells no card, an unknown reader, the chosen reader, and no service by their exit codes', async () => {
    expect((await call(['certificates'])).code).toBe(5);
    expect((await call(['certificates', '--reader=No Such Reader'])).code).toBe(4);
    await insert({ card: '2025' }, second);
    const names = (await call(['readers'])).json<{ readers: { name: string; state: string }[] }>().readers;
    expect(names.map(({ state }) => state)).toEqual(['empty', 'present']);
    const secondName = names[1]?.name ?? '';
    expect((await call(['certificates', `--reader=${secondName}`])).code).toBe(0);
    expect((await call(['certificates', `--reader=${names[0]?.name}`])).code).toBe(5);

    const without = PrivatePcscd.notRunning();
    const run = await runCli(['certificates', '--json'], { env: without.environment });
    expect(run.code).toBe(3);
    expect(run.json()).toMatchObject({ failure: { code: 'service-absent' } });
    const status = await runCli(['status', '--json'], { env: without.environment });
    expect(status.json()).toMatchObject({ service: { state: 'absent' }, readers: [], token: null });
    await without.dispose();
  });

  it('signs out and wipes when the card is pulled, and the next card starts afresh', async () => {
    await insert({ card: 'eid' });
    const agent = await startAgent([`--settings=${settings}`], pcscd.environment);
    try {
      const env = { ...pcscd.environment, ...agent.env };
      const login = await runCli(['login', '--json', '--pin-stdin'], { env, pins: [trainingPins.PIN1] });
      expect(login.json()).toMatchObject({ session: { state: 'signed-in' } });
      reader.remove();
      await expect
        .poll(async () => (await runCli(['status', '--json'], { env })).json(), { timeout: 60_000 })
        .toMatchObject({ token: null, session: { state: 'wiped', wipedBecause: 'removed' } });
      await insert({ card: '2025' });
      await expect
        .poll(async () => (await runCli(['status', '--json'], { env })).json(), { timeout: 60_000 })
        .toMatchObject({ token: { simulated: true }, session: { state: 'ready' } });
    } finally {
      await agent.stop();
    }
  });

  it.each([
    ['transaction', 'reader-held'],
    ['exclusive', 'reader-busy'],
  ] as const)(
    'says that another program has the card in a %s, spends nothing, and works when it is over',
    async (how, code) => {
      await insert({ card: 'eid' });
      const hold = await holdCard(pcscd, reader.pcscName, how, 60_000);
      const held = await call(['pin', 'verify', '1'], [trainingPins.PIN1]);
      expect(held.code).toBe(14);
      expect(held.json()).toMatchObject({ failure: { code } });
      expect(card.commandLog.verifications).toBe(0);
      await hold.release();
      expect((await call(['pin', 'verify', '1'], [trainingPins.PIN1])).code).toBe(0);
    },
  );

  it('watches: every card that comes and goes, one document a line, until Ctrl-C', async () => {
    const watch = spawn(process.execPath, [cliEntry, 'watch', '--json'], {
      env: { ...cliEnvironment, ...pcscd.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => watch.once('exit', resolve));
    let said = '';
    watch.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    type Line = { kind: string; at: string; token?: { label: string } | null; session?: { state: string } };
    const lines = () =>
      said
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line);
    const patience = { timeout: 60_000 };
    await expect.poll(() => lines().map(({ kind }) => kind), patience).toEqual(['readers', 'session']);
    await insert({ card: '2025' });
    await expect
      .poll(() => lines().findLast(({ kind }) => kind === 'token')?.token?.label, patience)
      .toContain('SIMULATED');
    reader.remove();
    await expect
      .poll(() => lines().findLast(({ kind }) => kind === 'session')?.session?.state, patience)
      .toBe('wiped');
    for (const { at } of lines()) expect(at).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    watch.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});
