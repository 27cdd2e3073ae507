/** The program as `npm start` puts it together: the browser first, then the page, then the agent. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findBrowser } from '../../../electron/shell/chromium/browser-binary.ts';
import { findConfinement } from '../../../electron/shell/chromium/confinement.ts';
import { openFirstWindow } from '../../../electron/shell/chromium/first-window.ts';
import { openProgram, type Program, roomForBoth } from '../../../electron/shell/chromium/program.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { eventually } from '../../rig/window/chromium-rig.ts';
import { PageDriver } from '../../rig/window/page-driver.ts';
import { needs } from '../../run/needs.ts';

vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!needs('window'))('the program under the Chromium host', () => {
  let program: Program | undefined;
  let folder: string | undefined;
  afterEach(async () => {
    await program?.close();
    vi.unstubAllEnvs();
    if (folder) removeScratchFolder(folder);
  });

  it('takes over a browser that was started before, speaks the language asked for in the desktop’s colours, and reads the card', async () => {
    folder = makeScratchFolder();
    // The settings of whoever runs the tests are not ours to read.
    vi.stubEnv('XDG_CONFIG_HOME', folder);
    // A desktop that wishes for dark.
    const desktop = '#!/bin/sh\n[ "$1" = call ] && echo \'(<<uint32 1>>,)\'\n';
    writeFileSync(join(folder, 'gdbus'), desktop, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nowhere');
    const browser = { binary: findBrowser() ?? '', confinement: findConfinement(), headless: true };
    const first = openFirstWindow(browser);
    program = openProgram({ ...browser, first }, { agent: { sandbox: 'eid' }, language: 'ru' });
    const { host } = program;
    const main = await eventually(() => host.main?.connected && host.main, 'the main window');
    const page = new PageDriver(main);
    await page.shows('Ana-Măriuța');
    expect(host.browser?.pid).toBe(first.browser.pid);
    expect(await page.evaluate('document.documentElement.lang')).toBe('ru');
    expect(await page.evaluate('location.href')).toBe('https://buletin.invalid/?lang=ru');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await host.close();
    expect(await program.ended).toBe(0);
  });

  it('starts the agent beside the browser only where there is a processor for it', () => {
    expect([1, 2, 3, 4].map(roomForBoth)).toEqual([false, false, true, true]);
  });
});
