/** Debian's machine-readable copyright file: whose work lies in the package, under which licence. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences that are known here; another one stops the build, so that somebody looks at it. */
const known = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD']);

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/**
 * @param root the project
 * @param program the staged program
 * @throws Error for a package without a licence, or with one that nobody has looked at
 */
export function copyrightText(root: string, program: string): string {
  const own = readFileSync(path.join(root, 'LICENSE'), 'utf8');
  const stanzas = bundledPackages(program).map(({ name, version, license, folder }) =>
    [
      `Files: usr/lib/buletin/${folder}/*`,
      `Copyright: the authors of ${name} ${version}`,
      `License: ${license}`,
      ` The text lies in /usr/lib/buletin/${folder}, and for Apache-2.0 in /usr/share/common-licenses.`,
    ].join('\n'),
  );
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Buletin',
    `Files: *\nCopyright: the authors of Buletin\nLicense: MIT\n${indented(own)}`,
    'Files: usr/lib/buletin/runtime/*\nCopyright: Node.js contributors, and those whom its LICENSE names\nLicense: MIT-and-others\n The text lies in /usr/lib/buletin/runtime/LICENSE.',
    ...stanzas,
    '',
  ].join('\n\n');
}

function bundledPackages(program: string): Bundled[] {
  return manifestsUnder(path.join(program, 'node_modules'))
    .map((file) => {
      const { name, version, license } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Bundled>;
      const folder = path.relative(program, path.dirname(file)).split(path.sep).join('/');
      if (name === undefined || version === undefined || license === undefined || !known.has(license))
        throw new Error(`${folder}: licence ${license ?? 'not named'}`);
      return { name, version, license, folder };
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The packages' own manifests, not those of their inner folders. */
function manifestsUnder(modules: string): string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((name) => {
    const folder = path.join(modules, name);
    if (name.startsWith('@')) return manifestsUnder(folder);
    const file = path.join(folder, 'package.json');
    return [...(existsSync(file) ? [file] : []), ...manifestsUnder(path.join(folder, 'node_modules'))];
  });
}

/** As the format wants it: a space before each line, a dot on empty ones. */
function indented(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => ` ${line.trim() === '' ? '.' : line.trimEnd()}`)
    .join('\n');
}
