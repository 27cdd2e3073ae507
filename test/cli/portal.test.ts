/** The command line and the portal: sign-in, data, first registration, and which portal is meant. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { failureSchema } from '../../electron/contract/model/failure.ts';
import { sessionSchema } from '../../electron/contract/model/status.ts';
import { serviceAnswerSchema } from '../../electron/contract/portal/services.ts';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../electron/sandbox/portal/sandbox-portal.ts';
import { runCli } from './run-cli.ts';

// Processes are started by the dozen: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 });

const PIN1 = '4271';
const PIN2 = '836145';

/** The failure of a run, checked against its schema. */
function failureOf(run: { stdout: string }): z.infer<typeof failureSchema> {
  return z.strictObject({ failure: failureSchema }).parse(JSON.parse(run.stdout)).failure;
}

/** The field keys of each service, in their order, from the field dictionary. */
const keys = {
  personal:
    'idnp family_name given_name patronymic sex birth_date birth_place citizenship blood_group legal_capacity',
  documents: 'series number issue_date issue_place status expiry_date doc_type',
  domicile: 'visa_type reg_date reg_expiry country district street house block flat',
  vehicles: 'idnv plate make model year vin',
  'access-log': 'operator time action legal_basis reason user object',
} as const;

describe('the portal', () => {
  it.each(Object.entries(keys))('gives %s after a sign-in with PIN1', async (service, expected) => {
    const run = await runCli(['data', service, '--sandbox', '--pin-stdin', '--json'], { pins: [PIN1] });
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const answer = serviceAnswerSchema.parse(run.json());
    expect(Object.keys(run.json())).toEqual(['service', 'readAt', 'source', 'items']);
    expect(answer.service).toBe(service);
    expect(answer.source).toContain('SIMULAT');
    expect(answer.items.length).toBeGreaterThan(0);
    for (const item of answer.items) expect(Object.keys(item).join(' ')).toBe(expected);
  });

  it("has our own read at the top of the access log, with the reader's IDNP masked", async () => {
    const run = await runCli(['data', 'access-log', '--sandbox', '--pin-stdin', '--json'], { pins: [PIN1] });
    const { readAt, items } = run.json<{ readAt: string; items: Record<string, string>[] }>();
    expect(items[0]).toEqual({
      operator: 'Portalul e-services (SIMULAT)',
      time: readAt,
      action: 'Access',
      legal_basis: 'Legea nr. 195/2024, dreptul de acces al persoanei vizate',
      reason: 'Vizualizarea datelor proprii',
      user: '2500*******10',
      object: 'Jurnalul accesărilor (SIMULAT): access-log',
    });
  });

  it('is entered with PIN2 where the card has the signature key only', async () => {
    const run = await runCli(['login', '--sandbox=2025', '--pin-stdin', '--json'], { pins: [PIN2] });
    expect(run.code).toBe(0);
    const { session } = z.strictObject({ session: sessionSchema }).parse(run.json());
    expect(session).toMatchObject({ state: 'signed-in', portal: { simulated: true }, registered: true });
  });

  it.each([
    ['expired', 'certificate-expired', []],
    ['no-certificate', 'login-no-certificate', []],
    ['revoked', 'certificate-revoked', [PIN1]],
    ['suspended', 'certificate-suspended', [PIN1]],
  ])('is not entered with a card that is %s: 13', async (variant, code, pins) => {
    const run = await runCli(['login', `--sandbox=eid:${variant}`, '--pin-stdin', '--json'], { pins });
    expect(run.code).toBe(13);
    expect(failureOf(run).code).toBe(code);
  });

  it('is not asked when there is no session to end: 2', async () => {
    const run = await runCli(['logout', '--sandbox', '--json']);
    expect(failureOf(run).code).toBe('session-none');
    expect(run.code).toBe(2);
  });
});

describe('someone who has not registered', () => {
  const sandbox = '--sandbox=eid:ecaterina';

  it('is told so, and sees nothing: 2', async () => {
    const run = await runCli(['data', 'personal', sandbox, '--pin-stdin', '--json'], { pins: [PIN1] });
    expect(failureOf(run)).toMatchObject({ code: 'registration-needed', owner: 'citizen' });
    expect(run.code).toBe(2);
    const login = await runCli(['login', sandbox, '--pin-stdin', '--lang=en'], { pins: [PIN1] });
    expect(login.code).toBe(0);
    expect(login.stdout).toContain('The portal wants you to register first');
  });

  it('registers', async () => {
    const contact = ['--email=e.exemplescu@example.invalid', '--phone=+37360000055'];
    const run = await runCli(['register', sandbox, ...contact, '--pin-stdin', '--json'], { pins: [PIN1] });
    expect(run.stderr).toBe('');
    expect(run.json()).toMatchObject({ session: { state: 'signed-in', registered: true } });
    expect(run.code).toBe(0);
  });

  it.each([
    [[], '--email'],
    [['--email=a@b'], '--email'],
    [['--email=a@example.invalid'], '--phone'],
    [['--email=a@example.invalid', '--phone=12'], '--phone'],
    [['--email=a@example.invalid', '--phone=+37360000055', '--home-phone=x'], '--home-phone'],
    [['--email=a@example.invalid', '--phone=+37360000055', '--address='], '--address'],
  ])('is told what is missing or wrong before anyone is asked for a PIN: %j', async (contact, option) => {
    const run = await runCli(['register', sandbox, ...contact, '--lang=en'], { pins: [] });
    expect(run.stderr).toContain(option);
    expect(run.stderr).toContain('Code: usage.');
    expect(run.code).toBe(2);
  });
});

describe('which portal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'buletin-portal-'));
  const file = join(folder, 'settings.json');
  let portal: SandboxPortal;
  beforeAll(async () => {
    portal = await SandboxPortal.start({
      authority: await SandboxAuthority.create(),
      people: sandboxPeople,
    });
    const first = { ...portal.settings, servicesUrl: 'https://127.0.0.1:1' };
    writeFileSync(file, JSON.stringify({ portal: first, portals: [portal.settings] }));
  });
  afterAll(async () => {
    await portal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is the first of the settings, or the one that --portal names', async () => {
    const settings = ['--sandbox', `--settings=${file}`, '--pin-stdin', '--json'];
    const first = await runCli(['login', ...settings], { pins: [PIN1] });
    expect(failureOf(first).code).toBe('portal-unreachable');
    // It is reached, and rightly does not know the authority of this sandbox's card.
    const named = await runCli(['login', `--portal=${portal.servicesUrl}/`, ...settings], { pins: [PIN1] });
    expect(named.code).toBe(10);
    expect(failureOf(named)).toMatchObject({ code: 'login-refused' });
    expect(failureOf(named).cause).toContain('CertificateNotTrusted');
  });

  it('is none that the settings do not have: 2, and no PIN is asked for', async () => {
    for (const settings of [[`--settings=${file}`], []]) {
      const run = await runCli([
        'login',
        '--sandbox',
        '--portal=https://evil.example',
        ...settings,
        '--json',
      ]);
      expect(failureOf(run).code).toBe('portal-unknown');
      expect(run.code).toBe(2);
    }
  });
});
