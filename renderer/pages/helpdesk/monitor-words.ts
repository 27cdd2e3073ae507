import type {
  CommandDetail,
  CommandLine,
  MonitorLine,
  StatusMeaning,
} from '../../../electron/contract/diagnostics/monitor.ts';
import { Failure } from '../../../electron/contract/failures/failure.ts';
import { clean } from '../../app/clean-text.ts';
import type { WindowText } from '../../app/text.tsx';

export type LineTone = 'good' | 'care' | 'bad';

const good: readonly StatusMeaning[] = ['success', 'bytes-available', 'exact-length', 'end-of-file'];
const care: readonly StatusMeaning[] = [
  'tries-left',
  'wrong',
  'warning-unchanged',
  'warning-changed',
  'file-not-found',
  'reference-not-found',
];

/** How a line ended. */
export function lineTone(line: MonitorLine): LineTone {
  if (line.failure !== undefined) return 'bad';
  if (line.kind === 'module') return line.result === undefined || line.result === 'CKR_OK' ? 'good' : 'bad';
  if (line.kind === 'channel') return line.act === 'gone' ? 'care' : 'good';
  const meaning = line.answer?.meaning;
  if (meaning === undefined || good.includes(meaning)) return 'good';
  return care.includes(meaning) ? 'care' : 'bad';
}

/** Applications by their identifiers (ISO 7816-15; ICAO Doc 9303-10). */
const applications = {
  A000000063504B43532D3135: 'desk.aid.pkcs15',
  A0000002471001: 'desk.aid.emrtd',
} as const;

/** Bytes as people read them. */
export const spaced = (hex: string): string => hex.replace(/(..)(?=.)/g, '$1 ');

function detailWords(detail: CommandDetail, { t }: WindowText): string {
  switch (detail.kind) {
    case 'select-name': {
      const known = Object.entries(applications).find(([aid]) => aid === detail.aid)?.[1];
      return t('desk.do.select-name', { what: known === undefined ? spaced(detail.aid) : t(known) });
    }
    case 'select-path': {
      const path = detail.path === undefined ? '' : spaced(detail.path);
      return detail.from === 'file-identifier'
        ? t('desk.do.select-path', { path })
        : t(`desk.do.select-path.${detail.from}`, { path });
    }
    case 'read-binary':
      return detail.file === undefined
        ? t('desk.do.read-binary', { offset: detail.offset })
        : t('desk.do.read-binary.file', { offset: detail.offset, file: detail.file });
    case 'read-record':
      return t('desk.do.read-record', { record: detail.record });
    case 'get-data':
      return t('desk.do.get-data', { object: spaced(detail.object) });
    case 'pin':
      return t(`desk.do.pin.${detail.act}`, { reference: detail.reference });
    case 'security-environment':
      return detail.act === 'set' ? t(`desk.do.se.${detail.template}`) : t('desk.do.se.other');
    case 'security-operation':
      return t(`desk.do.pso.${detail.act}`);
  }
}

/** What was asked for, in a sentence. */
export function lineMeaning(line: MonitorLine, text: WindowText): string {
  switch (line.kind) {
    case 'channel':
      return text.t(`desk.channel.${line.act}`);
    case 'module':
      return text.t('desk.module.call', { module: clean(line.module, 80), function: line.function });
    case 'command':
      return line.detail === undefined ? text.t(`desk.do.${line.name}`) : detailWords(line.detail, text);
  }
}

/** The bytes that may be seen of a command. */
export function lineBytes(line: MonitorLine, { t }: WindowText): string {
  if (line.kind !== 'command') return '';
  const header = `${line.cla} ${line.ins} ${line.p1} ${line.p2}`;
  if (line.sent === null) return `${header} · ${t('desk.monitor.secret')}`;
  return line.sent === 0 ? header : `${header} · ${t('desk.monitor.sent', { count: line.sent })}`;
}

/** A status word in words. */
export function statusWords(answer: NonNullable<CommandLine['answer']>, { t }: WindowText): string {
  return t(`desk.status.${answer.meaning}`, { count: answer.count ?? 0 });
}

/** What came of it, in words. */
export function lineAnswer(line: MonitorLine, text: WindowText): string {
  if (line.failure !== undefined) return text.failure(new Failure(line.failure)).message;
  if (line.kind === 'channel') return '';
  if (line.kind === 'module')
    return line.result === 'CKR_OK' ? text.t('desk.status.success') : (line.result ?? '');
  if (line.answer === undefined) return '';
  const { received } = line.answer;
  const said = statusWords(line.answer, text);
  return received === 0 ? said : `${said}, ${text.t('desk.monitor.received', { count: received })}`;
}

/** A line as text, for a ticket. */
export function lineText(line: MonitorLine, text: WindowText): string {
  const name = line.kind === 'command' ? line.name : line.kind === 'module' ? line.function : line.act;
  const status = line.kind === 'command' ? (line.answer?.status ?? '') : '';
  return [line.at, name, lineMeaning(line, text), lineBytes(line, text), status, lineAnswer(line, text)]
    .filter((part) => part !== '')
    .join(' | ');
}

export type LineFilter = 'all' | 'commands' | 'problems' | 'modules';

/** The lines that are shown. */
export function filtered(
  lines: readonly MonitorLine[],
  filter: LineFilter,
  search: string,
  text: WindowText,
): readonly MonitorLine[] {
  const wanted = search.trim().toLocaleLowerCase(text.locale);
  return lines.filter((line) => {
    if (filter === 'commands' && line.kind !== 'command') return false;
    if (filter === 'modules' && line.kind !== 'module') return false;
    if (filter === 'problems' && lineTone(line) === 'good') return false;
    return wanted === '' || lineText(line, text).toLocaleLowerCase(text.locale).includes(wanted);
  });
}
