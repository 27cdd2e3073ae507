import { execFileSync } from 'node:child_process';
import os from 'node:os';
import type { Bench, Finding } from './bench.ts';

/** A bench and what it found. */
export interface Measured {
  readonly bench: Bench;
  readonly findings: readonly Finding[];
}

const number = (value: number): string =>
  value >= 100 || Number.isInteger(value)
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value.toFixed(2);

const difference = (finding: Finding): string =>
  finding.peers
    .map(({ value }) => {
      const more = finding.ours - value;
      const sign = more < 0 ? '−' : '+';
      return `× ${(finding.ours / value).toFixed(2)} (${sign}${number(Math.abs(more))})`;
    })
    .join('<br>');

/** One bench as a section: a table with a line for each finding. */
export function section({ bench, findings }: Measured): string {
  const rows = findings.map((finding) => {
    const { what, unit, ours, peers, goal } = finding;
    const others = peers.map(({ name, value }) => `${name}: ${number(value)} ${unit}`).join('<br>');
    const reached = goal.reached ? 'yes' : '**no**';
    const cells = [
      what,
      `${number(ours)} ${unit}`,
      others || '–',
      difference(finding) || '–',
      goal.text,
      reached,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `## ${bench.title}`,
    '',
    bench.method,
    '',
    '| | Buletin | beside it | Buletin to each | must reach | reached |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/** The machine in words that could be any machine's: system, cores, versions. */
export function surroundings(): string {
  const version = (command: string, args: readonly string[], pattern: RegExp): string => {
    try {
      const output = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      return pattern.exec(output)?.[1] ?? 'of unknown version';
    } catch {
      return 'absent';
    }
  };
  const system = `${os.type()} ${os.arch()}, ${os.availableParallelism()} cores`;
  const pcscd = version('/usr/sbin/pcscd', ['--version'], /version (\d+\.\d+\.\d+)/);
  const opensc = version('opensc-tool', ['--info'], /OpenSC (\d+\.\d+\.\d+)/i);
  return `${system}; Node ${process.versions.node}, pcscd ${pcscd}, OpenSC ${opensc}`;
}

/** The whole page. Sections of benches that did not run this time are kept as they were. */
export function page(measured: readonly Measured[], previous: string, date: string): string {
  const head = [
    '# What was measured',
    '',
    'Written by `npm run bench`: Buletin and others side by side in one run, medians, on a simulated card (no card',
    'hardware: the time that a real card needs comes on top, and is the same for all). Differences and ratios carry',
    'over to other machines; absolute figures do not.',
    '',
  ].join('\n');
  const kept = new Map(
    previous
      .split(/^(?=## )/m)
      .filter((part) => part.startsWith('## '))
      .map((part) => [part.slice(3, part.indexOf('\n')), `${part.trimEnd()}\n`]),
  );
  for (const one of measured) {
    const stamp = `${date}; ${surroundings()}.\n`;
    kept.set(one.bench.title, `${section(one)}\n${stamp}`);
  }
  return `${[head, ...kept.values()].join('\n').trimEnd()}\n`;
}
