import type { SupportBundle } from '../../electron/contract/diagnostics/bundle.ts';
import {
  type CauseCode,
  type CheckId,
  causeRank,
  causes,
  checkIds,
} from '../../electron/contract/diagnostics/causes.ts';
import type { DoctorReport } from '../../electron/contract/diagnostics/doctor.ts';
import type { Finding } from '../../electron/contract/diagnostics/finding.ts';
import { makeShortCode } from '../../electron/contract/diagnostics/short-code.ts';
import { fromNow } from './people.ts';

/** What an invented computer has. */
export interface Ailment {
  readonly cause: CauseCode;
  readonly parameters?: Finding['parameters'];
  readonly fix?: Finding['fix'];
}

const notHere: readonly CheckId[] = ['D16', 'D17', 'D18'];

/** A report with these ailments; checks behind the first of the card's are not reached. */
export function doctorReport(
  ailments: readonly Ailment[] = [],
  { unknown = [], away = [] }: { unknown?: readonly CheckId[]; away?: readonly CheckId[] } = {},
): DoctorReport {
  const found = [...ailments].sort((one, other) => causeRank(one.cause) - causeRank(other.cause));
  const findings: Finding[] = found.map(({ cause, parameters = {}, fix = null }, index) => ({
    id: causes[cause].check,
    state: causes[cause].severity === 'notice' ? 'notice' : 'problem',
    cause,
    severity: causes[cause].severity,
    owner: causes[cause].owner,
    parameters,
    fix,
    rank: index + 1,
    durationMs: 41,
  }));
  const nothing = { cause: null, severity: null, owner: null, parameters: {}, fix: null, rank: null };
  for (const id of checkIds) {
    if (findings.some((finding) => finding.id === id)) continue;
    if (unknown.includes(id))
      findings.push({ ...nothing, id, state: 'unknown', reason: 'timeout', durationMs: 2_000 });
    else if (away.includes(id) && found[0])
      findings.push({ ...nothing, id, state: 'not-applicable', because: found[0].cause, durationMs: 0 });
    else if (notHere.includes(id)) findings.push({ ...nothing, id, state: 'not-applicable', durationMs: 0 });
    else findings.push({ ...nothing, id, state: 'ok', durationMs: 3 + ((Number(id.slice(1)) * 37) % 400) });
  }
  return {
    version: 1,
    simulated: false,
    findings,
    code: makeShortCode({
      platform: 'linux',
      release: { major: 0, minor: 1 },
      causes: found.map(({ cause }) => cause),
    }),
    durationMs: 1_184,
  };
}

const cardChecks: readonly CheckId[] = ['D11', 'D12', 'D13', 'D19', 'D20'];

/** Another program holds the reader, the clock is wrong, two modules fight. */
export const severalProblems = (): DoctorReport =>
  doctorReport(
    [
      {
        cause: 'gnupg-holds-reader',
        parameters: { reader: 'ACS ACR39U ICC Reader 00 00' },
        fix: {
          kind: 'setting',
          file: '~/.gnupg/scdaemon.conf',
          lines: ['disable-ccid', 'pcsc-shared'],
          afterwards: ['gpgconf --kill scdaemon'],
          needsAdministrator: false,
          byApp: true,
        },
      },
      {
        cause: 'clock-wrong',
        parameters: { seconds: 674, host: 'servicii.exemplu.md' },
        fix: {
          kind: 'command',
          lines: ['timedatectl set-ntp true'],
          needsAdministrator: true,
          byApp: false,
        },
      },
      { cause: 'modules-compete', parameters: { files: 'opensc-pkcs11.so, libexemplu-pkcs11.so' } },
    ],
    { away: cardChecks, unknown: ['D28'] },
  );

export const offline = (): DoctorReport => doctorReport([{ cause: 'network-none' }]);

/** Names that try to be more than names. */
export const hostileReport = (): DoctorReport =>
  doctorReport(
    [
      {
        cause: 'reader-held',
        parameters: {
          program: `<img src=x onerror=alert(1)>\u202e${'W'.repeat(170)}`,
          reader: 'Ș'.repeat(200),
        },
        fix: {
          kind: 'command',
          lines: [`kill ${'9'.repeat(290)}`],
          needsAdministrator: true,
          byApp: false,
        },
      },
    ],
    { away: cardChecks },
  );

/** A bundle as the agent makes it. */
export const supportBundle = (report: DoctorReport, failures = 3): SupportBundle => ({
  format: 'buletin-support-bundle',
  version: 1,
  createdAt: fromNow(0),
  versions: {
    buletin: '0.1.0',
    node: '24.21.0',
    platform: 'linux',
    architecture: 'x64',
    system: '6.1.0',
    packages: { pcscd: '1.9.9-2', libccid: '1.5.2-1', opensc: '0.23.0-0.3+deb12u2' },
  },
  language: 'ro',
  simulated: false,
  service: { state: 'running', failure: null },
  readers: [
    {
      kind: 'usb',
      usb: '072f:b100',
      state: 'present',
      atr: '3B8F8001804F0CA000000306030001000000006A',
      pinPad: 'none',
    },
  ],
  card: {
    source: 'pkcs15',
    simulated: false,
    certificates: [
      { role: 'authentication', key: 'RSA', bits: 3072, status: 'valid', validUntil: '2028-03' },
      { role: 'signature', key: 'RSA', bits: 3072, status: 'valid', validUntil: '2028-03' },
    ],
    pins: [
      { name: 'PIN1', tries: 3, changeFirst: false },
      { name: 'PIN2', tries: 1, changeFirst: false },
      { name: 'PUK', tries: 10, changeFirst: false },
    ],
  },
  cardProblem: null,
  session: 'ready',
  checks: report.findings.map(({ id, state, cause, durationMs }) => ({
    check: id,
    state,
    cause,
    ms: Math.round(durationMs),
  })),
  shortCode: report.code,
  failures: Array.from({ length: failures }, (_, index) => ({
    at: fromNow(-index / 24),
    code: index % 2 === 0 ? ('card-removed' as const) : ('pin-wrong' as const),
    ...(index % 2 === 0 ? {} : { triesLeft: 2 }),
  })),
  traces: [],
});
