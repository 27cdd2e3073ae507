/** `npm run package:deb`: builds the pages if need be and makes `out/packages/buletin_VERSION_ARCH.deb`. */
import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildWindow } from '../window.ts';
import { buildDeb, type DebArchitecture, debianArchitectures } from './deb.ts';
import { projectRoot } from './program.ts';

const out = path.join(projectRoot, 'out');
if (process.platform !== 'linux' || !(process.arch in debianArchitectures))
  throw new Error('a Debian package is made on Linux for x64 or arm64');

await buildWindow();
const folder = path.join(out, 'packaging', 'deb');
const { file, program } = buildDeb({
  arch: process.arch as DebArchitecture,
  folder,
  outDir: path.join(out, 'packages'),
  ...commitTime(),
});
rmSync(folder, { recursive: true, force: true });
const mebibytes = (statSync(file).size / 1024 / 1024).toFixed(1);
console.log(
  `${path.relative(projectRoot, file)}: ${mebibytes} MiB, ${program.packages.length} packages, Node ${program.nodeVersion}`,
);
for (const part of program.lacking) console.log(`without ${part}: npm run build:native`);

/** The last change's moment; nothing where there is no history. */
function commitTime(): { epoch?: number } {
  try {
    const printed = execFileSync('git', ['log', '-1', '--format=%ct'], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { epoch: Number(printed.trim()) };
  } catch {
    return {};
  }
}
