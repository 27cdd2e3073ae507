/** `npm start` and the installed program's command: opens the window. */
import { useCompileCache } from '../client/compile-cache.ts';

// Before anything else is loaded: this is why the rest stands in files of its own.
useCompileCache();
const { start } = await import('./start-window.ts');
process.exitCode = await start(process.argv.slice(2));
