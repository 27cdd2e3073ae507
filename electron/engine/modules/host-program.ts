import { fileURLToPath } from 'node:url';

/**
 * Where the program lies that a PKCS#11 module runs in, as `npm run build:native` leaves it.
 * @param arch The kind of processor that the module is made for, as Node names it.
 */
export function moduleHostProgram(arch: string, platform: NodeJS.Platform = process.platform): string {
  const suffix = platform === 'win32' ? '.exe' : '';
  const name = `buletin-module-host.${platform}-${arch}${suffix}`;
  return fileURLToPath(new URL(`../../../native/module-host/${name}`, import.meta.url));
}
