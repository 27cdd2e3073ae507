import { readFileSync } from 'node:fs';
import type { Text } from '../../contract/text/text.ts';

/** Each command with the key of what it does. */
const commandHelp = [
  ['readers', 'help.readers'],
  ['status', 'help.status'],
  ['certificates', 'help.certificates'],
  ['pin status', 'help.pin-status'],
  ['pin verify 1|2', 'help.pin-verify'],
  ['pin change 1|2', 'help.pin-change'],
  ['pin unblock 1|2', 'help.pin-unblock'],
  ['doctor [--only D01,D02]', 'help.doctor'],
  ['doctor --explain CODE', 'help.doctor-explain'],
  ['doctor --fix D01', 'help.doctor-fix'],
  ['login', 'help.login'],
  ['register --email ADDRESS --phone NUMBER', 'help.register'],
  ['data SERVICE', 'help.data'],
  ['logout', 'help.logout'],
  ['sign FILE… [--out PATH]', 'help.sign'],
  ['report [--out FILE]', 'help.report'],
  ['training list', 'help.training-list'],
  ['training show CODE', 'help.training-show'],
  ['watch', 'help.watch'],
  ['agent', 'help.agent'],
  ['demo [--card CARD]', 'help.demo'],
  ['trace record FILE [--follow]', 'help.trace'],
  ['log [--level LEVEL] [--path]', 'help.log'],
  ['sign-digest 1|2 HEX', 'help.sign-digest'],
] as const;

const optionHelp = [
  ['--json', 'help.json'],
  ['--lang ro|ru|en', 'help.lang'],
  ['--sandbox[=CARD[:VARIANT]]', 'help.sandbox'],
  ['--reader NAME', 'help.reader'],
  ['--module FILE', 'help.module'],
  ['--replay FILE', 'help.replay'],
  ['--pin-stdin', 'help.pin-stdin'],
  ['--last-try', 'help.last-try'],
  ['--settings FILE', 'help.settings'],
  ['--portal URL', 'help.portal'],
  ['--all', 'help.all'],
  ['--own', 'help.own'],
] as const;

export function helpLines(text: Text): string[] {
  const width = Math.max(...[...commandHelp, ...optionHelp].map(([word]) => word.length)) + 2;
  const rows = (list: readonly (readonly [string, Parameters<Text['t']>[0]])[]) =>
    list.map(([word, key]) => `  ${word.padEnd(width)}${text.t(key)}`);
  return [
    text.t('help.title'),
    '',
    text.t('help.usage'),
    '',
    ...rows(commandHelp),
    '',
    text.t('help.options'),
    ...rows(optionHelp),
    '',
    text.t('help.sandbox-pins'),
  ];
}

/** The version in package.json. */
export function versionLine(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
  );
  return (manifest as { version: string }).version;
}
