/** Questions in the desktop's own dialog. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmWithDialog } from '../../../electron/shell/chromium/confirm.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';

const question = { title: 't', message: 'm', lines: ['<b>a</b>', '$(b)'], yes: 'Do it', no: 'Leave it' };
const { signal } = new AbortController();

let folder: string;
beforeEach(() => {
  folder = makeScratchFolder();
});
afterEach(() => removeScratchFolder(folder));

/** A desktop with one dialog program, which notes its arguments and ends with a code. */
function desktop(command: string, code: number): NodeJS.ProcessEnv {
  const file = join(folder, command);
  writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" >"${folder}/said"\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return { PATH: folder, DISPLAY: ':0' };
}

describe("a question in the desktop's dialog", () => {
  it.each(['zenity', 'kdialog'])('of %s: shows the lines as text, and hears the answer', async (command) => {
    expect(await confirmWithDialog(question, signal, desktop(command, 0))).toBe(true);
    expect(readFileSync(join(folder, 'said'), 'utf8')).toContain('m\n\n<b>a</b>\n$(b)\n');
    expect(await confirmWithDialog(question, signal, desktop(command, 1))).toBe(false);
  });

  it('is no answer where there is no dialog, or nothing to show one on', async () => {
    expect(await confirmWithDialog(question, signal, { PATH: folder, DISPLAY: ':0' })).toBeNull();
    const { DISPLAY: _, ...blind } = desktop('zenity', 0);
    expect(await confirmWithDialog(question, signal, blind)).toBeNull();
  });
});
