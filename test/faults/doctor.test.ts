/** Each injected fault, and the cause that must come first. */
import { describe, expect, it } from 'vitest';
import { causes } from '../../electron/contract/diagnostics/causes.ts';
import { needs } from '../run/needs.ts';
import { folderCases } from './cases/folder-cases.ts';
import { moduleCases } from './cases/module-cases.ts';
import { networkCases } from './cases/network-cases.ts';
import { recordedCases } from './cases/recorded-cases.ts';
import { type FaultCase, runCase, told } from './examination.ts';

const notices = (cause: FaultCase['expected']) => cause !== null && causes[cause].severity === 'notice';

function hold(cases: readonly FaultCase[]): void {
  it.each(cases.map((one) => [one.fault, one] as const))('%s', async (_, one) => {
    const findings = await runCase(one);
    // What is merely worth knowing stands after what has to be fixed, and beside an empty reader.
    const list = notices(one.expected)
      ? told(findings).filter((cause) => cause === one.expected || cause !== 'card-not-inserted')
      : told(findings);
    expect(list[0] ?? null).toBe(one.expected);
    const first = findings.find(({ cause }) => cause === one.expected);
    if (one.names) expect(first?.parameters).toMatchObject(one.names);
    expect(findings.filter(({ state }) => state === 'unknown')).toEqual([]);
  });
}

describe.skipIf(!needs('linux'))('the doctor, in a folder for a root', () => hold(folderCases));

describe('the doctor, with servers on loopback', () => hold(networkCases));

describe('the doctor, by answers of Windows and macOS', () => hold(recordedCases));

describe.skipIf(!needs('module-host') || !needs('linux') || !needs('cc'))(
  'the doctor, with modules that misbehave',
  () => {
    hold(moduleCases);
  },
);
