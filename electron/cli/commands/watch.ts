import { failureFromWire } from '../../contract/model/failure.ts';
import type { AgentEvent } from '../../contract/protocol/messages.ts';
import { type Command, type CommandContext, refuseWords } from '../command.ts';
import { readerLines, sessionLines } from '../print/status.ts';

/** Prints what is there and then every change, until Ctrl-C or until the agent is gone. */
export const watchCommand: Command = (words) => {
  refuseWords(words);
  return watch;
};

async function watch({ client, snapshot, out, signal }: CommandContext): Promise<number> {
  const print = (event: AgentEvent) => {
    out.record({ at: new Date().toISOString(), ...event }, () => eventLines(event));
  };
  const eventLines = (event: AgentEvent): string[] => {
    const { text } = out;
    const now = new Date().toISOString();
    const stamp = (line: string) => `${text.dateTime(now)}  ${line}`;
    switch (event.kind) {
      case 'readers':
        return [text.t(`service.${event.service.state}`), ...readerLines(event.readers, text)].map(stamp);
      case 'token':
        if (event.token) return [stamp(text.t('watch.token', { label: event.token.label }))];
        return [
          stamp(
            event.problem ? text.failure(failureFromWire(event.problem)).message : text.t('watch.no-token'),
          ),
        ];
      case 'session':
        return sessionLines(event.session, text).map(stamp);
      default:
        return [];
    }
  };
  print({ kind: 'readers', service: snapshot.service, readers: snapshot.readers });
  print({ kind: 'session', session: snapshot.session });
  if (snapshot.token) print({ kind: 'token', reader: snapshot.reader, token: snapshot.token });
  client.on('event', print);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    client.once('lost', resolve);
  });
  return 0;
}
