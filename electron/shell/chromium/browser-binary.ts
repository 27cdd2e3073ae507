/** Where distributions put Chromium. The binary itself, not the script before it, which adds flags and keys. */
import { accessSync, constants } from 'node:fs';

const places = [
  // Debian
  '/usr/lib/chromium/chromium',
  // Fedora, openSUSE
  '/usr/lib64/chromium-browser/chromium-browser',
  '/usr/lib64/chromium/chromium',
  // Arch
  '/usr/lib/chromium/chrome',
  // Google's and Microsoft's own packages
  '/opt/google/chrome/chrome',
  '/opt/microsoft/msedge/msedge',
];

/** The browser's binary, or undefined. `BULETIN_CHROMIUM` names another one. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const chosen = environment.BULETIN_CHROMIUM;
  if (process.platform !== 'linux') return undefined;
  return (chosen ? [chosen] : places).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
