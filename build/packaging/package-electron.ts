/**
 * `npm run package:electron [-- --installers]`: Electron's application for this system in `out/packaged`, and with
 * `--installers` what people install, in `out/packages`. Electron itself is fetched, or taken from the folder that
 * `BULETIN_ELECTRON_ZIPS` names.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { api } from '@electron-forge/core';
import { projectRoot } from './program.ts';

const out = path.join(projectRoot, 'out');
const installers = path.join(import.meta.dirname, 'installers');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const packaged = await api.package({
  dir: projectRoot,
  interactive: process.stdout.isTTY,
  outDir: path.join(out, 'packaged'),
});
for (const { packagedPath } of packaged) {
  console.log(path.relative(projectRoot, packagedPath));
  if (process.argv.includes('--installers')) makeInstallers(packagedPath);
}

/** electron-builder comes from a lock file of its own: nobody but who releases needs it. */
function makeInstallers(packagedPath: string): void {
  run(npm, ['ci', '--ignore-scripts', '--prefix', installers]);
  run(process.execPath, [
    path.join(installers, 'node_modules', 'electron-builder', 'cli.js'),
    ...['--prepackaged', packagedPath, '--projectDir', projectRoot, '--publish', 'never'],
    ...['--config', path.join(installers, 'electron-builder.json')],
  ]);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, {
    cwd: projectRoot,
    stdio: 'inherit',
    shell: command.endsWith('.cmd'),
  });
  if (status !== 0) throw new Error(`${path.basename(command)} failed: ${error?.message ?? status}`);
}
