/** File names for what the person saves. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Control characters, what file systems refuse, and what turns the direction of a text around. */
const unfit = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}<>:"/\\|?*]/gu;
/** Names that Windows keeps for devices, with any extension. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A name that every file system takes, with this extension.
 * @param wished as a page proposes it; may be anything
 */
export function fileName(wished: string, extension: string): string {
  const stem = wished
    .replace(unfit, ' ')
    .replace(new RegExp(`\\.${extension}$`, 'i'), '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 80)
    .trim();
  const usable = stem === '' || device.test(stem) ? 'Buletin' : stem;
  return `${usable}.${extension}`;
}

/** A path in this folder that does not exist yet: `NAME.csv`, `NAME (2).csv`, … */
export async function freePath(folder: string, name: string): Promise<string> {
  const dot = name.lastIndexOf('.');
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? name : `${name.slice(0, dot)} (${number})${name.slice(dot)}`);
    const taken = await access(path).then(
      () => true,
      () => false,
    );
    if (!taken) return path;
  }
}
