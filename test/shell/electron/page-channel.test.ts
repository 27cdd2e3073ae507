import { describe, expect, it } from 'vitest';
import { somePrompt } from '../pages/page-pipe.ts';
import { type HostRig, startHost } from './host-rig.ts';
import { RecordingFrame } from './recording-electron.ts';

const fromPage = 'buletin:from-page';

function openMain(): HostRig {
  const rig = startHost();
  rig.host.showMainWindow();
  return rig;
}

const page = (rig: HostRig, index = 0) => {
  const found = rig.pages[index];
  if (!found) throw new Error(`no page ${index}`);
  return found;
};

describe('the talk with a page', () => {
  it('passes what the main frame of our own page says, and answers it', () => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    webContents.say(fromPage, '{"type":"hello"}');
    expect(page(rig).heard).toEqual(['{"type":"hello"}']);
    page(rig).port.send('{"type":"welcome"}');
    expect(webContents.mainFrame.sent).toEqual([['buletin:to-page', '{"type":"welcome"}']]);
    expect(rig.log).toEqual([]);
  });

  it.each<[string, (main: RecordingFrame) => RecordingFrame | null]>([
    ['a frame that is gone', () => null],
    ['a detached frame', (main) => main.but({ detached: true })],
    ['a frame inside the page', (main) => main.but({ parent: main, frameToken: 'inner' })],
    ['the main frame of another window', (main) => main.but({ frameToken: 'other' })],
    ['a frame of another process', (main) => main.but({ processId: 8 })],
    ['a foreign origin', (main) => main.but({ origin: 'https://example.org' })],
    ['an opaque origin', (main) => main.but({ origin: 'null' })],
    ["the PIN page's origin", (main) => main.but({ origin: 'buletin://pin' })],
    ['another document of our origin', (main) => main.but({ url: 'buletin://app/assets/x.svg' })],
  ])('refuses %s, and says so without its words', (_name, change) => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    webContents.say(fromPage, 'SECRET', change(webContents.mainFrame));
    webContents.say('buletin:dropped', ['/SECRET.pdf'], change(webContents.mainFrame));
    expect(page(rig).heard).toEqual([]);
    expect(rig.dropped).toEqual([]);
    expect(rig.log).toHaveLength(2);
    expect(rig.log.join()).not.toContain('SECRET');
  });

  it('ends with the document: what the old one says is not heard by the new one', () => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    webContents.reload();
    expect(rig.pages).toHaveLength(2);
    expect(page(rig, 0).gone).toBe(true);
    webContents.say(fromPage, 'again');
    expect(page(rig, 0).heard).toEqual([]);
    expect(page(rig, 1).heard).toEqual(['again']);
    page(rig, 0).port.send('late');
    expect(webContents.mainFrame.sent).toEqual([]);
  });

  it('stays when the page only moves inside itself', () => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    webContents.emit('did-start-navigation', {
      isMainFrame: true,
      isSameDocument: true,
      url: 'buletin://app/index.html#/data',
    });
    webContents.mainFrame.url = 'buletin://app/index.html#/data';
    webContents.say(fromPage, 'x');
    expect(page(rig).heard).toEqual(['x']);
    expect(page(rig).gone).toBe(false);
  });

  it('is not taken up by a document that should never have been loaded, nor told to it', () => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    const { port } = page(rig);
    webContents.mainFrame = new RecordingFrame('https://example.org/');
    port.send('for us');
    expect(webContents.mainFrame.sent).toEqual([]);
    webContents.navigate('https://example.org/');
    webContents.say(fromPage, 'x');
    expect(rig.pages).toHaveLength(1);
    expect(page(rig).heard).toEqual([]);
    expect(page(rig).gone).toBe(true);
  });

  it('ends when the process has gone and when the window is closed', () => {
    const rig = startHost();
    rig.host.openPinWindow(somePrompt(), () => undefined);
    rig.host.openPinWindow(somePrompt(), () => undefined);
    rig.window(0).webContents.emit('render-process-gone', {}, { reason: 'oom' });
    rig.window(1).destroy();
    expect(rig.pages.map(({ gone }) => gone)).toEqual([true, true]);
  });

  it('takes dropped files from the main page only, and only a list of paths', () => {
    const rig = openMain();
    const { webContents } = rig.window(0);
    for (const no of ['x', [1], [''], ['a\0b'], { length: 1 }, Array.from({ length: 1001 }, () => '/a.pdf')])
      webContents.say('buletin:dropped', no);
    expect(rig.dropped).toEqual([]);
    webContents.say('buletin:dropped', ['/home/ana/a.pdf']);
    expect(rig.dropped).toEqual([['/home/ana/a.pdf']]);
    rig.host.openPinWindow(somePrompt(), () => undefined);
    rig.window(1).webContents.say('buletin:dropped', ['/home/ana/b.pdf']);
    expect(rig.dropped).toHaveLength(1);
  });
});
