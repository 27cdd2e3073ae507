import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { askPythonScript } from './python.ts';

const script = join(dirname(fileURLToPath(import.meta.url)), 'pyhanko_judge.py');

/** What pyHanko says of one signature of a PDF. */
export interface PyhankoSignature {
  readonly field: string;
  readonly intact: boolean;
  readonly valid: boolean;
  readonly trusted: boolean;
  /** Its verdict on all that together, and on what was changed afterwards. */
  readonly bottomLine: boolean;
  readonly coverage: string;
  readonly modification: string | null;
  readonly signingTimeAttribute: boolean;
}

export interface PyhankoVerdict {
  readonly signatures: readonly PyhankoSignature[];
  /** Why there is no verdict. */
  readonly error?: string;
}

/** Asks pyHanko about PDF files, all in one run. Certificates are PEM; the verdicts come by the caller's names. */
export async function askPyhanko(
  trust: { readonly root: string; readonly issuing: string },
  files: Readonly<Record<string, Uint8Array>>,
): Promise<ReadonlyMap<string, PyhankoVerdict>> {
  const names = Object.keys(files);
  const numbered = Object.fromEntries(
    names.map((name, index) => [`${index}.pdf`, files[name] as Uint8Array]),
  );
  const verdict = await askPythonScript(script, ['root.pem', 'issuing.pem', ...Object.keys(numbered)], {
    files: { 'root.pem': trust.root, 'issuing.pem': trust.issuing, ...numbered },
    timeoutMs: 300_000,
  });
  if (verdict.exitCode !== 0) throw new Error(verdict.errorText);
  const lines = verdict.text.trim().split('\n');
  return new Map(names.map((name, index) => [name, JSON.parse(lines[index] ?? '{}') as PyhankoVerdict]));
}
