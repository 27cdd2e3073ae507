/** Electron Forge's configuration; its parts and their reasons stand in `build/packaging/forge.ts`. */
import { buildElectron } from './build/electron.ts';
import { forgeConfig } from './build/packaging/forge.ts';
import { buildWindow } from './build/window.ts';

export default forgeConfig({
  // For builders without a network.
  electronZips: process.env.BULETIN_ELECTRON_ZIPS,
  build: async () => {
    await buildWindow();
    await buildElectron();
  },
});
