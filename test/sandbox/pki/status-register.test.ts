import { beforeEach, describe, expect, it } from 'vitest';
import { StatusRefusal, StatusRegister } from '../../../electron/sandbox/pki/status-register.ts';

const start = new Date('2026-03-02T09:00:00Z');
const later = (hours: number): Date => new Date(start.getTime() + hours * 3_600_000);
const serial = '4A00FF';

let now: Date;
let register: StatusRegister;

beforeEach(() => {
  now = start;
  register = new StatusRegister(() => now);
  register.enter({ serialNumber: serial, ca: 'issuing', notAfter: later(1000) });
});

/** The reason with which the register refuses; undefined when it does not. */
function refusal(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StatusRefusal);
    return (thrown as StatusRefusal).reason;
  }
}

describe('the register of statuses', () => {
  it('enters certificates as good and knows no others', () => {
    expect(register.status(serial)).toEqual({ state: 'good' });
    expect(register.status('4A00FE')).toBeUndefined();
    expect(register.listed('issuing')).toEqual([]);
    expect(register.history(serial)).toEqual([]);
  });

  it('finds a serial number however it is written', () => {
    expect(register.status('4a00ff')).toEqual({ state: 'good' });
    expect(register.status('004A00FF')).toEqual({ state: 'good' });
    register.enter({ serialNumber: 'abc', ca: 'root', notAfter: later(1) });
    register.suspend('0ABC');
    expect(register.listed('root')).toEqual([
      { serialNumber: '0ABC', status: { state: 'suspended', since: start } },
    ]);
  });

  it('keeps the certificates of the two CAs apart', () => {
    expect(register.status(serial, 'issuing')).toEqual({ state: 'good' });
    expect(register.status(serial, 'root')).toBeUndefined();
    register.suspend(serial);
    expect(register.listed('issuing')).toHaveLength(1);
    expect(register.listed('root')).toEqual([]);
  });

  it('suspends, restores, suspends again and revokes', () => {
    register.suspend(serial);
    expect(register.status(serial)).toEqual({ state: 'suspended', since: start });
    now = later(1);
    register.restore(serial);
    expect(register.status(serial)).toEqual({ state: 'good' });
    now = later(2);
    register.suspend(serial);
    now = later(3);
    register.revoke(serial, 'superseded');
    expect(register.history(serial)).toEqual([
      { act: 'suspended', at: start },
      { act: 'restored', at: later(1) },
      { act: 'suspended', at: later(2) },
      { act: 'revoked', at: later(3), reason: 'superseded' },
    ]);
  });

  it('lets a revocation after a suspension count from the suspension', () => {
    register.suspend(serial);
    now = later(5);
    register.revoke(serial, 'keyCompromise');
    expect(register.status(serial)).toEqual({ state: 'revoked', since: start, reason: 'keyCompromise' });
  });

  it('lets a revocation of a good certificate count from now', () => {
    now = later(5);
    register.revoke(serial);
    expect(register.status(serial)).toEqual({ state: 'revoked', since: later(5), reason: 'unspecified' });
  });

  it('never changes a revoked certificate', () => {
    register.revoke(serial, 'keyCompromise');
    expect(refusal(() => register.suspend(serial))).toBe('revoked');
    expect(refusal(() => register.restore(serial))).toBe('revoked');
    expect(refusal(() => register.revoke(serial, 'superseded'))).toBe('revoked');
    expect(register.status(serial)).toMatchObject({ state: 'revoked', reason: 'keyCompromise' });
    expect(register.history(serial)).toHaveLength(1);
  });

  it('refuses what the state does not allow, and what it does not know', () => {
    expect(refusal(() => register.restore(serial))).toBe('not-suspended');
    register.suspend(serial);
    now = later(1);
    expect(refusal(() => register.suspend(serial))).toBe('already-suspended');
    expect(register.status(serial)).toEqual({ state: 'suspended', since: start });
    for (const act of ['suspend', 'restore', 'revoke', 'history'] as const) {
      expect(refusal(() => register[act]('01'))).toBe('unknown-certificate');
    }
  });

  it('changes nothing that has expired', () => {
    register.suspend(serial);
    now = later(1000);
    expect(refusal(() => register.restore(serial))).toBeUndefined();
    now = later(1001);
    expect(refusal(() => register.suspend(serial))).toBe('expired');
    expect(refusal(() => register.restore(serial))).toBe('expired');
    expect(refusal(() => register.revoke(serial))).toBe('expired');
  });

  it('counts changes, and only changes', () => {
    const before = register.revision;
    register.enter({ serialNumber: '01', ca: 'issuing', notAfter: later(1) });
    expect(refusal(() => register.restore(serial))).toBe('not-suspended');
    expect(register.revision).toBe(before);
    register.suspend(serial);
    register.restore(serial);
    expect(register.revision).toBe(before + 2);
  });
});
