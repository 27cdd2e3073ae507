import type { Failure } from '../../contract/failures/failure.ts';
import type { ReaderJson } from '../../contract/model/card.ts';
import type { SessionJson, StatusJson } from '../../contract/model/status.ts';
import type { Text } from '../../contract/text/text.ts';
import { certificateLines } from './certificates.ts';
import { pinLines } from './pins.ts';

export function readerLines(readers: readonly ReaderJson[], text: Text): string[] {
  if (readers.length === 0) return [text.t('readers.none')];
  return readers.map((reader) => {
    const simulated = reader.simulated ? ` [${text.t('simulated')}]` : '';
    const atr = reader.atr ? `  ATR ${reader.atr}` : '';
    return `${reader.name}${simulated}: ${text.t(`reader.${reader.state}`)}${atr}`;
  });
}

export function sessionLines(session: SessionJson, text: Text): string[] {
  if (session.state === 'signed-in' && session.portal) {
    const until = session.expiresAt ? text.dateTime(session.expiresAt) : '';
    const simulated = session.portal.simulated ? ` [${text.t('simulated')}]` : '';
    return [
      text.t('session.signed-in', { label: session.portal.label, host: session.portal.host, until }) +
        simulated,
      ...(session.registered === false ? [text.t('session.not-registered')] : []),
    ];
  }
  if (session.state === 'wiped' && session.wipedBecause) {
    return [text.t('session.wiped', { because: session.wipedBecause })];
  }
  return [text.t(`session.${session.state === 'signed-in' ? 'ready' : session.state}`)];
}

export function statusLines(status: StatusJson, problem: Failure | undefined, text: Text): string[] {
  const running = status.service.state === 'running';
  // Without a service the failure knows the cause better than the state: not installed, refused, our own part missing.
  if (!running && problem) {
    const { message, fix } = text.failure(problem);
    return [message, ...fix.map((step) => `  • ${step}`)];
  }
  const lines = [text.t(`service.${status.service.state}`)];
  if (running) lines.push(...readerLines(status.readers, text));
  const { token } = status;
  if (!token) return problem ? [...lines, text.failure(problem).message] : lines;
  lines.push('', `${token.label}${token.simulated ? ` [${text.t('simulated')}]` : ''}`);
  lines.push(text.t('status.source', { source: token.source, serial: token.serial }));
  lines.push(
    '',
    ...certificateLines(token, text),
    ...pinLines(token.pins, text),
    '',
    ...sessionLines(status.session, text),
  );
  return lines;
}
