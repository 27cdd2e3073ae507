import { describe, expect, it } from 'vitest';
import { somePrompt } from '../pages/page-pipe.ts';
import { startHost } from './host-rig.ts';

/** Typed by hand from Electron's security checklist; every one is named, whatever Electron's default may be. */
const hardened = {
  preload: '/app/out/electron/preload.cjs',
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  webgl: false,
  enableWebSQL: false,
  spellcheck: false,
  navigateOnDragDrop: false,
  enableDeprecatedPaste: false,
  disableDialogs: true,
  safeDialogs: true,
  autoplayPolicy: 'document-user-activation-required',
  devTools: false,
};

describe("Electron's windows", () => {
  it('open the main page hardened, in a session in memory of its own', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    const { options, webContents } = rig.window(0);
    expect(options).toMatchObject({ width: 1280, height: 800, minWidth: 1024, minHeight: 768, show: false });
    const { session, ...preferences } = options.webPreferences ?? {};
    expect(preferences).toEqual(hardened);
    expect(session).toBe(rig.session('main'));
    expect(rig.session('main').partition).not.toMatch(/^persist:/);
    expect(rig.session('main').options).toEqual({ cache: false });
    expect(webContents.loaded).toEqual(['buletin://app/index.html']);
  });

  it('open the PIN page hardened, on top, out of recordings, in another process', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    rig.host.openPinWindow(somePrompt(), () => undefined);
    const { options, webContents, calls } = rig.window(1);
    expect(options).toMatchObject({ width: 420, height: 560, resizable: false, alwaysOnTop: true });
    expect(options).toMatchObject({ minimizable: false, maximizable: false, fullscreenable: false });
    expect(options.parent).toBe(rig.window(0));
    const { session, ...preferences } = options.webPreferences ?? {};
    expect(preferences).toEqual(hardened);
    expect(session).toBe(rig.session('pin'));
    expect(session).not.toBe(rig.session('main'));
    expect(calls).toContainEqual(['setContentProtection', true]);
    expect(webContents.loaded).toEqual(['buletin://pin/pin.html']);
  });

  it('make the PIN window as much larger as its letters are, and no larger than the main window', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    rig.host.openPinWindow(somePrompt(), () => undefined, 125);
    rig.host.openPinWindow(somePrompt(), () => undefined, 200);
    expect(rig.window(1).options).toMatchObject({ width: 525, height: 700 });
    expect(rig.window(2).options).toMatchObject({ width: 840, height: 800 });
  });

  it('have developer tools while Buletin is developed, and only then', () => {
    const rig = startHost({ production: false });
    rig.host.showMainWindow();
    expect(rig.window(0).options.webPreferences?.devTools).toBe(true);
  });

  it('tell when the person closed the PIN window, and end it with its process', () => {
    const rig = startHost();
    let closed = 0;
    rig.host.openPinWindow(somePrompt(), () => {
      closed += 1;
    });
    rig.window(0).webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(rig.window(0).isDestroyed()).toBe(true);
    expect(closed).toBe(1);
    const second = rig.host.openPinWindow(somePrompt(), () => undefined);
    second.close();
    second.close();
    expect(rig.window(1).isDestroyed()).toBe(true);
  });

  it('load the main page again after a crash, but not for ever', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    const { webContents } = rig.window(0);
    const crash = () => webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    crash();
    crash();
    crash();
    expect(webContents.reloads).toBe(3);
    // One page for the first load and one for each of the others; only the last is still there.
    expect(rig.pages.map(({ gone }) => gone)).toEqual([true, true, true, false]);
    crash();
    expect(webContents.reloads).toBe(3);
    expect(rig.window(0).isDestroyed()).toBe(true);
  });

  it('are one main window, brought to the front when asked for again', () => {
    const rig = startHost();
    rig.host.showMainWindow();
    rig.host.showMainWindow();
    expect(rig.recording.windows).toHaveLength(1);
    expect(rig.window(0).calls).toEqual([['restore'], ['show'], ['focus']]);
    rig.window(0).destroy();
    rig.host.showMainWindow();
    expect(rig.recording.windows).toHaveLength(2);
  });
});

describe("the system's dialogs", () => {
  const { signal } = new AbortController();

  it('ask for PDF files, and keep none of it in the list of recent ones', async () => {
    const rig = startHost();
    rig.host.showMainWindow();
    rig.recording.chosen = ['/home/ana/a.pdf'];
    expect(await rig.host.chooseDocuments(rig.window(0), signal)).toEqual(['/home/ana/a.pdf']);
    expect(rig.recording.dialogs[0]).toEqual([
      'open',
      rig.window(0),
      {
        properties: ['openFile', 'multiSelections', 'dontAddToRecent'],
        filters: [{ name: 'PDF', extensions: ['pdf'] }],
      },
    ]);
    rig.recording.chosen = [];
    expect(await rig.host.chooseDocuments(rig.window(0), signal)).toEqual([]);
  });

  it('ask where to save, and give nothing once the page has cancelled', async () => {
    const rig = startHost();
    rig.host.showMainWindow();
    const target = { name: 'Vehicule.csv', extension: 'csv' } as const;
    expect(await rig.host.chooseTarget(rig.window(0), target, signal)).toBeNull();
    rig.recording.target = '/home/ana/Vehicule.csv';
    expect(await rig.host.chooseTarget(rig.window(0), target, signal)).toBe('/home/ana/Vehicule.csv');
    expect(rig.recording.dialogs[0]?.[2]).toMatchObject({
      defaultPath: 'Vehicule.csv',
      filters: [{ name: 'CSV', extensions: ['csv'] }],
    });
    expect(await rig.host.chooseTarget(rig.window(0), target, AbortSignal.abort())).toBeNull();
  });

  it('ask in plain text, and take everything but the one button as a no', async () => {
    const rig = startHost();
    rig.host.showMainWindow();
    const question = { title: 't', message: 'm', lines: ['a', '<b>'], yes: 'Do it', no: 'Leave it' };
    expect(await rig.host.confirm(rig.window(0), question, signal)).toBe(false);
    rig.recording.pressed = 1;
    expect(await rig.host.confirm(rig.window(0), question, signal)).toBe(true);
    expect(rig.recording.dialogs[0]).toMatchObject([
      'question',
      expect.anything(),
      { message: 'm', detail: 'a\n<b>', buttons: ['Leave it', 'Do it'], defaultId: 0, cancelId: 0 },
    ]);
  });

  it('print with a question first, and make A4 of a page', async () => {
    const rig = startHost();
    rig.host.showMainWindow();
    expect(await rig.host.print(rig.window(0))).toBe(true);
    expect(rig.window(0).webContents.printed[0]).toMatchObject({ silent: false });
    expect(Buffer.from(await rig.host.pdfOf(rig.window(0))).toString()).toBe('%PDF-');
    expect(rig.window(0).webContents.printed[1]).toMatchObject({ pageSize: 'A4' });
    await rig.host.showInFolder('/home/ana/a.signed.pdf');
    expect(rig.recording.shown).toEqual(['/home/ana/a.signed.pdf']);
  });
});
