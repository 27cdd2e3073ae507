import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { schemeOf, watchColorScheme } from '../../../electron/shell/chromium/color-scheme.ts';
import { makeScratchFolder, removeScratchFolder } from '../../rig/scratch-folder.ts';
import { eventually } from '../../rig/window/chromium-rig.ts';

describe('the desktop’s light or dark', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder) removeScratchFolder(folder);
    folder = undefined;
  });

  /** A `gdbus` of the test's own; there is no desktop here. Its lines are as GLib 2.74 prints them. */
  const fakeBus = (script: string): NodeJS.ProcessEnv => {
    folder = makeScratchFolder();
    const program = join(folder, 'gdbus');
    writeFileSync(program, `#!/bin/sh\n${script}\n`);
    chmodSync(program, 0o755);
    return { PATH: `${folder}:/usr/bin:/bin`, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
  };

  it.each([
    ['(<<uint32 1>>,)', 'dark'],
    ['(<<uint32 2>>,)', 'light'],
    ['(<<uint32 0>>,)', 'light'],
    ['(<uint32 1>,)', 'dark'],
    [
      "/org/freedesktop/portal/desktop: org.freedesktop.portal.Settings.SettingChanged ('org.freedesktop.appearance', 'color-scheme', <uint32 1>)",
      'dark',
    ],
    [
      "/org/freedesktop/portal/desktop: org.freedesktop.portal.Settings.SettingChanged ('org.freedesktop.appearance', 'accent-color', <uint32 1>)",
      undefined,
    ],
    ['The name org.freedesktop.portal.Desktop is owned by :1.12', undefined],
    ['', undefined],
  ])('reads %s', (line, scheme) => {
    expect(schemeOf(line)).toBe(scheme);
  });

  it('hears it at the start and when it changes, once each', async () => {
    const environment = fakeBus(`
      if [ "$1" = call ]; then echo '(<<uint32 1>>,)'; exit; fi
      sleep 0.3
      change="/org/freedesktop/portal/desktop: org.freedesktop.portal.Settings.SettingChanged"
      echo "$change ('org.freedesktop.appearance', 'color-scheme', <uint32 1>)"
      echo "$change ('org.freedesktop.appearance', 'color-scheme', <uint32 2>)"
      exec sleep 60`);
    const told: string[] = [];
    const end = watchColorScheme((scheme) => told.push(scheme), environment);
    await eventually(() => told.length === 2, 'two schemes');
    end();
    expect(told).toEqual(['dark', 'light']);
  });

  it.each([
    ['has no bus', {}],
    ['has no gdbus', { PATH: '/nowhere', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }],
  ])('says nothing where the desktop %s', async (_, environment) => {
    const told: string[] = [];
    const end = watchColorScheme((scheme) => told.push(scheme), environment);
    await new Promise((resolve) => setTimeout(resolve, 100));
    end();
    expect(told).toEqual([]);
  });

  it('says nothing where the bus refuses', async () => {
    const environment = fakeBus("echo 'Error: Could not connect' >&2; exit 1");
    const told: string[] = [];
    const end = watchColorScheme((scheme) => told.push(scheme), environment);
    await new Promise((resolve) => setTimeout(resolve, 300));
    end();
    expect(told).toEqual([]);
  });
});
