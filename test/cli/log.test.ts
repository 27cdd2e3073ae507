/** `log`: one process per call; the log lies in the user's state folder. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ana } from '../../electron/sandbox/people.ts';
import { findPlanted, plantedText } from '../engine/diagnostics/secrets/planted.ts';
import { needs } from '../run/needs.ts';
import { runCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 180_000 });

const state = mkdtempSync(join(tmpdir(), 'buletin-log-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));
const folder = join(state, 'buletin', 'log');
const env = { XDG_STATE_HOME: state };
const events = () =>
  readFileSync(join(folder, 'buletin.log'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe.skipIf(!needs('linux'))('buletin log', () => {
  it('says where it lies; what a command did stands in it', async () => {
    expect((await runCli(['status', '--sandbox', '--json'], { env })).code).toBe(0);
    const run = await runCli(['log', '--sandbox', '--json'], { env });
    expect(run.code).toBe(0);
    expect(run.json()).toEqual({ folder, file: join(folder, 'buletin.log'), level: 'acts', writing: true });
    expect(statSync(join(folder, 'buletin.log')).mode & 0o777).toBe(0o600);
    const [first] = events();
    expect(first).toMatchObject({ event: 'agent-started', world: 'sandbox', platform: 'linux' });
    expect(first?.version).toEqual([0, 1, 0]);
    expect(events().at(-1)).toMatchObject({ event: 'agent-stopped' });
    expect(events()).toContainEqual(expect.objectContaining({ event: 'card', act: 'ready', by: 'pkcs15' }));
    expect((await runCli(['log', '--path', '--sandbox'], { env })).stdout).toBe(`${folder}\n`);
  });

  it('tells every detail from the next command on, and never a PIN or a name', async () => {
    const run = await runCli(['log', '--level', 'details', '--sandbox', '--json'], { env });
    expect(run.json()).toMatchObject({ level: 'details' });
    const wrong = await runCli(['pin', 'verify', '1', '--sandbox', '--pin-stdin', '--json'], {
      env,
      pins: ['9573'],
    });
    expect(wrong.code).toBe(7);
    expect(events()).toContainEqual(
      expect.objectContaining({ event: 'command', name: 'VERIFY', status: 0x63c2 }),
    );
    expect(events()).toContainEqual(
      expect.objectContaining({ event: 'failure', code: 'pin-wrong', triesLeft: 2 }),
    );
    const planted = [
      plantedText('PIN', '9573', true),
      ...[ana.idnp, ana.familyName, ana.givenName, state].map((text) => plantedText(text, text)),
    ];
    expect(readdirSync(folder).sort()).toEqual(['buletin.log', 'level']);
    expect(findPlanted(readFileSync(join(folder, 'buletin.log'), 'utf8'), planted)).toEqual([]);
  });

  it('can be switched off, and refuses a level that there is not', async () => {
    await runCli(['log', '--level', 'off', '--sandbox', '--json'], { env });
    const before = events().length;
    expect((await runCli(['status', '--sandbox', '--json'], { env })).code).toBe(0);
    expect(events()).toHaveLength(before);
    expect((await runCli(['log', '--level', 'everything', '--sandbox', '--json'], { env })).code).toBe(2);
  });

  it('stops nobody where it cannot be written', async () => {
    const run = await runCli(['status', '--sandbox', '--json'], { env: { XDG_STATE_HOME: '/dev/null' } });
    expect(run.code).toBe(0);
    const log = await runCli(['log', '--sandbox', '--json'], { env: { XDG_STATE_HOME: '/dev/null' } });
    expect(log.json()).toMatchObject({ writing: false });
  });
});
