/** `report [--out FILE]`: the support bundle, shown before it is saved. */
import path from 'node:path';
import { bundleText } from '../../contract/diagnostics/bundle.ts';
import { type Command, refuseWords } from '../command.ts';
import { writeResultFile } from '../result-file.ts';

/** Prints the bundle; with `--out` saves the very text that was printed. */
export const reportCommand: Command = (words) => {
  refuseWords(words);
  return async ({ client, out, options, signal }) => {
    const { language } = out.text;
    const bundle = await client.request('report.make', { language }, { signal });
    const text = bundleText(bundle);
    if (options.out === undefined) {
      out.result(bundle, () => text.trimEnd().split('\n'));
      out.note(out.text.t('report.preview'));
      return 0;
    }
    const file = path.resolve(options.out);
    // Shown before it is written: with --json the result carries both.
    out.lines(out.json ? [] : text.trimEnd().split('\n'));
    await writeResultFile(file, text, options.overwrite);
    out.result({ file, bundle }, () => [out.text.t('report.saved', { file })]);
    return 0;
  };
};
