/**
 * `npm run demo`: the demo of the command line; with `--pictures`, then pictures of every page where Chromium can show
 * them. Building and showing the window takes longer than the whole demo may.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { useCompileCache } from '../client/compile-cache.ts';

const pictures = process.argv.includes('--pictures');
const args = process.argv.slice(2).filter((argument) => argument !== '--pictures');
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
if (code === 0 && pictures) {
  useCompileCache();
  const { demoPictures } = await import('./demo-pictures.ts');
  await demoPictures(args);
}
