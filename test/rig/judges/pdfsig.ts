import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeScratchFolder, removeScratchFolder } from '../scratch-folder.ts';
import { askJudge, askJudgeToAccept } from './judge.ts';

/** What pdfsig says of one signature. Its exit code says nothing: it is 0 also for a digest that does not match. */
export interface PdfsigSignature {
  readonly field: string;
  readonly subFilter: string;
  /** `Signature is Valid.` and so on. */
  readonly signature: string;
  readonly certificate: string;
  /** Nothing stands behind what it covers. */
  readonly total: boolean;
}

/** pdfsig (poppler) with a trust store (NSS) of its own. */
export interface Pdfsig {
  /** Its verdicts in the order of the file. Without a signature: none. */
  ask(pdf: Uint8Array): Promise<readonly PdfsigSignature[]>;
  close(): void;
}

/** Makes a trust store that holds one root. @param root PEM */
export async function pdfsigTrusting(root: string): Promise<Pdfsig> {
  const folder = makeScratchFolder();
  const store = `sql:${folder}`;
  const rootFile = join(folder, 'root.pem');
  writeFileSync(rootFile, root);
  await askJudgeToAccept('certutil', ['-N', '-d', store, '--empty-password']);
  await askJudgeToAccept('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'CT,C,C', '-i', rootFile]);
  return {
    ask: async (pdf) => {
      const { text } = await askJudge('pdfsig', ['-nssdir', store, 'a.pdf'], { files: { 'a.pdf': pdf } });
      return text
        .split(/^Signature #\d+:$/m)
        .slice(1)
        .map((part) => ({
          field: /^ {2}- Signature Field Name: (.*)$/m.exec(part)?.[1] ?? '',
          subFilter: /^ {2}- Signature Type: (.*)$/m.exec(part)?.[1] ?? '',
          signature: /^ {2}- Signature Validation: (.*)$/m.exec(part)?.[1] ?? 'none',
          certificate: /^ {2}- Certificate Validation: (.*)$/m.exec(part)?.[1] ?? 'none',
          total: /^ {2}- Total document signed$/m.test(part),
        }));
    },
    close: () => removeScratchFolder(folder),
  };
}
