import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModuleCall } from '../../../electron/engine/modules/module-calls.ts';
import { returnValueName } from '../../../electron/engine/modules/return-values.ts';
import { SandboxAuthority } from '../../../electron/sandbox/pki/authority.ts';
import { SoftHsm } from '../../rig/softhsm.ts';
import { needs } from '../../run/needs.ts';
import { failureOf } from '../card/scripted-channel.ts';
import { findPlanted, plantedText } from '../diagnostics/secrets/planted.ts';
import { code } from '../token/desk.ts';
import { ModuleDesk, openCard } from './module-desk.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf(!needs('module-host') || !needs('softhsm'))('functions of a module that is watched', () => {
  const pin = '824193';
  const desk = new ModuleDesk();
  let hsm: SoftHsm;

  beforeAll(async () => {
    const authority = await SandboxAuthority.create();
    hsm = new SoftHsm();
    const key = { id: '0a', shape: 'P-256', role: 'authentication' } as const;
    await hsm.addToken('watched', { pin, puk: '51739264' }, [key], authority);
  });
  afterEach(() => desk.close());
  afterAll(() => hsm.dispose());

  it('are told with what they returned, and nothing of what they were given', async () => {
    const host = desk.host({ path: hsm.module }, { environment: hsm.environment });
    const calls: ModuleCall[] = [];
    const stop = host.watchCalls((call) => calls.push(call));
    const token = await openCard(host, 'watched');
    const listed = calls.map((call) => call.function);
    // PKCS#11 v3.0, 5.5 and 5.6: what it takes to know slots, tokens and certificates.
    for (const name of [
      ...['C_GetSlotList', 'C_GetSlotInfo', 'C_GetTokenInfo', 'C_GetMechanismList', 'C_OpenSession'],
      ...[
        'C_FindObjectsInit',
        'C_FindObjects',
        'C_FindObjectsFinal',
        'C_GetAttributeValue',
        'C_CloseSession',
      ],
    ]) {
      expect(listed).toContain(name);
    }
    expect(listed).not.toContain('C_Login');
    expect(calls[0]).toEqual({ function: 'C_GetSlotList', result: 'CKR_OK', ms: expect.any(Number) });

    calls.length = 0;
    expect((await failureOf(token.verify('PIN1', code('111222')))).code).toBe('pin-wrong');
    const login = calls.filter((call) => call.function === 'C_Login');
    expect(login.map(({ result }) => result)).toEqual(['CKR_PIN_INCORRECT']);
    expect(findPlanted(JSON.stringify(calls), [plantedText('PIN', '111222')])).toEqual([]);

    stop();
    await token.pins();
    calls.length = 0;
    await token.pins();
    expect(calls).toEqual([]);
  });

  it('are told of a process that runs already, and of the one that follows it', async () => {
    const host = desk.host({ path: hsm.module }, { environment: hsm.environment });
    await host.list();
    const calls: ModuleCall[] = [];
    host.watchCalls((call) => calls.push(call));
    await host.list();
    expect(calls.length).toBeGreaterThan(0);
    const gone = new Promise<void>((resolve) => host.onEvent(({ kind }) => kind === 'ended' && resolve()));
    process.kill(host.pid as number, 'SIGKILL');
    await gone;
    calls.length = 0;
    await host.list();
    expect(calls.map((call) => call.function)).toContain('C_GetSlotList');
  });

  it('return values have the names of the standard', () => {
    expect([0, 0xa0, 0xa4, 0xe0, 0x101].map(returnValueName)).toEqual([
      ...['CKR_OK', 'CKR_PIN_INCORRECT', 'CKR_PIN_LOCKED', 'CKR_TOKEN_NOT_PRESENT', 'CKR_USER_NOT_LOGGED_IN'],
    ]);
    expect(returnValueName(0x8000_0001)).toBe('0x80000001');
  });
});
