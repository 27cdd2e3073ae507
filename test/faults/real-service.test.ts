/** Faults of a real pcscd, and the cause that must come first. */
import { afterAll, describe, expect, it, vi } from 'vitest';
import { needs } from '../run/needs.ts';
import { disposeRig, rigCases } from './cases/rig-cases.ts';
import { runCase, told } from './examination.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!needs('pcscd'))('the doctor, with a real card service', () => {
  afterAll(disposeRig);

  it.each(rigCases.map((one) => [one.fault, one] as const))('%s', async (_, one) => {
    const findings = await runCase(one);
    expect(told(findings)[0] ?? null).toBe(one.expected);
    if (one.names) expect(findings[0]?.parameters).toMatchObject(one.names);
  });
});
