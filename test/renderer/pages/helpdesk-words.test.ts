import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../electron/contract/text/languages.ts';
import { chainStates, sortedFindings } from '../../../renderer/pages/diagnostics/chain-links.ts';
import { doctorReport, offline, severalProblems } from '../../../renderer/test-support/doctor.ts';

const file = (language: string, name: string): string =>
  readFileSync(new URL(`../../../renderer/locales/${language}/${name}.json`, import.meta.url), 'utf8');
const json = (language: string, name: string) => JSON.parse(file(language, name)) as Record<string, string>;

describe.each(['helpdesk', 'ask'])("the helpdesk's sentences in %s.json", (name) => {
  it.each(languages)('are there in %s, with the same keys and the same values to fill in', (language) => {
    const romanian = json('ro', name);
    const own = json(language, name);
    expect(Object.keys(own)).toEqual(Object.keys(romanian));
    const names = (sentence: string) =>
      [...new Set([...sentence.matchAll(/\{([a-z]+)[,}]/g)].map(([, one]) => one))].sort();
    for (const [key, sentence] of Object.entries(romanian)) {
      expect([key, names(own[key] ?? '')]).toEqual([key, names(sentence)]);
      expect([key, own[key]?.trim()]).not.toEqual([key, '']);
    }
  });

  it('write Romanian with commas below, never cedillas', () => {
    expect(file('ro', name)).not.toMatch(/[şţŞŢ]/);
  });
});

describe('the chain from the computer to the portal', () => {
  const states = (report: ReturnType<typeof doctorReport>) =>
    Object.fromEntries(chainStates(report.findings));

  it('is whole when nothing is wrong', () => {
    expect(new Set(Object.values(states(doctorReport())))).toEqual(new Set(['ok']));
  });

  it('does not speak of what is not here, nor call it out of reach', () => {
    const simulated = doctorReport();
    const findings = simulated.findings.map((finding) =>
      /^D0[1-4]$/.test(finding.id) ? { ...finding, state: 'not-applicable' as const } : finding,
    );
    expect(states({ ...simulated, findings })).toMatchObject({ service: 'none', reader: 'ok' });
  });

  it('breaks where something is broken, and is not told further', () => {
    expect(states(severalProblems())).toEqual({
      computer: 'problem',
      service: 'ok',
      reader: 'problem',
      card: 'away',
      certificates: 'away',
      network: 'ok',
      portal: 'ok',
    });
  });

  it('tells a network that leads nowhere from a portal that is down', () => {
    expect(states(offline())).toMatchObject({ network: 'problem', portal: 'away' });
    const down = doctorReport([{ cause: 'portal-fault', parameters: { host: 'h', status: 503 } }]);
    expect(states(down)).toMatchObject({ network: 'ok', portal: 'problem' });
    const slow = doctorReport([{ cause: 'portal-slow', parameters: { host: 'h', seconds: 9 } }]);
    expect(states(slow)).toMatchObject({ network: 'ok', portal: 'notice' });
  });
});

it('shows what is to be fixed in the order of fixing, what is worth knowing after it', () => {
  const { problems, notices, unknown, away, ok } = sortedFindings(severalProblems().findings);
  expect(problems.map(({ cause }) => cause)).toEqual(['gnupg-holds-reader', 'clock-wrong']);
  expect(notices.map(({ cause }) => cause)).toEqual(['modules-compete']);
  expect(unknown.map(({ id }) => id)).toEqual(['D28']);
  expect(away.map(({ id }) => id)).toEqual(['D11', 'D12', 'D13', 'D19', 'D20']);
  expect(ok.map(({ id }) => id)).not.toContain('D24');
});
