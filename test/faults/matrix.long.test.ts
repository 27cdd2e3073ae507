/**
 * The fault matrix: every fault of the cases, the cause that comes first, and what OpenSC's tools say of the same
 * fault. Writes `RESULTS.md`, where it may.
 */
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CauseCode } from '../../electron/contract/diagnostics/causes.ts';
import { checkTextOf } from '../../electron/contract/text/check-texts.ts';
import { askJudge } from '../rig/judges/judge.ts';
import type { PrivatePcscd } from '../rig/pcscd.ts';
import { needs } from '../run/needs.ts';
import { folderCases } from './cases/folder-cases.ts';
import { moduleCases } from './cases/module-cases.ts';
import { networkCases } from './cases/network-cases.ts';
import { recordedCases } from './cases/recorded-cases.ts';
import { disposeRig, type RigCase, rigCases } from './cases/rig-cases.ts';
import { examine, type FaultCase, told } from './examination.ts';
import { cell, writeResults } from './results-file.ts';

vi.setConfig({ testTimeout: 120_000 });

interface Row {
  readonly fault: string;
  readonly by: FaultCase['by'];
  readonly expected: CauseCode | null;
  readonly first: CauseCode | null;
  readonly sentence: string;
  readonly others: readonly string[];
}

const tools = [
  ['opensc-tool', ['--atr']],
  ['pkcs15-tool', ['--list-certificates']],
  ['pkcs11-tool', ['--list-slots']],
] as const;

/** The last line that a tool prints, or that it says nothing for five seconds. */
async function wordsOf(tool: string, args: readonly string[], pcscd: PrivatePcscd): Promise<string> {
  try {
    const { text, errorText, exitCode } = await askJudge(tool, args, { pcscd, timeoutMs: 5_000 });
    const line = `${errorText}\n${text}`.trim().split('\n').at(-1)?.trim() ?? '';
    return `${line || '(nothing)'} [${exitCode}]`;
  } catch {
    return '(no answer within 5 s)';
  }
}

const text = checkTextOf('en');

async function rowOf(one: FaultCase | RigCase): Promise<Row> {
  const clearing: (() => unknown)[] = [];
  try {
    const world = await one.inject((clear) => clearing.push(clear));
    const findings = await examine(world);
    const rig = 'rig' in one ? one.rig() : undefined;
    const others: string[] = [];
    for (const [tool, args] of rig ? tools : [])
      others.push(await wordsOf(tool, args, rig?.pcscd as PrivatePcscd));
    const [finding] = findings.filter(
      ({ cause }) => cause !== null && (cause !== 'card-not-inserted' || told(findings).length === 1),
    );
    const sentence = finding ? text.sentence(finding) : 'Nothing to fix.';
    return {
      fault: one.fault,
      by: one.by,
      expected: one.expected,
      first: finding?.cause ?? null,
      sentence,
      others,
    };
  } finally {
    for (const clear of clearing.reverse()) await clear();
  }
}

function page(rows: readonly Row[]): string {
  const right = rows.filter(({ first, expected }) => first === expected).length;
  const ours = rows.filter(({ others }) => others.length === 0);
  const rigged = rows.filter(({ others }) => others.length > 0);
  const how = { real: 'real parts', folder: 'folder as root', recorded: 'recorded answers' } as const;
  return [
    '# Faults, and what is said of them',
    '',
    'Written by `test/faults/matrix.long.test.ts`. Each fault is injected, the doctor examines, and its first sentence stands',
    'here. *Real parts*: a real pcscd with a simulated card, foreign programs, modules that are really loaded, servers that',
    'really answer. *Folder as root*: the real code reads /proc, /sys and programs of a folder; what the card service says is',
    'set by hand. *Recorded answers*: typed by hand; these systems were not available.',
    '',
    `**${right} of ${rows.length} faults: the right cause first.** Healthy computers among them: no finding.`,
    '',
    'An empty reader is left out where it is not the point. AusweisApp was not tried.',
    '',
    "## On a real card service, beside OpenSC's tools",
    '',
    '| fault | the doctor says first | `opensc-tool --atr` | `pkcs15-tool --list-certificates` | `pkcs11-tool --list-slots` |',
    '|---|---|---|---|---|',
    ...rigged.map((row) => `| ${[row.fault, row.sentence, ...row.others].map(cell).join(' | ')} |`),
    '',
    '## Others',
    '',
    '| fault | by | the doctor says first |',
    '|---|---|---|',
    ...ours.map((row) => `| ${[row.fault, how[row.by], row.sentence].map(cell).join(' | ')} |`),
    '',
  ].join('\n');
}

const ready = needs('pcscd') && needs('module-host') && needs('opensc') && needs('cc');

describe.skipIf(!ready)('the fault matrix', () => {
  const rows: Row[] = [];
  afterAll(async () => {
    await disposeRig();
    try {
      writeResults({ faults: page(rows) });
    } catch {
      // A tree that this user may not write: the table is for those who may.
    }
  });

  const all = [...rigCases, ...folderCases, ...networkCases, ...moduleCases, ...recordedCases];
  it.each(all.map((one) => [one.fault, one] as const))('%s', async (_, one) => {
    const row = await rowOf(one);
    rows.push(row);
    expect(row.sentence).not.toBe('');
  });

  it('names the right cause first in at least 95 of 100, and finds nothing on healthy computers', () => {
    const wrong = rows.filter(({ first, expected }) => first !== expected);
    expect(wrong.filter(({ expected }) => expected === null)).toEqual([]);
    expect(
      wrong.length,
      wrong.map(({ fault, first }) => `${fault}: ${first}`).join('\n'),
    ).toBeLessThanOrEqual(rows.length * 0.05);
  });
});
