import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ModuleReaders } from '../../../electron/engine/agent/composition/module-readers.ts';
import type { ModuleHost } from '../../../electron/engine/modules/module-host.ts';
import type { ModuleToken } from '../../../electron/engine/modules/module-token.ts';
import { ana } from '../../../electron/sandbox/people.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { EvilModules } from '../../rig/evil-module.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { code, digestOf } from '../token/desk.ts';
import { ModuleDesk, openCard } from './module-desk.ts';

vi.setConfig({ testTimeout: 60_000 });

const pin = '827364';
const other = '918273';
const rsa = { kind: 'rsa-pkcs1', hash: 'SHA-256' } as const;

/** A module of ours that crashes, hangs and lies. Each fault is one named failure, and nobody else is harmed. */
describe.skipIf(!needs('module-host') || !needs('linux') || !needs('cc'))('a module that misbehaves', () => {
  const desk = new ModuleDesk();
  let evil: EvilModules;
  let well: ModuleHost;

  beforeAll(async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const authority = await SandboxAuthority.create();
    evil = new EvilModules(await authority.issueHolder({ person: ana, publicKey, role: 'authentication' }));
  });
  afterEach(() => desk.close());
  afterAll(() => evil?.dispose());

  function start(fault: string, puk?: 'security-officer'): { host: ModuleHost; file: string } {
    const file = evil.with(fault);
    return { host: desk.host({ path: file, puk }, { deadlines: { reading: 2_000, pin: 2_000 } }), file };
  }
  /** Another module host, working while this one does not. */
  async function bystander(): Promise<ModuleToken> {
    well = desk.host({ path: evil.with('bystander') });
    return openCard(well);
  }

  const calls = [
    ...['load', 'C_GetFunctionList', 'C_Initialize', 'C_GetInfo', 'C_GetSlotList', 'C_GetSlotInfo'],
    ...['C_GetTokenInfo', 'C_GetMechanismList', 'C_GetMechanismInfo', 'C_OpenSession', 'C_FindObjectsInit'],
    ...['C_FindObjects', 'C_FindObjectsFinal', 'C_GetAttributeValue', 'C_CloseSession'],
  ];

  it.each(calls)('is killed when it hangs in %s', async (call) => {
    const { host } = start(`hang-${call}`);
    const token = await bystander();
    const failure = await failureOf(host.list());
    expect(failure).toMatchObject({ code: 'module-timeout', parameters: { file: `hang-${call}.so` } });
    expect(host.pid).toBeUndefined();
    expect(await token.pins()).toHaveLength(1);
    expect(well.run).toBe(1);
  });

  it.each(calls.flatMap((call) => ['segv', 'abort', 'exit'].map((how) => [how, call] as const)))(
    'is told when it ends by %s in %s',
    async (how, call) => {
      const { host } = start(`${how}-${call}`);
      expect((await failureOf(host.list())).code).toBe('module-crashed');
      expect(host.pid).toBeUndefined();
    },
  );

  it.each([
    ['null_list', 'module-invalid'],
    ['old_version', 'module-invalid'],
    ['new_version', 'module-invalid'],
    ['error-C_GetFunctionList', 'module-invalid'],
    ['empty_list', 'module-refused'],
    ['error-C_Initialize', 'module-refused'],
    ['negative_slots', 'module-answer-invalid'],
    ['many_slots', 'module-answer-invalid'],
    ['more_slots', 'module-answer-invalid'],
    ['overflow_slots', 'module-answer-invalid'],
    ['many_mechanisms', 'module-answer-invalid'],
    ['more_objects', 'module-answer-invalid'],
    ['endless_objects', 'module-answer-invalid'],
    ['attribute_huge', 'module-answer-invalid'],
    ['attribute_grows', 'module-answer-invalid'],
    ['attribute_overflow', 'module-answer-invalid'],
    ['error-C_GetSlotList', 'card-refused'],
    ['error-C_GetTokenInfo', 'no token'],
    ['pin_lengths', 'card-malformed'],
  ])('is not believed: %s is %s', async (fault, expected) => {
    const { host } = start(fault);
    const told = await openCard(host).then(
      () => 'nothing',
      (thrown: { code?: string; message: string }) => thrown.code ?? thrown.message.trim(),
    );
    expect(told).toBe(expected);
    if (expected.startsWith('module-')) expect(host.pid).toBeUndefined();
  });

  it('may show objects without values, print, and write what it likes into texts', async () => {
    expect((await openCard(start('attribute_minus_one').host)).certificates).toEqual([]);
    expect((await openCard(start('print').host)).certificates).toHaveLength(1);
    expect((await openCard(start('text').host)).label).toBe('EVIL');
  });

  it('is no module when it is another file', async () => {
    const text = join(evil.folder, 'text.so');
    writeFileSync(text, 'not a library');
    const cut = join(evil.folder, 'cut.so');
    writeFileSync(cut, Buffer.from('7f454c46020101000000000000000000030 03e00'.replace(' ', ''), 'hex'));
    for (const [path, expected] of [
      [text, 'module-invalid'],
      [cut, 'module-invalid'],
      [evil.folder, 'module-invalid'],
      [join(evil.folder, 'none.so'), 'module-missing'],
    ] as const) {
      expect([path, (await failureOf(desk.host({ path }).list())).code]).toEqual([path, expected]);
    }
  });

  it('sees a small environment, may leave no memory image, and is not looked into', async () => {
    const file = evil.with('good');
    const host = desk.host({ path: file }, { environment: {} });
    await host.list();
    const seen = evil.surroundings(file);
    expect(seen).toContain('dumpable 0');
    expect(seen).toContain('core 0');
    const allowed = [
      'HOME',
      'USER',
      'LOGNAME',
      'TMPDIR',
      'TEMP',
      'TMP',
      'XDG_RUNTIME_DIR',
      'XDG_CONFIG_HOME',
      'PCSCLITE_CSOCK_NAME',
    ];
    const names = seen.filter((line) => line.startsWith('env ')).map((line) => line.split(' ')[1]);
    expect(names.filter((name) => name !== undefined && !allowed.includes(name))).toEqual([]);
  });

  /** No sign of the PINs in anything that could be shown or logged. */
  function expectNoPin(thrown: unknown, file: string): void {
    const shown = inspect(thrown, { depth: 20, showHidden: true });
    for (const secret of [pin, other, Buffer.from(pin).toString('hex')]) {
      expect(shown).not.toContain(secret);
      expect(evil.asked(file).join()).not.toContain(secret);
    }
  }

  it.each([
    ['hang-C_Login', 'verify', 'pin-outcome-unknown', ['C_Login 6']],
    ['segv-C_Login', 'verify', 'pin-outcome-unknown', ['C_Login 6']],
    ['abort-C_Login', 'verify', 'pin-outcome-unknown', ['C_Login 6']],
    ['exit-C_Login', 'verify', 'pin-outcome-unknown', ['C_Login 6']],
    ['error-C_Login', 'verify', 'pin-outcome-unknown', ['C_Login 6']],
    ['hang-C_Logout', 'verify', 'module-timeout', ['C_Login 6', 'C_Logout 0']],
    ['segv-C_Logout', 'verify', 'module-crashed', ['C_Login 6', 'C_Logout 0']],
    ['hang-C_SetPIN', 'change', 'pin-outcome-unknown', ['C_SetPIN 6']],
    ['segv-C_SetPIN', 'change', 'pin-outcome-unknown', ['C_SetPIN 6']],
    ['hang-C_InitPIN', 'unblock', 'pin-outcome-unknown', ['C_Login officer 6', 'C_InitPIN 6']],
    ['exit-C_InitPIN', 'unblock', 'pin-outcome-unknown', ['C_Login officer 6', 'C_InitPIN 6']],
    ['hang-C_Login', 'sign', 'pin-outcome-unknown', ['C_Login 6']],
    ['segv-C_SignInit', 'sign', 'module-crashed', ['C_Login 6']],
    ['hang-C_SignInit', 'sign', 'module-timeout', ['C_Login 6']],
    ['hang-C_Sign', 'sign', 'module-timeout', ['C_Login 6', 'C_Sign 51']],
    ['abort-C_Sign', 'sign', 'module-crashed', ['C_Login 6', 'C_Sign 51']],
    ['signature_longer', 'sign', 'module-answer-invalid', ['C_Login 6', 'C_Sign 51', 'C_Logout 0']],
    ['signature_overflow', 'sign', 'module-answer-invalid', ['C_Login 6', 'C_Sign 51', 'C_Logout 0']],
    ['good', 'sign', 'signature-invalid', ['C_Login 6', 'C_Sign 51', 'C_Logout 0']],
    ['context', 'sign', 'signature-invalid', ['C_Login 6', 'C_Login context 6', 'C_Sign 51', 'C_Logout 0']],
  ] as const)('spends one try at most: %s while it should %s', async (fault, act, expected, asked) => {
    const { host, file } = start(fault, 'security-officer');
    const token = await openCard(host);
    const bystanding = await bystander();
    const acts = {
      verify: () => token.verify('PIN1', code(pin)),
      change: () => token.change('PIN1', code(pin), code(other)),
      unblock: () => token.unblock('PIN1', code(pin), code(other)),
      sign: () => token.sign('01', rsa, digestOf('SHA-256'), code(pin)),
    };
    const failure = await failureOf(acts[act]());
    expect(failure.code).toBe(expected);
    expectNoPin(failure, file);
    // Nothing is repeated, neither at once nor with the next start of the module.
    await openCard(host);
    expect(evil.asked(file)).toEqual(asked);
    if (host.run > 1) expect((await failureOf(acts[act]())).code).toBe('card-changed');
    expect(evil.asked(file)).toEqual(asked);
    expect(await bystanding.pins()).toHaveLength(1);
    expect(well.run).toBe(1);
  });

  it('gets no empty PIN and no PIN that is too long', async () => {
    const { host, file } = start('good');
    const token = await openCard(host);
    const place = { slot: '7', label: 'EVIL', serial: '0001', run: host.run };
    expect((await failureOf(token.verify('PIN1', code('')))).code).toBe('pin-length');
    expect((await failureOf(host.verify(place, { kind: 'verify', pin: 'PIN1' }, code('')))).code).toBe(
      'pin-length',
    );
    expect((await failureOf(token.verify('PIN1', code('123456789')))).code).toBe('pin-length');
    expect(evil.asked(file)).toEqual([]);
  });

  it('is not told the PIN of another token', async () => {
    const { host, file } = start('good');
    await host.list();
    const place = { slot: '7', label: 'EVIL', serial: '0002', run: host.run };
    const failure = await failureOf(host.verify(place, { kind: 'verify', pin: 'PIN1' }, code(pin)));
    expect(failure.code).toBe('card-changed');
    expect(evil.asked(file)).toEqual([]);
  });

  it('may hold a lock while it waits for events: it is asked instead', async () => {
    const { host } = start('lock');
    const token = await openCard(host);
    expect((await failureOf(token.pins())).code).toBe('card-changed');
    expect(await (await openCard(host)).pins()).toHaveLength(1);
    expect(host.run).toBe(2);
  });

  it('may flood with events: the card stays, and listings stay few', async () => {
    const { host } = start('flood');
    const readers = new ModuleReaders(host);
    let listings = 0;
    readers.onChange(() => {
      listings += 1;
    });
    await readers.start();
    const token = await readers.openCard({ name: 'Evil Reader', generation: 1 });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(listings).toBeLessThan(10);
    expect(readers.snapshot.readers).toMatchObject([
      { name: 'Evil Reader', state: 'present', generation: 1 },
    ]);
    expect(await token.pins()).toHaveLength(1);
    await readers.close();
  });

  it('does not keep its process when it hangs while finishing', async () => {
    const { host } = start('hang-C_Finalize');
    await host.list();
    const pid = host.pid ?? 0;
    await host.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('is not started again and again', async () => {
    const { host } = start('segv-C_GetSlotList');
    for (let time = 0; time < 8; time += 1) {
      expect((await failureOf(host.list())).code).toBe('module-crashed');
    }
    expect(host.run).toBe(5);
  });

  it('is not loaded when it is not the file that was trusted', async () => {
    const path = evil.with('good');
    const host = desk.host({ path, sha256: '00'.repeat(32) });
    expect(await failureOf(host.list())).toMatchObject({
      code: 'module-changed',
      parameters: { file: 'good.so' },
    });
    expect(evil.surroundings(path)).toEqual([]);
  });

  it('needs the program that was built', async () => {
    const host = desk.host({ path: evil.with('good') }, { program: join(evil.folder, 'no-host') });
    expect(await failureOf(host.list())).toMatchObject({
      code: 'module-host-missing',
      parameters: { file: 'no-host' },
    });
  });
});
