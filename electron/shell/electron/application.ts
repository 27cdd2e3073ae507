/** The Electron host from start to end. */
import type { App } from 'electron';
import { AgentSupervisor } from '../../client/supervisor.ts';
import { Shell } from '../pages/shell.ts';
import type { ShellLog } from '../pages/shell-services.ts';
import { agentOptions, ownSwitches, refusedSwitches } from './command-line.ts';
import { ElectronHost } from './electron-host.ts';
import type { ElectronModule } from './electron-module.ts';
import { findInstallation } from './installation.ts';
import { ownScheme } from './own-pages.ts';
import { confine } from './page-policy.ts';

export interface ApplicationProcess {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly resourcesPath: string;
  /** Of Electron. */
  readonly hostVersion: string;
}

const log: ShellLog = (line) => void process.stderr.write(`buletin: ${line}\n`);

/**
 * Everything that must be set before Electron is ready.
 * @returns whether the application may go on: false for a second one, and for one that was started with its walls down
 */
export function prepareApplication({ app, protocol }: ElectronModule): boolean {
  const refused = app.isPackaged
    ? refusedSwitches.find((name) => app.commandLine.hasSwitch(name))
    : undefined;
  if (refused !== undefined) {
    log(`--${refused} is refused`);
    app.exit(78);
    return false;
  }
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return false;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([ownScheme]);
  for (const [name, value] of ownSwitches) app.commandLine.appendSwitch(name, value);
  refuseTrust(app);
  // Whoever makes a web contents, and however: it stays where it is.
  app.on('web-contents-created', (_event, contents) => confine(contents));
  return true;
}

/** No remote party is ever trusted, shown a certificate or told a password. */
function refuseTrust(app: App): void {
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
    event.preventDefault();
    callback(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, callback) => {
    event.preventDefault();
    callback();
  });
  app.on('login', (event, _contents, _details, _authInfo, callback) => {
    event.preventDefault();
    callback();
  });
}

/** Opens the window and runs the agent until the last window is closed. */
export async function runApplication(electron: ElectronModule, process: ApplicationProcess): Promise<void> {
  const { app, Menu, nativeTheme } = electron;
  if (!prepareApplication(electron)) return;
  const parts = findInstallation({
    application: app.getAppPath(),
    resources: process.resourcesPath,
    packaged: app.isPackaged,
    platform: process.platform,
    environment: process.env,
  });
  const agent = new AgentSupervisor({
    program: parts.program,
    ...agentOptions(process.argv.slice(app.isPackaged ? 1 : 2)),
  });
  await app.whenReady();
  // macOS takes its shortcuts for copying from the menu; elsewhere there is nothing to put into one.
  Menu.setApplicationMenu(
    process.platform === 'darwin'
      ? Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }])
      : null,
  );
  const host: ElectronHost = new ElectronHost({
    electron,
    info: {
      kind: 'electron',
      hostVersion: process.hostVersion,
      platform: process.platform,
      version: parts.version,
    },
    pages: parts.pages,
    preload: parts.preload,
    production: app.isPackaged,
    log,
    connect: (options) => shell.connect(options),
    dropped: (paths) => void shell.dropped(paths).catch(() => log('what was dropped could not be read')),
  });
  const shell: Shell = new Shell({ agent, host, log });
  nativeTheme.themeSource = shell.settings.theme;
  shell.onSettings(({ theme }) => {
    nativeTheme.themeSource = theme;
  });
  endTogether(app, shell, agent);
  app.on('second-instance', () => host.showMainWindow());
  app.on('activate', () => host.showMainWindow());
  host.showMainWindow();
  agent.start().catch(() => log('the agent did not start'));
}

/** The agent is told to wipe and go before the application ends. */
function endTogether(app: App, shell: Shell, agent: AgentSupervisor): void {
  let ending = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    if (ending) return;
    event.preventDefault();
    ending = true;
    shell.close();
    void agent.stop().finally(() => app.quit());
  });
}
