/** `doctor`: what is to be fixed first, and by whom. Works also when no agent can be started. */
import { createInterface } from 'node:readline/promises';
import { examineAlone } from '../../client/doctor-process.ts';
import { type CheckId, causeRank, causes, checkIds } from '../../contract/diagnostics/causes.ts';
import type { DoctorReport } from '../../contract/diagnostics/doctor.ts';
import type { Finding } from '../../contract/diagnostics/finding.ts';
import { explainShortCode, makeShortCode } from '../../contract/diagnostics/short-code.ts';
import { ExitCode } from '../../contract/failures/catalogue.ts';
import { asFailure, Failure } from '../../contract/failures/failure.ts';
import { checkTextOf } from '../../contract/text/check-texts.ts';
import { type AgentConnection, connectToAgent } from '../agent-connection.ts';
import type { CliOptions } from '../arguments.ts';
import { refuseWords } from '../command.ts';
import type { Output } from '../output.ts';
import { explanationLines, fixLines, reportLines } from '../print/doctor.ts';
import { versionLine } from '../print/help.ts';

/** An agent that takes longer to answer is taken for one that does not work, in ms. */
const agentPatienceMs = 10_000;

/** Exit code of a problem, by its check. */
const exits: { readonly [Id in CheckId]?: number } = {
  ...{ D01: ExitCode.noService, D02: ExitCode.noService, D03: ExitCode.noService, D04: ExitCode.noService },
  ...{ D05: ExitCode.noReader, D06: ExitCode.noReader, D07: ExitCode.noReader, D10: ExitCode.noReader },
  ...{ D08: ExitCode.busyOrTimeout, D09: ExitCode.busyOrTimeout, D11: ExitCode.noCard },
  ...{ D12: ExitCode.cardNotSupported, D13: ExitCode.cardNotSupported, D15: ExitCode.noReader },
  ...{ D16: ExitCode.noService, D19: ExitCode.pinBlocked, D20: ExitCode.certificate, D21: ExitCode.network },
  ...{ D22: ExitCode.network, D23: ExitCode.inputFile, D27: ExitCode.noReader, D28: ExitCode.network },
};

/** 0 when nothing has to be fixed; else that of the first problem. */
export function exitOf(findings: readonly Finding[]): number {
  const first = findings.find(({ state }) => state === 'problem');
  if (first === undefined) return ExitCode.done;
  if (first.cause === 'settings-invalid' || first.cause === 'disk-full') return ExitCode.inputFile;
  return exits[first.id] ?? ExitCode.ownFault;
}

export async function runDoctor(words: readonly string[], options: CliOptions, out: Output): Promise<number> {
  refuseWords(words);
  if (options.explain !== undefined) return explain(options.explain, out);
  const only = options.fix === undefined ? idsOf(options.only) : idsOf(options.fix);
  let agent: AgentConnection | undefined;
  let report: DoctorReport;
  try {
    agent = await inTime(connectToAgent(options));
    report = await inTime(
      agent.client.request('doctor.run', {
        ...(only === undefined ? {} : { only }),
        ...(options.reader === undefined ? {} : { reader: options.reader }),
      }),
    );
  } catch (thrown) {
    const { code, entry } = asFailure(thrown);
    // What was typed is wrong, not the computer.
    if (entry.exit === ExitCode.usage) throw thrown;
    const { settings } = options;
    report = (await examineAlone({ code, settings, only })) ?? barely(code);
  }
  try {
    if (options.fix !== undefined) return await fix(report, agent, options, out);
    out.result(report, () => reportLines(report, out.text, checkTextOf(out.text.language)));
    return exitOf(report.findings);
  } finally {
    await agent?.close();
  }
}

function explain(code: string, out: Output): number {
  const reading = explainShortCode(code);
  const texts = checkTextOf(out.text.language);
  const told = reading.causes.map((cause) => ({
    check: causes[cause].check,
    cause,
    severity: causes[cause].severity,
    owner: causes[cause].owner,
    message: texts.cause(cause),
    fix: texts.fix(cause),
  }));
  out.result({ ...reading, causes: told }, () => explanationLines(reading, out.text, texts));
  return ExitCode.done;
}

/** Shows the exact change, asks, and has it made. */
async function fix(
  report: DoctorReport,
  agent: AgentConnection | undefined,
  { json, yes }: CliOptions,
  out: Output,
): Promise<number> {
  const finding = report.findings.find((one) => one.fix?.byApp);
  if (!finding?.fix || finding.cause === null || !agent) throw new Failure('doctor-fix-none');
  const texts = checkTextOf(out.text.language);
  if (!json) out.lines([texts.sentence(finding), ...fixLines(finding.fix)]);
  if (!yes && !(await agreed(out))) throw new Failure('cancelled');
  const { id, cause, fix: change } = finding;
  const result = await agent.client.request('doctor.fix', { id, cause, lines: change.lines });
  out.result(result, () => [out.text.t(result.solved ? 'doctor.solved' : 'doctor.not-solved')]);
  return exitOf(result.findings);
}

async function agreed(out: Output): Promise<boolean> {
  if (out.json || !process.stdin.isTTY) throw new Failure('usage', { parameters: { argument: '--yes' } });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${out.text.t('doctor.ask')} `);
    return /^(?:d|da|y|yes|д|да)$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** @throws Failure `usage` for what is no check */
function idsOf(list: string | undefined): CheckId[] | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',').map((name) => name.trim().toUpperCase());
  const ids = names.flatMap((name) => checkIds.find((id) => id === name) ?? []);
  if (ids.length === names.length) return [...new Set(ids)];
  throw new Failure('usage', { parameters: { argument: list } });
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Failure('agent-lost')), agentPatienceMs).unref();
  });
  return Promise.race([work, late]);
}

/** What can be said when nothing of the engine can be started. */
function barely(code: string): DoctorReport {
  const [major = 0, minor = 0] = versionLine().split('.').map(Number);
  const platform =
    (['linux', 'win32', 'darwin'] as const).find((name) => name === process.platform) ?? 'other';
  const cause = 'agent-not-starting';
  const { check: id, severity, owner } = causes[cause];
  return {
    version: 1,
    simulated: false,
    findings: [
      {
        id,
        state: 'problem',
        cause,
        severity,
        owner,
        parameters: { code },
        fix: null,
        rank: causeRank(cause),
        durationMs: 0,
      },
    ],
    code: makeShortCode({ platform, release: { major, minor }, causes: [cause] }),
    durationMs: 0,
  };
}
