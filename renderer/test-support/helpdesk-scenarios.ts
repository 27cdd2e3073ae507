import type { LogLevel } from '../../electron/contract/diagnostics/log.ts';
import type { AgentSnapshot } from '../../electron/contract/protocol/messages.ts';
import type { Answers } from './answer.ts';
import { doctorReport, hostileReport, offline, severalProblems, supportBundle } from './doctor.ts';
import { reader, twoCertificateCard } from './people.ts';

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

/** The states of the helpdesk's pages. */
export function helpdeskScenarios({ empty, withCard, ready }: Parts) {
  const card = () => withCard(twoCertificateCard(), ready);
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
  };
}
