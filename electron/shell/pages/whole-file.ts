/** Writes a file as a whole or not at all: beside its place, then renamed. */

import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../contract/failures/failure.ts';

/**
 * Writes `content` to `path`, in the place of what was there.
 * @param mode permissions of a new file
 * @throws Failure `save-failed` with `{name}`: the file's name without folders
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array,
  mode = 0o600,
): Promise<void> {
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(beside, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined);
    throw new Failure('save-failed', { parameters: { name: basename(path) }, cause });
  }
}
