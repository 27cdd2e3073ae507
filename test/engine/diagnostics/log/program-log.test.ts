import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogEvent, levelOf } from '../../../../electron/engine/diagnostics/log/log-events.ts';
import { logFolder } from '../../../../electron/engine/diagnostics/log/log-folder.ts';
import { ProgramLog } from '../../../../electron/engine/diagnostics/log/program-log.ts';
import { makeScratchFolder, removeScratchFolder } from '../../../rig/scratch-folder.ts';
import { needs } from '../../../run/needs.ts';

let scratch: string;
let folder: string;
beforeEach(() => {
  scratch = makeScratchFolder();
  folder = join(scratch, 'log');
});
afterEach(() => removeScratchFolder(scratch));

const now = () => new Date('2026-03-04T05:06:07.089Z');
const lines = (name = 'buletin.log'): string[] =>
  readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
const session: LogEvent = { event: 'session', state: 'ready' };

describe('the log', () => {
  it('is one JSON document a line, for its owner alone', () => {
    const log = new ProgramLog({ folder, now });
    log.write(session);
    log.write({ event: 'failure', code: 'pin-wrong', pin: 'PIN1', triesLeft: 2 });
    expect(lines()).toEqual([
      '{"at":"2026-03-04T05:06:07.089Z","event":"session","state":"ready"}',
      '{"at":"2026-03-04T05:06:07.089Z","event":"failure","code":"pin-wrong","pin":"PIN1","triesLeft":2}',
    ]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(log.path).mode & 0o777).toBe(0o600);
    expect(log.state).toEqual({ level: 'acts', writing: true });
  });

  it('has no place for a text: what does not fit is not written', () => {
    const log = new ProgramLog({ folder, now, level: 'details' });
    const smuggled = [
      { event: 'session', state: 'Ana Țurcanu' },
      { event: 'session', state: 'ready', note: '2500000000010' },
      { event: 'failure', code: 'pin-wrong', pin: '4271' },
      { event: 'failure', code: 'internal', status: 'x' },
      { event: 'reader', reader: 'Reader 00 00', simulated: false, state: 'present' },
      { event: 'portal', host: 'mpass.gov.md', status: 200, ms: 1 },
      { event: 'anything' },
    ];
    for (const event of smuggled) log.write(event as LogEvent);
    log.write(session);
    expect(lines()).toHaveLength(1);
  });

  it('writes as much as its level says, changed while it runs, and remembers the level', () => {
    const log = new ProgramLog({ folder, now });
    const command: LogEvent = {
      event: 'command',
      reader: 1,
      name: 'SELECT',
      ins: 0xa4,
      status: 0x9000,
      ms: 2,
    };
    log.write(command);
    log.setLevel('details');
    log.write(command);
    log.setLevel('errors');
    log.write(session);
    log.write({ event: 'failure', code: 'card-mute' });
    log.setLevel('off');
    log.write({ event: 'failure', code: 'card-mute' });
    expect(lines().map((line) => JSON.parse(line).event)).toEqual(['level', 'command', 'failure']);
    expect(new ProgramLog({ folder }).state.level).toBe('off');
    writeFileSync(join(folder, 'level'), 'everything');
    expect(new ProgramLog({ folder }).state.level).toBe('acts');
  });

  it('levels: failures at the least, commands and questions for PINs only with every detail', () => {
    expect(levelOf).toMatchObject({ failure: 'errors', session: 'acts', request: 'acts' });
    expect(levelOf).toMatchObject({ command: 'details', prompt: 'details' });
  });

  it('is replaced when it is full: so many files of so many bytes, and no more', () => {
    const log = new ProgramLog({ folder, now, maxBytes: 300, files: 3 });
    for (let ms = 0; ms < 100; ms++) log.write({ event: 'request', method: 'status', ms });
    expect(readdirSync(folder).sort()).toEqual(['buletin.log', 'buletin.log.1', 'buletin.log.2']);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(300);
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    const last = [...lines('buletin.log.2'), ...lines('buletin.log.1'), ...lines()].map(
      (line) => JSON.parse(line).ms,
    );
    expect(last.at(-1)).toBe(99);
    expect(last).toEqual(last.map((_, at) => 100 - last.length + at));
  });

  it('takes what another process of the same user writes, and its new file', () => {
    const [one, other] = [
      new ProgramLog({ folder, now, maxBytes: 300 }),
      new ProgramLog({ folder, now, maxBytes: 300 }),
    ];
    for (let ms = 0; ms < 4; ms++) {
      one.write({ event: 'request', method: 'status', ms });
      other.write({ event: 'request', method: 'pin.status', ms });
    }
    const written = [...lines('buletin.log.2'), ...lines('buletin.log.1'), ...lines()].map((line) =>
      JSON.parse(line),
    );
    expect(written).toHaveLength(8);
    expect(written.filter(({ method }) => method === 'pin.status')).toHaveLength(4);
  });

  it('does not stop anybody when it cannot be written, and goes on when it can', () => {
    let time = 0;
    mkdirSync(scratch, { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    const log = new ProgramLog({ folder, now: () => new Date(time) });
    log.write(session);
    expect(log.state.writing).toBe(false);
    log.setLevel('details');
    rmSync(folder);
    time += 1_000;
    log.write(session);
    expect(log.state.writing).toBe(false);
    time += 60_000;
    log.write(session);
    expect(log.state.writing).toBe(true);
    expect(lines()).toHaveLength(1);
  });

  it('goes on when its file was taken away', () => {
    const log = new ProgramLog({ folder, now });
    log.write(session);
    rmSync(folder, { recursive: true });
    log.write(session);
    expect(log.state.writing).toBe(true);
    expect(lines()).toHaveLength(1);
    const fresh = new ProgramLog({ folder, now });
    fresh.write(session);
    rmSync(fresh.path);
    fresh.write(session);
    expect(lines()).toHaveLength(1);
  });

  it('follows no link to another file', () => {
    mkdirSync(folder, { recursive: true });
    const victim = join(scratch, 'victim');
    writeFileSync(victim, '');
    symlinkSync(victim, join(folder, 'buletin.log'));
    const log = new ProgramLog({ folder, now });
    log.write(session);
    expect(readFileSync(victim, 'utf8')).toBe('');
    expect(log.state.writing).toBe(false);
  });
});

describe.skipIf(!needs('namespaces'))('the log on a full disk', () => {
  it('loses lines and stops nobody; with room again it goes on', () => {
    const child = join(import.meta.dirname, 'full-disk-child.ts');
    const script = 'mount -t tmpfs -o size=16k small "$1" && shift && exec "$@"';
    const command = ['-Urm', 'sh', '-c', script, 'sh', scratch, process.execPath, child, scratch];
    const { stdout, stderr } = spawnSync('unshare', command, { encoding: 'utf8', timeout: 25_000 });
    expect(stdout, stderr).not.toBe('');
    expect(JSON.parse(stdout)).toEqual({ full: false, after: true });
  });
});

describe("the log's folder", () => {
  it.each([
    ['linux', {}, '/home/ana/.local/state/buletin/log'],
    ['linux', { XDG_STATE_HOME: '/state' }, '/state/buletin/log'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/ana/.local/state/buletin/log'],
    ['darwin', {}, '/home/ana/Library/Logs/Buletin'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/Buletin/Logs'],
  ] as const)('on %s with %j', (platform, environment, expected) => {
    expect(logFolder(environment, platform, '/home/ana')).toBe(expected);
  });
});
