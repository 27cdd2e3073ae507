import { describe, expect, it } from 'vitest';
import { demonstrationSchema } from '../../electron/contract/diagnostics/training.ts';
import { failureCodes } from '../../electron/contract/failures/catalogue.ts';
import { runCli } from './run-cli.ts';

describe('training on the command line', () => {
  it('lists every failure and the exercises', async () => {
    const run = await runCli(['training', 'list', '--sandbox=empty', '--json']);
    const { items, exercises } = run.json<{ items: { code: string }[]; exercises: { id: string }[] }>();
    expect(items.map(({ code }) => code)).toEqual([...failureCodes]);
    expect(exercises).toHaveLength(14);
  });

  it('shows a failure as it happens, and says that it is simulated', async () => {
    const run = await runCli(['training', 'show', 'pin-wrong', '--sandbox=empty', '--lang=en']);
    expect([run.code, run.stderr]).toEqual([0, '']);
    const lines = run.stdout.split('\n');
    expect(lines[0]).toMatch(/^SIMULATED\./);
    expect(lines).toContain('  A wrong PIN is entered.');
    expect(lines).toContain('PIN1 is not correct: 2 tries are left.');
  });

  it('shows it as JSON, in the form of the contract', async () => {
    const run = await runCli(['training', 'show', 'agent-lost', '--sandbox=empty', '--json', '--lang=ro']);
    const { words, ...demonstration } = run.json<{ words: { message: string } }>();
    expect(demonstrationSchema.parse(demonstration)).toMatchObject({ simulated: true, way: 'shown' });
    expect(words.message.length).toBeGreaterThan(10);
  });

  it.each([[['training']], [['training', 'show', 'no-such-code']], [['training', 'show', 'pin-wrong', 'x']]])(
    'refuses %j before anything is started',
    async (words) => {
      const run = await runCli([...words, '--json']);
      expect([run.code, run.json()]).toMatchObject([2, { failure: { code: 'usage' } }]);
    },
  );
});
