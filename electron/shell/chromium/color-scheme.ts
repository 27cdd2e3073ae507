/**
 * Whether the desktop wishes for light or dark. The browser gets no session bus and cannot ask; we ask the desktop's
 * settings portal (org.freedesktop.portal.Settings, key `color-scheme`) through `gdbus`, which every desktop with a
 * portal has, and hear of changes.
 */
import { spawn } from 'node:child_process';

export type ColorScheme = 'light' | 'dark';

const portal = ['--session', '--dest', 'org.freedesktop.portal.Desktop'];
const object = ['--object-path', '/org/freedesktop/portal/desktop'];
const key = ['org.freedesktop.appearance', 'color-scheme'] as const;

/** Longest line that is looked at, in characters; the portal's are short. */
const maxLine = 4096;

/** What a line of `gdbus` says about the scheme: `uint32 1` is dark, all others are light; undefined for other lines. */
export function schemeOf(line: string): ColorScheme | undefined {
  const answer = /^\(<<?uint32 (\d)>?>,\)$/.exec(line);
  const change = /SettingChanged \('org\.freedesktop\.appearance', 'color-scheme', <uint32 (\d)>\)$/.exec(
    line,
  );
  const value = (answer ?? change)?.[1];
  return value === undefined ? undefined : value === '1' ? 'dark' : 'light';
}

/**
 * Tells the scheme now and whenever it changes; says nothing where there is no bus, no portal or no `gdbus`.
 * @returns ends it
 */
export function watchColorScheme(
  tell: (scheme: ColorScheme) => void,
  environment: NodeJS.ProcessEnv = process.env,
): () => void {
  if (environment.DBUS_SESSION_BUS_ADDRESS === undefined) return () => undefined;
  let last: ColorScheme | undefined;
  const listen = (args: readonly string[]) => {
    const child = spawn('gdbus', args, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
    let rest = '';
    child.once('error', () => undefined);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = (lines.pop() ?? '').slice(0, maxLine);
      for (const line of lines) {
        const scheme = schemeOf(line.trim());
        if (scheme === undefined || scheme === last) continue;
        last = scheme;
        tell(scheme);
      }
    });
    return child;
  };
  // Listening first: a change between the two is not lost.
  const children = [
    listen(['monitor', ...portal, ...object]),
    listen(['call', ...portal, ...object, '--method', 'org.freedesktop.portal.Settings.Read', ...key]),
  ];
  return () => {
    for (const child of children) child.kill();
  };
}
