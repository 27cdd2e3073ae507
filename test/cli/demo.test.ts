/** `buletin demo`: the main job on the embedded sandbox, as the README's first command runs it. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { serviceAnswerSchema } from '../../electron/contract/portal/services.ts';
import { runCli } from './run-cli.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const demoSchema = z.strictObject({
  demo: z.strictObject({
    card: z.string(),
    simulated: z.literal(true),
    steps: z.array(
      z.strictObject({ step: z.string(), ms: z.int().nonnegative(), sentence: z.string().min(10) }),
    ),
    totalMs: z.int().positive(),
    data: z.array(serviceAnswerSchema).length(4),
  }),
});

describe('the demo', () => {
  it.each([
    ['eid', ['insert', 'verify-pin1', 'verify-pin2', 'login', 'read', 'sign', 'logout', 'remove']],
    ['2025', ['insert', 'verify-pin2', 'login', 'read', 'sign', 'logout', 'remove']],
    ['esteid2018', ['insert', 'verify-pin1', 'verify-pin2', 'login', 'read', 'sign', 'logout', 'remove']],
  ])('walks the whole way with %s', async (card, steps) => {
    const run = await runCli(['demo', `--card=${card}`, '--json']);
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const { demo } = demoSchema.parse(run.json());
    expect(demo.card).toBe(card);
    expect(demo.steps.map(({ step }) => step)).toEqual(steps);
    expect(demo.data.map(({ service }) => service)).toEqual([
      'personal',
      'documents',
      'domicile',
      'vehicles',
    ]);
  });

  it.each([
    ['ro', 'SIMULAT', 'PIN1 (autentificare) a fost verificat'],
    ['ru', 'СИМУЛЯЦИЯ', 'PIN1 (аутентификация) проверен'],
    ['en', 'SIMULATED', 'PIN1 (authentication) was verified'],
  ])('says each step in %s, with its time', async (lang, simulated, sentence) => {
    const run = await runCli(['demo', `--lang=${lang}`]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(simulated);
    expect(run.stdout).toContain(sentence);
    expect(run.stdout.match(/^ +\d+ ms {2}/gm)).toHaveLength(8);
    // No key of a locale file, no hole and no technical name where a sentence should be.
    expect(run.stdout).not.toMatch(
      /\b(?:demo|data|personal|documents|vehicles|domicile)\.[a-z_]+|undefined|null|\{/,
    );
  });

  it('leaves no process behind', async () => {
    const marker = `BULETIN_TEST_MARKER_${process.pid}`;
    await runCli(['demo', '--json'], { env: { BULETIN_AGENT_SOCKET: `/nonexistent/${marker}/agent.sock` } });
    const processes = execFileSync('ps', ['-eo', 'pid,args', 'e', 'ww'], { encoding: 'utf8' });
    const left = processes.split('\n').filter((line) => line.includes(marker));
    expect(left).toEqual([]);
  });

  it('refuses a card that it does not have', async () => {
    const run = await runCli(['demo', '--card=visa', '--json']);
    expect(run.code).toBe(2);
    expect(run.json()).toMatchObject({ failure: { code: 'sandbox-unknown-card' } });
  });
});
