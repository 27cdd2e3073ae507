/** `buletin doctor` as a process: without a service, without a native part, without an agent, in training mode. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doctorReportSchema } from '../../electron/contract/diagnostics/doctor.ts';
import { makeShortCode } from '../../electron/contract/diagnostics/short-code.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
/** No service of this machine takes part. */
const env = { PCSCLITE_CSOCK_NAME: path.join(folder, 'no-service.comm'), LC_ALL: 'C.UTF-8' };

describe('buletin doctor', () => {
  it('finds nothing to fix in training mode', async () => {
    const { code, json } = await runCli(['doctor', '--sandbox=2025', '--json'], { env });
    const report = doctorReportSchema.parse(json());
    expect(report.findings.filter(({ state }) => state === 'problem' || state === 'notice')).toEqual([]);
    expect(report.simulated).toBe(true);
    expect(code).toBe(0);
  });

  it('says what is wrong with a card, in the language asked for, with the exit code of the first problem', async () => {
    const { code, stdout } = await runCli(
      ['doctor', '--sandbox=eid:pin2-blocked', '--only=D19', '--lang=ro'],
      { env },
    );
    expect(stdout).toContain('1. PIN2 (semnătură) este blocat.');
    expect(stdout).toContain('• Deblocați PIN2 cu codul PUK din plicul sigilat.');
    expect(stdout).toContain('D19. Poate rezolva: dumneavoastră.');
    expect(code).toBe(8);
  });

  it.runIf(process.platform === 'linux')('goes on without a service', async () => {
    const { code, json } = await runCli(['doctor', '--own', '--json'], { env });
    const [first] = doctorReportSchema.parse(json()).findings;
    expect(['D01', 'D02', 'D29']).toContain(first?.id);
    expect(first?.state).toBe('problem');
    // 70 where our own native part was not built.
    expect([3, 70]).toContain(code);
  });

  it('goes on when no agent can start, and says that first', async () => {
    const settings = path.join(folder, 'settings.json');
    writeFileSync(settings, '{"portal": 1}');
    const { code, json } = await runCli(['doctor', `--settings=${settings}`, '--json'], { env });
    const report = doctorReportSchema.parse(json());
    expect(report.findings[0]).toMatchObject({
      id: 'D29',
      cause: 'settings-invalid',
      parameters: { field: 'portal' },
    });
    // The other checks were made all the same.
    expect(new Set(report.findings.map(({ id }) => id)).size).toBe(30);
    expect(code).toBe(12);
  });

  it('explains a short code without an agent', async () => {
    const short = makeShortCode({
      platform: 'win32',
      release: { major: 1, minor: 2 },
      causes: ['windows-service-stopped', 'clock-wrong'],
    });
    const { code, json } = await runCli(['doctor', '--explain', short.toLowerCase(), '--json', '--lang=en'], {
      env,
    });
    expect(json()).toMatchObject({
      code: short,
      platform: 'win32',
      release: { major: 1, minor: 2 },
      causes: [
        {
          check: 'D16',
          cause: 'windows-service-stopped',
          message: 'The Windows service “Smart Card” is stopped.',
        },
        { check: 'D21', cause: 'clock-wrong', owner: 'citizen' },
      ],
    });
    expect(code).toBe(0);
    const misheard = short.slice(0, -1) + (short.endsWith('7') ? '8' : '7');
    const refused = await runCli(['doctor', '--explain', misheard, '--json'], { env });
    expect(refused.json()).toMatchObject({ failure: { code: 'doctor-code-invalid' } });
    expect(refused.code).toBe(2);
  });

  it('refuses checks that there are not, and changes that nobody may see', async () => {
    expect((await runCli(['doctor', '--only=D31', '--json'], { env })).code).toBe(2);
    expect((await runCli(['doctor', 'all', '--json'], { env })).code).toBe(2);
    const nothing = await runCli(['doctor', '--sandbox=2025', '--fix=D29', '--yes', '--json'], { env });
    expect(nothing.json()).toMatchObject({ failure: { code: 'doctor-fix-none' } });
  });
});
