/** `log`: how much is logged and where; `--level` sets it, `--path` prints the folder alone. */
import { logLevelSchema, logLevels } from '../../contract/diagnostics/log.ts';
import { Failure } from '../../contract/failures/failure.ts';
import { type Command, refuseWords } from '../command.ts';

export const logCommand: Command = (words) => {
  refuseWords(words);
  return async ({ client, out, options, signal }) => {
    if (options.level !== undefined) {
      const level = logLevelSchema.safeParse(options.level);
      if (!level.success) {
        throw new Failure('usage', { parameters: { argument: `--level ${logLevels.join('|')}` } });
      }
      await client.request('log.level', { level: level.data }, { signal });
    }
    const place = await client.request('log.place', {}, { signal });
    out.result(place, () =>
      options.path
        ? [place.folder]
        : [
            out.text.t('log.level', { level: place.level }),
            out.text.t('log.file', { file: place.file }),
            ...(place.writing ? [] : [out.text.t('log.not-writing')]),
          ],
    );
    return 0;
  };
};
