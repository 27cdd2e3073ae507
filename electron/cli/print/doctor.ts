/** The doctor's report for a terminal. */
import { causes } from '../../contract/diagnostics/causes.ts';
import type { DoctorReport } from '../../contract/diagnostics/doctor.ts';
import type { Finding, FindingFix } from '../../contract/diagnostics/finding.ts';
import { groupedShortCode, type ShortCodeReading } from '../../contract/diagnostics/short-code.ts';
import type { CheckText } from '../../contract/text/check-text.ts';
import type { Text } from '../../contract/text/text.ts';
import { hanging } from './columns.ts';

/** The exact change: commands, or lines for a file. Never wrapped: they are copied. */
export function fixLines({ file, lines, afterwards = [] }: FindingFix): string[] {
  const change = file === undefined ? lines : [`${file}:`, ...lines.map((line) => `    ${line}`)];
  return [...change, ...afterwards].map((line) => `     ${line}`);
}

export function reportLines(report: DoctorReport, text: Text, texts: CheckText): string[] {
  const { findings, code, simulated } = report;
  const told = findings.filter(({ state }) => state === 'problem' || state === 'notice');
  const unknown = findings.filter(({ state }) => state === 'unknown');
  const ok = findings.filter(({ state }) => state === 'ok').length;
  return [
    ...(simulated ? [`[${text.t('simulated')}]`] : []),
    ...(told.length === 0
      ? [text.t('doctor.nothing', { count: ok })]
      : told.flatMap(findingLines(text, texts))),
    ...(unknown.length === 0 ? [] : ['', text.t('doctor.unknown')]),
    ...unknown.flatMap((finding) =>
      hanging(`  ${finding.id}  `, `${texts.check(finding.id)}: ${texts.sentence(finding)}`),
    ),
    '',
    ...(told.length === 0 ? [] : [text.t('doctor.in-order', { count: ok })]),
    text.t('doctor.code', { code: groupedShortCode(code) }),
  ];
}

const findingLines =
  (text: Text, texts: CheckText) =>
  (finding: Finding, index: number): string[] => {
    const { cause, parameters, fix, id, owner } = finding;
    if (cause === null) return [];
    const mark = finding.state === 'notice' ? ` [${text.t('doctor.notice')}]` : '';
    return [
      ...(index === 0 ? [] : ['']),
      ...hanging(`${index + 1}. `, `${texts.cause(cause, parameters)}${mark}`),
      ...texts.fix(cause, parameters).flatMap((step) => hanging('   • ', step)),
      ...(fix ? fixLines(fix) : []),
      ...(fix?.byApp ? hanging('   ', text.t('doctor.by-app', { id })) : []),
      ...hanging('   ', text.t('doctor.owner', { id, owner: text.t(`owner.${owner ?? 'citizen'}`) })),
    ];
  };

/** What a short code says, as a helpdesk reads it. */
export function explanationLines(reading: ShortCodeReading, text: Text, texts: CheckText): string[] {
  const { platform, release, causes: found, unknownCauses, more } = reading;
  const system = { linux: 'Linux', win32: 'Windows', darwin: 'macOS', other: '?' }[platform];
  return [
    text.t('doctor.made-by', { version: `${release.major}.${release.minor}`, system }),
    ...(found.length === 0 && unknownCauses === 0 ? [text.t('doctor.code-nothing')] : []),
    ...found.flatMap((cause, index) => [
      ...hanging(`${index + 1}. `, texts.cause(cause)),
      ...texts.fix(cause).flatMap((step) => hanging('   • ', step)),
      ...hanging(
        '   ',
        text.t('doctor.owner', { id: causes[cause].check, owner: text.t(`owner.${causes[cause].owner}`) }),
      ),
    ]),
    ...(unknownCauses === 0 ? [] : [text.t('doctor.code-unknown', { count: unknownCauses })]),
    ...(more ? [text.t('doctor.code-more')] : []),
  ];
}
