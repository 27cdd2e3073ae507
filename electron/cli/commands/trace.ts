/** `trace record FILE`: what passes between the program and a card, for a helpdesk to replay. */
import path from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';
import { type Command, readerParameter, refuseWords } from '../command.ts';
import { writeResultFile } from '../result-file.ts';

/** Records how the card is read, or with `--follow` everything until Ctrl-C. */
export const traceCommand: Command = ([what, file, ...more]) => {
  if (what !== 'record' || file === undefined) {
    throw new Failure('usage', {
      parameters: { argument: what === 'record' ? 'trace record' : (what ?? 'trace') },
    });
  }
  refuseWords(more);
  const target = path.resolve(file);
  return async (context) => {
    const { client, out, options, signal } = context;
    await client.request('trace.start', {}, { signal });
    if (options.follow) {
      out.note(out.text.t('trace.recording'));
      await interrupted(signal);
    } else await client.request('status', readerParameter(context), { signal });
    const { trace } = await client.request('trace.stop', {});
    await writeResultFile(target, `${JSON.stringify(trace, null, 1)}\n`, options.overwrite);
    const exchanges = trace.cards.flatMap(({ groups }) => groups).flatMap(({ steps }) => steps).length;
    const told = { file: target, cards: trace.cards.length, exchanges };
    out.result({ ...told, cut: trace.cut }, () => [out.text.t('trace.recorded', told)]);
    return 0;
  };
};

function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
