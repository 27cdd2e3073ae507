import { askJudge } from './judge.ts';

/** What `qpdf --check` finds wrong with a PDF's structure, warnings included; undefined when nothing. */
export async function structureFault(pdf: Uint8Array): Promise<string | undefined> {
  const { exitCode, text, errorText } = await askJudge('qpdf', ['--check', 'a.pdf'], {
    files: { 'a.pdf': pdf },
  });
  return exitCode === 0 ? undefined : `${errorText}${text}`.trim();
}
