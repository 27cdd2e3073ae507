/** Entry point of Electron's main process. Built to `out/electron/main.js`: Electron does not read TypeScript. */
import * as electron from 'electron';
import { runApplication } from './shell/electron/application.ts';

runApplication(electron, {
  argv: process.argv,
  env: process.env,
  platform: process.platform,
  resourcesPath: process.resourcesPath,
  hostVersion: process.versions.electron,
}).catch((error: unknown) => {
  process.stderr.write(`buletin: ${error instanceof Error ? error.message : 'did not start'}\n`);
  electron.app.exit(70);
});
