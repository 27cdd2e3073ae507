import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hostMessageSchema } from '../../../electron/contract/pages/page-messages.ts';
import { prepareApplication, runApplication } from '../../../electron/shell/electron/application.ts';
import { agentOptions } from '../../../electron/shell/electron/command-line.ts';
import { findInstallation } from '../../../electron/shell/electron/installation.ts';
import { builtWindow, ownFolder } from './host-rig.ts';
import { RecordingContents, RecordingElectron, StoppableEvent } from './recording-electron.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
/** An installed application: the pages in its archive's place, the program beside it. */
function installed(): { application: string; resources: string } {
  const resources = ownFolder();
  const application = join(resources, 'app');
  mkdirSync(join(application, 'out'), { recursive: true });
  symlinkSync(builtWindow(), join(application, 'out', 'window'));
  writeFileSync(join(application, 'package.json'), '{"version":"0.1.0"}');
  mkdirSync(join(resources, 'program', 'runtime'), { recursive: true });
  symlinkSync(join(root, 'electron'), join(resources, 'program', 'electron'));
  symlinkSync(process.execPath, join(resources, 'program', 'runtime', 'node'));
  return { application, resources };
}

describe('before Electron is ready', () => {
  it('every process is sandboxed, and no name can be looked up', () => {
    const recording = new RecordingElectron();
    expect(prepareApplication(recording.electron)).toBe(true);
    expect(recording.app.calls).toEqual([['requestSingleInstanceLock'], ['enableSandbox']]);
    expect(recording.app.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND');
    expect(recording.app.switches.get('force-webrtc-ip-handling-policy')).toBe('disable_non_proxied_udp');
    expect([...recording.app.switches.keys()]).toEqual(
      expect.arrayContaining([
        'disable-background-networking',
        'disable-component-update',
        'disable-breakpad',
      ]),
    );
    expect([...recording.app.switches.keys()].filter((name) => /sandbox|security|debug/.test(name))).toEqual(
      [],
    );
  });

  it('a second program ends, and the first one shows its window', () => {
    const recording = new RecordingElectron();
    recording.app.firstInstance = false;
    expect(prepareApplication(recording.electron)).toBe(false);
    expect(recording.app.calls).toEqual([['requestSingleInstanceLock'], ['exit', 0]]);
    expect(recording.schemes).toEqual([]);
  });

  it.each(['remote-debugging-port', 'no-sandbox', 'disable-web-security', 'ssl-key-log-file', 'inspect'])(
    'the installed program does not run with --%s',
    (name) => {
      const recording = new RecordingElectron();
      recording.app.given.add(name);
      const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      try {
        expect(prepareApplication(recording.electron)).toBe(false);
        expect(said).toHaveBeenCalledWith(`buletin: --${name} is refused\n`);
      } finally {
        said.mockRestore();
      }
      expect(recording.app.calls).toEqual([['exit', 78]]);
    },
  );

  it('trust is refused: certificates, client certificates, passwords', () => {
    const recording = new RecordingElectron();
    prepareApplication(recording.electron);
    const answers: unknown[][] = [];
    const callback = (...args: unknown[]) => void answers.push(args);
    for (const name of ['certificate-error', 'select-client-certificate', 'login']) {
      const event = new StoppableEvent();
      const between = name === 'certificate-error' ? [{}, 'https://x', 'E', {}] : [{}, 'https://x', {}];
      recording.app.emit(name, event, ...between, callback);
      expect(event.defaultPrevented, name).toBe(true);
    }
    expect(answers).toEqual([[false], [], []]);
  });

  it('whatever web contents come to be are kept where they are', () => {
    const recording = new RecordingElectron();
    prepareApplication(recording.electron);
    const contents = new RecordingContents();
    recording.app.emit('web-contents-created', new StoppableEvent(), contents);
    const event = new StoppableEvent();
    contents.emit('will-navigate', event);
    expect(event.defaultPrevented).toBe(true);
    expect(contents.openHandler?.({})).toEqual({ action: 'deny' });
  });

  it('nothing in the host reports crashes, opens addresses or registers global channels', () => {
    const folder = join(root, 'electron', 'shell', 'electron');
    const sources = [
      ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
      readFileSync(join(root, 'electron', 'main.ts'), 'utf8'),
      readFileSync(join(root, 'electron', 'preload.ts'), 'utf8'),
    ].join('\n');
    expect(sources).toContain('openPageChannel');
    for (const word of [
      'crashReporter',
      'openExternal(',
      'ipcMain',
      'remote.',
      'executeJavaScript',
      'autoUpdater',
    ])
      expect(sources, word).not.toContain(word);
  });
});

describe('the command line of the window', () => {
  it('hands on our options and leaves the others to Chromium', () => {
    expect(agentOptions([])).toEqual({});
    expect(agentOptions(['--sandbox', '--lang=ro', '--reader=ACS 0', 'file.pdf'])).toEqual({
      sandbox: 'eid',
      reader: 'ACS 0',
    });
    expect(agentOptions(['--sandbox=2025:last-try', '--settings=/etc/b.json', '--module='])).toEqual({
      sandbox: '2025:last-try',
      settings: '/etc/b.json',
    });
  });
});

describe('the installation', () => {
  it("has a Node of its own beside the archive; the environment's is not asked", () => {
    const { application, resources } = installed();
    const place = { application, resources, packaged: true, platform: 'linux' } as const;
    expect(findInstallation({ ...place, environment: { BULETIN_NODE: '/evil' } })).toEqual({
      pages: join(application, 'out', 'window'),
      preload: join(application, 'out', 'electron', 'preload.cjs'),
      program: {
        node: join(resources, 'program', 'runtime', 'node'),
        entry: join(resources, 'program', 'electron', 'engine', 'agent', 'main.ts'),
      },
      version: '0.1.0',
    });
    rmSync(join(resources, 'program', 'runtime', 'node'));
    expect(() => findInstallation({ ...place, environment: {} })).toThrow(/runtime.node is missing/);
  });

  it('uses the Node that npm runs while Buletin is developed', () => {
    const place = { application: root, resources: '/none', packaged: false, platform: 'linux' } as const;
    expect(() => findInstallation({ ...place, environment: {} })).toThrow('BULETIN_NODE');
    const found = findInstallation({ ...place, environment: { BULETIN_NODE: process.execPath } });
    expect(found.program.node).toBe(process.execPath);
  });
});

describe('the application on the double', () => {
  it.skipIf(process.platform === 'win32')(
    'runs a real agent with the Node beside it, and tells it to go',
    async () => {
      const { application, resources } = installed();
      const recording = new RecordingElectron();
      const { app } = recording;
      app.appPath = application;
      const home = process.env.XDG_CONFIG_HOME;
      process.env.XDG_CONFIG_HOME = join(resources, 'config');
      try {
        await runApplication(recording.electron, {
          argv: ['buletin', '--sandbox'],
          env: process.env,
          platform: 'linux',
          resourcesPath: resources,
          hostVersion: '45.4.1',
        });
      } finally {
        if (home === undefined) delete process.env.XDG_CONFIG_HOME;
        else process.env.XDG_CONFIG_HOME = home;
      }
      expect(recording.menu).toBeNull();
      const contents = recording.windows[0]?.webContents;
      if (!contents) throw new Error('no window');
      const told = () =>
        contents.mainFrame.sent.map(([, text]) => hostMessageSchema.parse(JSON.parse(text as string)));
      contents.say('buletin:from-page', '{"type":"hello"}');
      const welcome = told()[0];
      expect(welcome).toMatchObject({
        type: 'welcome',
        page: 'main',
        host: { kind: 'electron', hostVersion: '45.4.1', version: '0.1.0' },
      });
      await vi.waitFor(() => expect(told().some(({ type }) => type === 'agent-up')).toBe(true), 20_000);
      const up = told().find((message) => message.type === 'agent-up');
      expect(up?.type === 'agent-up' && up.snapshot.sandbox).toBe(true);
      app.emit('window-all-closed');
      // The first request to quit waits for the agent, the second one goes through.
      await vi.waitFor(() => expect(app.calls.filter(([name]) => name === 'quit')).toHaveLength(2), 10_000);
    },
  );
});
