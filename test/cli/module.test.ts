import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sandboxPeople } from '../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../electron/sandbox/pki/authority.ts';
import { SandboxPortal } from '../../electron/sandbox/portal/sandbox-portal.ts';
import { EvilModules } from '../rig/evil-module.ts';
import { verifiesDigest } from '../rig/judges/openssl.ts';
import { makeScratchFolder, removeScratchFolder } from '../rig/scratch-folder.ts';
import { SoftHsm } from '../rig/softhsm.ts';
import { needs } from '../run/needs.ts';
import { type CliRun, runCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.skipIf(
  !needs('module-host') || !needs('softhsm') || !needs('opensc') || !needs('openssl') || !needs('cc'),
)('the command line with a PKCS#11 module', () => {
  const pin = '824193';
  let portal: SandboxPortal;
  let hsm: SoftHsm;
  let evil: EvilModules;
  let folder: string;
  let settings: string;

  beforeAll(async () => {
    const authority = await SandboxAuthority.create();
    portal = await SandboxPortal.start({ authority, people: sandboxPeople });
    hsm = new SoftHsm();
    const [key] = await hsm.addToken(
      'Soft card',
      { pin, puk: '51739264' },
      [{ id: '01', shape: 'RSA-2048', role: 'authentication' }],
      authority,
    );
    evil = new EvilModules(key?.certificate ?? new Uint8Array(0));
    folder = makeScratchFolder();
    settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify({ portal: portal.settings }));
  });
  afterAll(async () => {
    await portal?.stop();
    hsm?.dispose();
    evil?.dispose();
    if (folder) removeScratchFolder(folder);
  });

  const call = (args: string[], pins?: string[], module = hsm.module): Promise<CliRun> =>
    runCli([...args, `--module=${module}`, '--json', '--lang=en', ...(pins ? ['--pin-stdin'] : [])], {
      env: hsm.environment,
      ...(pins ? { pins } : {}),
    });

  it('shows status, certificates and PINs', async () => {
    const status = (await call(['status'])).json();
    expect(status).toMatchObject({
      service: { state: 'running' },
      token: {
        source: 'pkcs11:libsofthsm2.so',
        label: 'Soft card',
        simulated: true,
        pins: [{ name: 'PIN1', tries: 'unknown' }],
      },
      session: { state: 'ready' },
    });
    const { certificates } = (await call(['certificates'])).json<{ certificates: { role: string }[] }>();
    expect(certificates.map(({ role }) => role)).toEqual(['authentication']);
    expect((await call(['pin', 'status'])).json()).toMatchObject({ pins: [{ name: 'PIN1' }] });
  });

  it('verifies, changes and signs what openssl accepts', async () => {
    expect((await call(['pin', 'verify', '1'], [pin])).code).toBe(0);
    const wrong = await call(['pin', 'verify', '1'], ['824194']);
    expect([wrong.code, wrong.json<{ failure: { code: string } }>().failure.code]).toEqual([7, 'pin-wrong']);
    expect((await call(['pin', 'change', '1'], [pin, '905317'])).code).toBe(0);
    const digest = createHash('sha256').update('Buletin').digest();
    const signed = await call(['sign-digest', '1', digest.toString('hex')], ['905317']);
    const { signature, algorithm } = signed.json<{ signature: string; algorithm: string }>();
    expect(algorithm).toBe('RSASSA-PKCS1-v1_5/SHA-256');
    const { certificates } = (await call(['certificates'])).json<{ certificates: { pem: string }[] }>();
    const claim = {
      signer: certificates[0]?.pem ?? '',
      digest: 'sha256',
      signature: Buffer.from(signature, 'hex'),
    } as const;
    expect(await verifiesDigest(claim, digest)).toBe(true);
    expect((await call(['pin', 'change', '1'], ['905317', pin])).code).toBe(0);
  });

  it('signs in to the portal', async () => {
    const run = await call(['data', 'documents', `--settings=${settings}`], [pin]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.json<{ items: unknown[] }>().items.length).toBeGreaterThan(0);
  });

  it('loads a module of the settings only as it was trusted, by whatever path', async () => {
    const sha256 = createHash('sha256').update(readFileSync(hsm.module)).digest('hex');
    const trusted = join(folder, 'trusted.json');
    writeFileSync(trusted, JSON.stringify({ modules: [{ path: hsm.module, sha256 }] }));
    expect((await call(['certificates', `--settings=${trusted}`])).code).toBe(0);
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, JSON.stringify({ modules: [{ path: hsm.module, sha256: '00'.repeat(32) }] }));
    symlinkSync(hsm.module, join(folder, 'link.so'));
    for (const path of [hsm.module, join(folder, 'link.so')]) {
      const refused = await call(['certificates', `--settings=${changed}`], undefined, path);
      expect([refused.code, refused.json<{ failure: { code: string } }>().failure.code]).toEqual([
        11,
        'module-changed',
      ]);
    }
  });

  it.each([
    ['segv-C_GetSlotList', 3, 'module-crashed'],
    ['negative_slots', 6, 'module-answer-invalid'],
    ['null_list', 12, 'module-invalid'],
    ['error-C_Initialize', 3, 'module-refused'],
  ])('says in one failure what a faulty module did: %s', async (fault, exit, expected) => {
    const run = await call(['certificates'], undefined, evil.with(fault));
    expect([run.code, run.json<{ failure: { code: string } }>().failure.code]).toEqual([exit, expected]);
    expect(run.stderr).toBe('');
    // Status tells it too, and is itself no failure.
    const status = await call(['status'], undefined, evil.with(`${fault}`));
    expect([status.code, status.json<{ problem: { code: string } }>().problem.code]).toEqual([0, expected]);
  });

  it('presents a PIN once to a module that crashes on it', async () => {
    const module = evil.with('segv-C_Login');
    const run = await call(['pin', 'verify', '1'], ['827364'], module);
    expect(run.json<{ failure: { code: string } }>().failure.code).toBe('pin-outcome-unknown');
    expect(evil.asked(module)).toEqual(['C_Login 6']);
    expect(run.stdout + run.stderr).not.toContain('827364');
  });

  it('refuses a module beside the sandbox, and an empty one', async () => {
    expect((await call(['status', '--sandbox'])).code).toBe(2);
    expect((await call(['status'], undefined, '')).code).toBe(2);
    const missing = await call(['certificates'], undefined, './no-such-module.so');
    expect([missing.code, missing.json<{ failure: { code: string } }>().failure.code]).toEqual([
      12,
      'module-missing',
    ]);
  });
});
