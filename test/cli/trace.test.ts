/** `trace record` and `--replay`: one process per call, on simulated cards. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { traceSchema } from '../../electron/contract/diagnostics/trace.ts';
import { ana } from '../../electron/sandbox/people.ts';
import { findPlanted, plantedText } from '../engine/diagnostics/secrets/planted.ts';
import { runCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 180_000 });

const folder = mkdtempSync(join(tmpdir(), 'buletin-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'card.json');

interface Status {
  readonly readers: { name: string; simulated: boolean }[];
  readonly token: {
    label: string;
    certificates: { role: string; subject: { idnp: string } }[];
    pins: unknown[];
  };
}

describe('buletin trace', () => {
  it('records how a card is read; the file replays to the same card without its holder', async () => {
    const card = (await runCli(['status', '--sandbox=eid', '--json'])).json() as Status;
    const run = await runCli(['trace', 'record', file, '--sandbox=eid', '--json']);
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ file, cards: 1, cut: false });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const content = readFileSync(file, 'utf8');
    traceSchema.parse(JSON.parse(content));
    const planted = [ana.idnp, ana.familyName, ana.givenName].map((text) => plantedText(text, text));
    expect(findPlanted(content, planted)).toEqual([]);

    const replay = await runCli(['status', '--replay', file, '--json']);
    expect(replay.code).toBe(0);
    const shown = replay.json() as Status;
    expect(shown.readers).toMatchObject([{ name: 'Buletin Trace 1', simulated: true }]);
    expect(shown.token.label).toBe(card.token.label);
    expect(shown.token.pins).toEqual(card.token.pins);
    expect(shown.token.certificates.map(({ role }) => role)).toEqual(['authentication', 'signature']);
    expect(shown.token.certificates[0]?.subject.idnp).toBe('0000000000000');
  });

  it('does not overwrite a file unless told to', async () => {
    writeFileSync(join(folder, 'taken.json'), 'mine');
    const run = await runCli(['trace', 'record', join(folder, 'taken.json'), '--sandbox', '--json']);
    expect(run.code).toBe(12);
    expect(run.json()).toMatchObject({ failure: { code: 'output-exists' } });
    expect(readFileSync(join(folder, 'taken.json'), 'utf8')).toBe('mine');
  });

  it('says what is wrong with a file that is no trace, and with a trace of another program', async () => {
    writeFileSync(join(folder, 'no-trace.json'), '{"format":"buletin-trace"}');
    const run = await runCli(['status', '--replay', join(folder, 'no-trace.json'), '--json']);
    expect(run.code).toBe(12);
    expect(run.json()).toMatchObject({ failure: { code: 'trace-invalid' } });

    const trace = JSON.parse(readFileSync(file, 'utf8'));
    trace.cards[0].groups[0].steps[1].command.header = '00B00100';
    writeFileSync(join(folder, 'other.json'), JSON.stringify(trace));
    const other = await runCli(['status', '--replay', join(folder, 'other.json'), '--json']);
    expect(other.json()).toMatchObject({ token: null, problem: { code: 'trace-mismatch' } });
  });

  it.each([
    [['trace']],
    [['trace', 'play', 'x']],
    [['trace', 'record']],
    [['trace', 'record', 'a', 'b']],
    [['status', '--replay', 'x', '--sandbox']],
  ])('refuses %j', async (words) => {
    expect((await runCli([...words, '--json'])).code).toBe(2);
  });
});
