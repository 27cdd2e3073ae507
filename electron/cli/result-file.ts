/** Files that a command writes because it was told where to. */
import { writeFile } from 'node:fs/promises';
import { Failure } from '../contract/failures/failure.ts';

/**
 * Writes a file that only its owner may read.
 * @throws Failure `output-exists` when the name is taken and nothing was said about overwriting, `disk-full`,
 *   `output-not-writable`
 */
export async function writeResultFile(path: string, content: string, overwrite: boolean): Promise<void> {
  try {
    await writeFile(path, content, { mode: 0o600, flag: overwrite ? 'w' : 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const failure =
      code === 'EEXIST'
        ? 'output-exists'
        : code === 'ENOSPC' || code === 'EDQUOT'
          ? 'disk-full'
          : 'output-not-writable';
    throw new Failure(failure, { parameters: { path }, cause });
  }
}
