/**
 * `npm run demo`: the demo of the command line, and then the window with the same card: open for the person where there
 * is a display, otherwise as pictures of every page in `out/demo/`, where Chromium can make them. `--text` and `--json`
 * leave it at the words.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { useCompileCache } from '../client/compile-cache.ts';

const given = process.argv.slice(2);
const wordsOnly = given.some((argument) => ['--text', '--json', '--help', '-h'].includes(argument));
const args = given.filter((argument) => argument !== '--text');
const cli = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const child = spawn(process.execPath, [...process.execArgv, cli, 'demo', ...args], { stdio: 'inherit' });
const ignore = () => undefined;
// Ctrl-C reaches the child as well, which ends in its own way.
process.on('SIGINT', ignore);
const code = await new Promise<number>((resolve) => {
  child.once('error', () => resolve(70));
  child.once('exit', (exitCode) => resolve(exitCode ?? 9));
});
process.off('SIGINT', ignore);
process.exitCode = code;
if (code === 0 && !wordsOnly) {
  useCompileCache();
  const { showDemo } = await import('./demo-window.ts');
  await showDemo(args);
}
