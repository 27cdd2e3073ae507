import type { ConnectionTarget } from '../../electron/contract/diagnostics/connection.ts';
import type { LogLevel } from '../../electron/contract/diagnostics/log.ts';
import { type MonitorLine, maxMonitorLines } from '../../electron/contract/diagnostics/monitor.ts';
import type { AgentEvent, AgentSnapshot } from '../../electron/contract/protocol/messages.ts';
import type { Answers } from './answer.ts';
import { doctorReport, hostileReport, offline, severalProblems, supportBundle } from './doctor.ts';
import { connection, inspection, modules, monitorLines, trace } from './helpdesk.ts';
import { hostileCard, reader, twoCertificateCard } from './people.ts';

import { trainer, trainingState } from './training.ts';

interface Parts {
  readonly empty: AgentSnapshot;
  readonly withCard: (token: AgentSnapshot['token'], session: AgentSnapshot['session']) => AgentSnapshot;
  readonly ready: AgentSnapshot['session'];
}

/** The log's level as it was last set. */
const log = (): Answers => {
  let level: LogLevel = 'acts';
  return {
    'log.level': (params) => {
      level = (params.level as LogLevel | undefined) ?? level;
      return { result: { level, writing: true } };
    },
    'host.log.show': () => ({ result: {} }),
  };
};

const reports = (report: ReturnType<typeof doctorReport>, failures?: number): Answers => ({
  ...log(),
  'doctor.run': () => ({ result: report }),
  'report.make': () => ({ result: supportBundle(report, failures) }),
  'host.report.save': () => ({ result: { saved: true, name: 'Buletin report 2026-11-22.json' } }),
});

const desk = (lines: readonly MonitorLine[], more: Answers = {}): Answers => ({
  'monitor.start': () => ({ result: {}, events: eventsOf(lines) }),
  'monitor.stop': () => ({ result: {} }),
  'trace.start': () => ({ result: {} }),
  'trace.stop': () => ({ result: { trace: trace() } }),
  'host.save': () => ({ result: { saved: true, name: 'Buletin trace.json' } }),
  'inspect.certificate': ({ online }) => ({ result: inspection(online === true) }),
  'inspect.modules': () => ({ result: { modules: modules() } }),
  'inspect.connection': ({ which }) => ({ result: connection(which as ConnectionTarget) }),
  'pin.status': () => ({ result: { pins: twoCertificateCard().pins } }),
  ...more,
});

/** Lines as the agent sends them. */
function eventsOf(lines: readonly MonitorLine[]): AgentEvent[] {
  const events: AgentEvent[] = [];
  for (let from = 0; from < lines.length; from += maxMonitorLines)
    events.push({ kind: 'monitor', lines: lines.slice(from, from + maxMonitorLines) });
  return events;
}

/** The states of the helpdesk's pages. */
export function helpdeskScenarios({ empty, withCard, ready }: Parts) {
  const card = () => withCard(twoCertificateCard(), ready);
  /** Training mode with an invented card. */
  const practice = (): AgentSnapshot => ({
    ...withCard(twoCertificateCard({ simulated: true, label: 'Buletin electronic SIMULAT' }), ready),
    readers: [{ ...reader('present'), simulated: true }],
    sandbox: true,
  });
  const busy = () => ({ ...empty, readers: [reader('busy')] });
  return {
    'doctor-running': () => ({ snapshot: card(), answers: log() }),
    'doctor-healthy': () => ({ snapshot: card(), answers: reports(doctorReport()) }),
    'doctor-problems': () => ({
      snapshot: busy(),
      answers: {
        ...reports(severalProblems(), 200),
        'host.doctor.fix': () => ({ result: { solved: true, findings: [] } }),
      },
    }),
    'doctor-fix-declined': () => ({
      snapshot: busy(),
      answers: { ...reports(severalProblems()), 'host.doctor.fix': () => ({ failure: 'cancelled' }) },
    }),
    'doctor-offline': () => ({ snapshot: card(), answers: reports(offline()) }),
    'doctor-hostile': () => ({ snapshot: busy(), answers: reports(hostileReport()) }),
    'doctor-fails': () => ({
      snapshot: card(),
      answers: {
        'doctor.run': () => ({ failure: 'internal' }),
        'report.make': () => ({ failure: 'agent-lost' }),
        'log.level': () => ({ result: { level: 'details', writing: false } }),
      },
    }),
    desk: () => ({ snapshot: card(), answers: desk(monitorLines()) }),
    'desk-many': () => ({
      snapshot: card(),
      answers: desk([...monitorLines(3_000), ...monitorLines(1_000, 3_011)]),
    }),
    'desk-revoked': () => ({
      snapshot: withCard(hostileCard(), ready),
      answers: desk(monitorLines(), {
        'inspect.certificate': () => ({
          result: inspection(true, 'revoked', `<img src=x onerror=alert(1)>${'W'.repeat(900)}`),
        }),
        'inspect.connection': ({ which }) => ({ result: connection(which as ConnectionTarget, false) }),
        'inspect.modules': () => ({ result: { modules: [] } }),
      }),
    }),
    'desk-fails': () => ({
      snapshot: card(),
      answers: desk([], {
        'monitor.start': () => ({ failure: 'agent-lost' }),
        'inspect.certificate': () => ({ failure: 'internal' }),
        'inspect.modules': () => ({ failure: 'internal' }),
        'inspect.connection': () => ({ failure: 'agent-lost' }),
      }),
    }),
    'training-exercises': () => ({ snapshot: practice(), answers: trainer() }),
    'training-first-use': () => {
      const training = trainingState('first-use', 2);
      return { snapshot: { ...practice(), training }, answers: trainer(training) };
    },
    'training-done': () => {
      const training = trainingState('signing', 3);
      return { snapshot: { ...practice(), training }, answers: trainer(training) };
    },
    'training-case': () => {
      const training = trainingState('case-06', 1);
      return { snapshot: { ...practice(), training }, answers: trainer(training) };
    },
    'training-fails': () => ({
      snapshot: practice(),
      answers: { 'training.exercises': () => ({ failure: 'internal' }) },
    }),
  };
}
